package memory

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/pocketcheck/pocketcheck/reference"
)

// Asset returns one.
func (s *Store) Asset(_ context.Context, id string) (reference.Asset, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.assets[id]
	if !ok {
		return reference.Asset{}, fmt.Errorf("find asset %q: %w", id, reference.ErrNotFound)
	}
	return cloneAsset(a.row), nil
}

// Glance returns when one was moved to the trash bin.
func (s *Store) Glance(_ context.Context, id string) (*time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.assets[id]
	if !ok {
		return nil, fmt.Errorf("find asset %q: %w", id, reference.ErrNotFound)
	}
	return a.row.Deleted, nil
}

// CreateAsset stores a new one.
func (s *Store) CreateAsset(_ context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken(a) {
		return reference.Asset{}, fmt.Errorf("create an asset with external id %q: %w", *a.ExternalID, reference.ErrTaken)
	}
	if err := s.roomFor(reference.Seed{Assets: []reference.Asset{a}, Events: events}); err != nil {
		return reference.Asset{}, err
	}
	stored := s.add(a)
	s.happened(stored, events...)
	return cloneAsset(stored.row), nil
}

// UpdateAsset replaces one that nobody else has changed.
func (s *Store) UpdateAsset(_ context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	err := s.write(a.ID, events, func(stored *asset) error { return s.replace(stored, &a) })
	if err != nil {
		return reference.Asset{}, fmt.Errorf("update asset %q: %w", a.ID, err)
	}
	return a, nil
}

// DeleteAsset deletes one with all that belongs to it.
func (s *Store) DeleteAsset(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.assets[id]
	if !ok {
		return fmt.Errorf("delete asset %q: %w", id, reference.ErrNotFound)
	}
	s.remove(a)
	return nil
}

// DeleteTrashed deletes those in the trash bin since until or longer, or the one of
// them that has the external id.
func (s *Store) DeleteTrashed(_ context.Context, until time.Time, externalID *string) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	deleted := 0
	remove := func(a *asset) {
		if at := a.row.Deleted; at != nil && !at.After(until) {
			s.remove(a)
			deleted++
		}
	}
	if externalID != nil {
		if a, ok := s.assets[s.externalIDs[*externalID]]; ok {
			remove(a)
		}
		return deleted, nil
	}
	for _, a := range s.assets {
		remove(a)
	}
	return deleted, nil
}

// Events returns a page of the asset's history.
func (s *Store) Events(_ context.Context, assetID string, before int64, limit int) ([]reference.Event, error) {
	all := rows(s, assetID, func(a *asset) []reference.Event { return a.events })
	slices.Reverse(all)
	if before > 0 {
		all = slices.DeleteFunc(all, func(e reference.Event) bool { return e.ID >= before })
	}
	return all[:min(limit, len(all))], nil
}

// rows returns a copy of what belongs to an asset.
func rows[T any](s *Store, assetID string, of func(*asset) []T) []T {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a, ok := s.assets[assetID]; ok {
		return slices.Clone(of(a))
	}
	return nil
}

// write changes an asset or what belongs to it. A change that returns an error
// has changed nothing.
func (s *Store) write(assetID string, events []reference.Event, change func(*asset) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.assets[assetID]
	if !ok {
		return reference.ErrNotFound
	}
	if err := change(a); err != nil {
		return err
	}
	s.happened(a, events...)
	return nil
}

// What follows is called with the lock held.

// taken tells whether another asset has a's external id.
func (s *Store) taken(a reference.Asset) bool {
	if a.ExternalID == nil {
		return false
	}
	owner, ok := s.externalIDs[*a.ExternalID]
	return ok && owner != a.ID
}

func (s *Store) add(a reference.Asset) *asset {
	a.Number, a.Version = s.number(), 1
	return s.placeAsset(a)
}

// placeAsset stores one as it is.
func (s *Store) placeAsset(a reference.Asset) *asset {
	stored := &asset{row: cloneAsset(dated(a)), bytes: assetTakes + sizeOfAsset(a)}
	s.assets[a.ID], s.bytes = stored, s.bytes+int64(stored.bytes)
	if a.ExternalID != nil {
		s.externalIDs[*a.ExternalID] = a.ID
	}
	return stored
}

// replace stores a in place of the row it was made from, and sets a to what is
// stored.
func (s *Store) replace(stored *asset, a *reference.Asset) error {
	if stored.row.Version != a.Version {
		return reference.ErrConflict
	}
	if s.taken(*a) {
		return fmt.Errorf("external id %q: %w", *a.ExternalID, reference.ErrTaken)
	}
	if err := s.take(stored, sizeOfAsset(*a)-sizeOfAsset(stored.row)); err != nil {
		return err
	}
	if old := stored.row.ExternalID; old != nil {
		delete(s.externalIDs, *old)
	}
	if a.ExternalID != nil {
		s.externalIDs[*a.ExternalID] = a.ID
	}
	*a = dated(*a)
	a.Number, a.Version = stored.row.Number, stored.row.Version+1
	stored.row = cloneAsset(*a)
	return nil
}

func (s *Store) remove(a *asset) {
	s.bytes -= int64(a.bytes)
	delete(s.assets, a.row.ID)
	delete(s.collectionsOf, a.row.ID)
	if a.row.ExternalID != nil {
		delete(s.externalIDs, *a.row.ExternalID)
	}
}

func (s *Store) happened(a *asset, events ...reference.Event) {
	for _, e := range events {
		e.ID = s.number()
		s.note(a, e)
	}
}

// note adds an event, as it is, to an asset's history.
func (s *Store) note(a *asset, e reference.Event) {
	e.CreatedAt = kept(e.CreatedAt)
	if len(a.events) > 1 && len(a.events) >= s.capacity.Each { // the first tells of the asset's beginning
		a.events = append(slices.Delete(a.events, 1, 2), e)
		return
	}
	a.events = append(a.events, e)
	s.bytes += childTakes
	a.bytes += childTakes
}

func cloneAsset(a reference.Asset) reference.Asset {
	a.Tags = slices.Clone(a.Tags)
	return a
}

// kept is a time as a store keeps it.
func kept(at time.Time) time.Time { return at.UTC().Truncate(time.Microsecond) }

func dated(a reference.Asset) reference.Asset {
	a.CreatedDate, a.ModificationDate = kept(a.CreatedDate), kept(a.ModificationDate)
	if a.Deleted != nil {
		a.Deleted = new(kept(*a.Deleted))
	}
	return a
}
