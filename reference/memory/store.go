// Package memory is a [reference.Store] in maps: what it holds is gone with
// the process.
package memory

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/pocketcheck/pocketcheck/reference"
)

// Store is a [reference.Store]; make one with [New].
type Store struct {
	capacity reference.Capacity
	mu       sync.Mutex
	content
}

// content is all that a store holds.
type content struct {
	bytes         int64 // that rows take
	users         map[int64]reference.User
	keys          map[reference.KeyHash]int64
	guests        []guest // the next to go first
	dagActions    []reference.DagAction
	projects      map[string]reference.Project
	collections   map[string]reference.Collection
	collectionIDs []string            // in the order of creation
	collectionsOf map[string][]string // by asset, in the order of creation
	assets        map[string]*asset
	externalIDs   map[string]string // the asset that has each
	lastID        int64             // of all rows that are numbered here
}

// asset is an asset with all that goes when it goes.
type asset struct {
	row      reference.Asset
	comments []reference.Comment
	media    []reference.Media
	runs     []reference.DagActionRun
	events   []reference.Event
	bytes    int // that all of it takes

	commentTexts, mediaTexts int // bytes of text that they have
}

// New returns an empty store.
func New() *Store { return Within(reference.DefaultCapacity) }

// Within returns an empty store that keeps no more than capacity.
func Within(capacity reference.Capacity) *Store {
	return &Store{capacity: capacity, content: content{
		users:         map[int64]reference.User{},
		keys:          map[reference.KeyHash]int64{},
		projects:      map[string]reference.Project{},
		collections:   map[string]reference.Collection{},
		collectionsOf: map[string][]string{},
		assets:        map[string]*asset{},
		externalIDs:   map[string]string{},
	}}
}

var (
	_ reference.Store     = (*Store)(nil)
	_ reference.Glancer   = (*Store)(nil)
	_ reference.Immediate = (*Store)(nil)
)

// Immediate tells that no method waits for anything.
func (s *Store) Immediate() {}

// number is the id of a new row. Who calls it holds the lock.
func (s *Store) number() int64 {
	s.lastID++
	return s.lastID
}

// Insert stores the rows that are not there yet.
func (s *Store) Insert(_ context.Context, rows reference.Seed) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.insertable(rows); err != nil {
		return err
	}
	s.insertUsers(rows)
	s.insertAssets(rows)
	for _, c := range rows.Collections {
		s.insertCollection(c)
	}
	return nil
}

// insertUsers inserts what is no asset's: users and keys, DAG actions, projects.
func (s *Store) insertUsers(rows reference.Seed) {
	for _, u := range rows.Users {
		if _, ok := s.users[u.ID]; !ok {
			s.addUser(u)
		}
	}
	for _, k := range rows.Keys {
		s.keys[k.Hash] = k.UserID
	}
	for _, d := range rows.DagActions {
		if !slices.ContainsFunc(s.dagActions, func(known reference.DagAction) bool { return known.ID == d.ID }) {
			s.dagActions = append(s.dagActions, d)
		}
	}
	for _, p := range rows.Projects {
		if _, ok := s.projects[p.ID]; !ok {
			s.projects[p.ID] = p
			s.bytes += sizeOfProject(p)
			s.receive(p.Until, guest{project: p.ID})
		}
	}
}

// insertable refuses rows of which one can't be stored, before any is.
func (s *Store) insertable(rows reference.Seed) error {
	keys, externalIDs := map[reference.KeyHash]int64{}, map[string]string{}
	for _, k := range rows.Keys {
		for _, owners := range []map[reference.KeyHash]int64{s.keys, keys} {
			if owner, ok := owners[k.Hash]; ok && owner != k.UserID {
				return fmt.Errorf("insert a key of user %d, which user %d has: %w", k.UserID, owner, reference.ErrTaken)
			}
		}
		keys[k.Hash] = k.UserID
	}
	for _, a := range rows.Assets {
		if _, there := s.assets[a.ID]; there || a.ExternalID == nil {
			continue
		}
		if owner, ok := externalIDs[*a.ExternalID]; s.taken(a) || ok && owner != a.ID {
			return fmt.Errorf("insert asset %q with external id %q: %w", a.ID, *a.ExternalID, reference.ErrTaken)
		}
		externalIDs[*a.ExternalID] = a.ID
	}
	return s.roomFor(rows)
}

// roomFor refuses rows for which there is none.
func (s *Store) roomFor(rows reference.Seed) error {
	assets, bytes := len(s.assets), s.bytes
	for _, a := range rows.Assets {
		if _, there := s.assets[a.ID]; !there {
			assets, bytes = assets+1, bytes+int64(assetTakes+sizeOfAsset(a))
		}
	}
	bytes += int64(childTakes * (len(rows.Events) + len(rows.Collections) + len(rows.Projects) + len(rows.DagActions)))
	if assets > s.capacity.Assets || bytes > s.capacity.Bytes {
		return fmt.Errorf("insert %d assets: %w", len(rows.Assets), reference.ErrFull)
	}
	return nil
}

func (s *Store) insertAssets(rows reference.Seed) {
	added := map[string]bool{}
	for _, a := range rows.Assets {
		if _, ok := s.assets[a.ID]; !ok {
			s.add(a)
			added[a.ID] = true
		}
	}
	for _, e := range rows.Events {
		if added[e.AssetID] {
			s.happened(s.assets[e.AssetID], e)
		}
	}
}

func (s *Store) insertCollection(c reference.Collection) {
	if _, ok := s.collections[c.ID]; ok {
		return
	}
	c.CreatedDate, c.ModificationDate = kept(c.CreatedDate), kept(c.ModificationDate)
	s.collections[c.ID] = cloneCollection(c)
	s.collectionIDs = append(s.collectionIDs, c.ID)
	s.bytes += sizeOfCollection(c)
	s.receive(c.Until, guest{collection: c.ID})
	for _, id := range c.AssetIDs {
		s.collectionsOf[id] = append(s.collectionsOf[id], c.ID)
	}
}

// DagActions returns all.
func (s *Store) DagActions(context.Context) ([]reference.DagAction, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.dagActions), nil
}

// Project returns one.
func (s *Store) Project(_ context.Context, id string) (reference.Project, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.projects[id]
	if !ok {
		return reference.Project{}, fmt.Errorf("find project %q: %w", id, reference.ErrNotFound)
	}
	return p, nil
}

// Collections returns those that have the asset.
func (s *Store) Collections(_ context.Context, assetID string) ([]reference.Collection, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []reference.Collection
	for _, id := range s.collectionsOf[assetID] {
		all = append(all, cloneCollection(s.collections[id]))
	}
	return all, nil
}

func cloneCollection(c reference.Collection) reference.Collection {
	c.Tags, c.AssetIDs = slices.Clone(c.Tags), nil
	return c
}
