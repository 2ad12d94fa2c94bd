package memory

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/pocketcheck/pocketcheck/reference"
)

// UserByKey returns the user who has the key.
func (s *Store) UserByKey(_ context.Context, key reference.KeyHash) (reference.User, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	id, ok := s.keys[key]
	if !ok {
		return reference.User{}, fmt.Errorf("find the user of a key: %w", reference.ErrNotFound)
	}
	return cloneUser(s.users[id]), nil
}

// UserByEmail returns the user who has the address.
func (s *Store) UserByEmail(_ context.Context, email string) (reference.User, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
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
	s.mu.RLock()
	defer s.mu.RUnlock()
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
	if s.users[u.ID] = u; u.Until == nil {
		return
	}
	later, _ := slices.BinarySearchFunc(s.guests, *u.Until, func(guest reference.User, until time.Time) int {
		return cmp.Or(guest.Until.Compare(until), -1) // behind those that go with it
	})
	s.guests = slices.Insert(s.guests, later, u)
}

// DeleteUsers deletes those whose time is over, and those that are too many.
func (s *Store) DeleteUsers(_ context.Context, at time.Time, stay int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	gone := map[int64]bool{}
	for len(s.guests) > 0 && (!s.guests[0].Until.After(at) || len(s.guests) > stay) {
		gone[s.guests[0].ID] = true
		delete(s.users, s.guests[0].ID)
		s.guests = slices.Delete(s.guests, 0, 1)
	}
	if len(gone) > 0 {
		maps.DeleteFunc(s.keys, func(_ reference.KeyHash, user int64) bool { return gone[user] })
	}
	return nil
}

func cloneUser(u reference.User) reference.User {
	u.Permissions = slices.Clone(u.Permissions)
	if u.Until != nil {
		u.Until = new(kept(*u.Until))
	}
	return u
}
