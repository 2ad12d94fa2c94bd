package memory

import (
	"context"
	"fmt"
	"slices"

	"github.com/pocketcheck/pocketcheck/reference"
)

// UserByKey returns the user who has the key.
func (s *Store) UserByKey(_ context.Context, key reference.KeyHash) (reference.User, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, ok := s.keys[key]
	if !ok {
		return reference.User{}, fmt.Errorf("find the user of a key: %w", reference.ErrNotFound)
	}
	return cloneUser(s.users[id]), nil
}

// UserByEmail returns the user who has the address.
func (s *Store) UserByEmail(_ context.Context, email string) (reference.User, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := reference.User{}
	for _, u := range s.users {
		if u.Email == email && (found.ID == 0 || u.ID < found.ID) {
			found = u
		}
	}
	if found.ID == 0 {
		return reference.User{}, fmt.Errorf("find the user of an address: %w", reference.ErrNotFound)
	}
	return cloneUser(found), nil
}

// Users returns those of the ids that there are.
func (s *Store) Users(_ context.Context, ids []int64) ([]reference.User, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []reference.User
	for _, id := range ids {
		if u, ok := s.users[id]; ok {
			all = append(all, cloneUser(u))
		}
	}
	return all, nil
}

// DeleteKey deletes the key.
func (s *Store) DeleteKey(_ context.Context, key reference.KeyHash) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.keys[key]; !ok {
		return fmt.Errorf("delete a key: %w", reference.ErrNotFound)
	}
	delete(s.keys, key)
	return nil
}

func (s *Store) addUser(u reference.User) {
	u = cloneUser(u)
	s.users[u.ID] = u
	s.receive(u.Until, guest{user: u.ID})
}

func cloneUser(u reference.User) reference.User {
	u.Permissions = slices.Clone(u.Permissions)
	if u.Until != nil {
		u.Until = new(kept(*u.Until))
	}
	return u
}
