package reference

import (
	"context"
	"errors"
	"fmt"
)

// plant gives the store what it lacks of the seed, dated now. Assets and
// collections only go into a store that knows none of the seed's users: what
// was deleted since must not come back.
func (s *Server) plant(ctx context.Context, seed Seed) error {
	known, err := s.store.Users(ctx, idsOf(seed.Users))
	if err != nil {
		return err
	}
	if len(known) > 0 {
		seed.Assets, seed.Collections = nil, nil
	}
	return s.insert(ctx, seed, byEmail(seed.Users))
}

// Plant gives the store what it lacks of more rows, dated now. A row whose id is there
// stays as it is. The error is [ErrNotFound] where an asset's owner or project, or an
// asset of a collection, is neither among the rows nor in the store, [ErrTaken] where
// another has a user's id or address, a key or an external id, or [ErrFull]; then
// nothing is stored.
func (s *Server) Plant(ctx context.Context, seed Seed) error {
	owners := byEmail(seed.Users)
	err := first(s.areNobodyElse(ctx, seed.Users), s.haveOwners(ctx, seed, owners),
		s.haveProjects(ctx, seed), s.haveAssets(ctx, seed))
	if err == nil {
		err = s.insert(ctx, seed, owners)
	}
	if err != nil {
		return fmt.Errorf("plant: %w", err)
	}
	return nil
}

// insert inserts rows, dated now, with what there is to tell of the assets.
func (s *Server) insert(ctx context.Context, seed Seed, owners map[string]int64) error {
	now, assets, collections := s.now(), seed.Assets, seed.Collections
	seed.Assets, seed.Collections, seed.Events = nil, nil, nil
	for _, a := range assets {
		a.CreatedDate, a.ModificationDate = now, now
		seed.Assets = append(seed.Assets, a)
		seed.Events = append(seed.Events, Event{AssetID: a.ID, UserID: owners[a.Owner], Type: "ASSET_ADDED", CreatedAt: now})
	}
	for _, c := range collections {
		c.CreatedDate, c.ModificationDate = now, now
		seed.Collections = append(seed.Collections, c)
	}
	return s.store.Insert(ctx, seed)
}

func idsOf(users []User) (ids []int64) {
	for _, u := range users {
		ids = append(ids, u.ID)
	}
	return ids
}

// byEmail is the ids of users by their addresses.
func byEmail(users []User) map[string]int64 {
	ids := map[string]int64{}
	for _, u := range users {
		ids[u.Email] = u.ID
	}
	return ids
}

// areNobodyElse refuses users whose ids or addresses others have.
func (s *Server) areNobodyElse(ctx context.Context, users []User) error {
	there, err := s.store.Users(ctx, idsOf(users))
	if err != nil {
		return err
	}
	emails := map[int64]string{}
	for _, u := range there {
		emails[u.ID] = u.Email
	}
	for i, u := range users {
		if email, ok := emails[u.ID]; ok && email != u.Email {
			return fmt.Errorf("users[%d].id: %d: %w", i, u.ID, ErrTaken)
		}
		switch other, err := s.store.UserByEmail(ctx, u.Email); {
		case err == nil && other.ID != u.ID:
			return fmt.Errorf("users[%d].email: %q: %w", i, u.Email, ErrTaken)
		case err != nil && !errors.Is(err, ErrNotFound):
			return err
		}
	}
	return nil
}

// haveOwners finds those in the store who are not among owners, and adds them.
func (s *Server) haveOwners(ctx context.Context, seed Seed, owners map[string]int64) error {
	find := func(kind string, i int, email string) error {
		if _, ok := owners[email]; ok {
			return nil
		}
		u, err := s.store.UserByEmail(ctx, email)
		if err != nil {
			return fmt.Errorf("%s[%d].owner: %q: %w", kind, i, email, err)
		}
		owners[email] = u.ID
		return nil
	}
	for i, a := range seed.Assets {
		if err := find("assets", i, a.Owner); err != nil {
			return err
		}
	}
	for i, c := range seed.Collections {
		if err := find("collections", i, c.Owner); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) haveProjects(ctx context.Context, seed Seed) error {
	known := map[string]bool{}
	for _, p := range seed.Projects {
		known[p.ID] = true
	}
	for i, a := range seed.Assets {
		if a.ProjectID == nil || known[*a.ProjectID] {
			continue
		}
		if _, err := s.store.Project(ctx, *a.ProjectID); err != nil {
			return fmt.Errorf("assets[%d].project_id: %w", i, err)
		}
		known[*a.ProjectID] = true
	}
	return nil
}

// haveAssets finds the assets of collections.
func (s *Server) haveAssets(ctx context.Context, seed Seed) error {
	known := map[string]bool{}
	for _, a := range seed.Assets {
		known[a.ID] = true
	}
	for i, c := range seed.Collections {
		for j, id := range c.AssetIDs {
			if known[id] {
				continue
			}
			if _, err := s.assetByID(ctx, id); err != nil {
				return fmt.Errorf("collections[%d].asset_ids[%d]: %q: %w", i, j, id, err)
			}
			known[id] = true
		}
	}
	return nil
}
