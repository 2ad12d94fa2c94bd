package memory

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/pocketcheck/pocketcheck/reference"
)

var _ reference.Rewriter = (*Store)(nil)

// Rewrite changes all rows at once.
func (s *Store) Rewrite(_ context.Context, change func(*reference.Rows) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	rows := s.rows()
	if err := change(&rows); err != nil {
		return err
	}
	if err := rows.Check(); err != nil {
		return fmt.Errorf("rewrite the store: %w", err)
	}
	next := Within(s.capacity)
	next.lastID = max(s.lastID, highest(rows))
	s.version(&rows, next)
	if err := next.place(rows); err != nil {
		return fmt.Errorf("rewrite the store: %w", err)
	}
	// What is no more than there was may stay, however much that is.
	if n := len(next.assets); n > s.capacity.Assets && n > len(s.assets) || next.bytes > s.capacity.Bytes && next.bytes > s.bytes {
		return fmt.Errorf("rewrite the store with %d assets of %d bytes: %w", n, next.bytes, reference.ErrFull)
	}
	s.content = next.content
	return nil
}

// rows is a copy of all, in the order of creation where that is known.
func (s *Store) rows() reference.Rows {
	rows := reference.Rows{Seed: reference.Seed{DagActions: slices.Clone(s.dagActions)}}
	for _, id := range slices.Sorted(maps.Keys(s.users)) {
		rows.Users = append(rows.Users, cloneUser(s.users[id]))
	}
	for hash, user := range s.keys {
		rows.Keys = append(rows.Keys, reference.UserKey{Hash: hash, UserID: user})
	}
	slices.SortFunc(rows.Keys, func(a, b reference.UserKey) int {
		return cmp.Or(cmp.Compare(a.UserID, b.UserID), bytes.Compare(a.Hash[:], b.Hash[:]))
	})
	for _, id := range slices.Sorted(maps.Keys(s.projects)) {
		rows.Projects = append(rows.Projects, s.projects[id])
	}
	members := map[string][]string{}
	byNumber := func(a, b *asset) int { return cmp.Compare(a.row.Number, b.row.Number) }
	for _, a := range slices.SortedFunc(maps.Values(s.assets), byNumber) {
		rows.Assets = append(rows.Assets, cloneAsset(a.row))
		rows.Comments = append(rows.Comments, a.comments...)
		rows.Media = append(rows.Media, a.media...)
		rows.Runs = append(rows.Runs, a.runs...)
		rows.Events = append(rows.Events, a.events...)
		for _, id := range s.collectionsOf[a.row.ID] {
			members[id] = append(members[id], a.row.ID)
		}
	}
	for _, id := range s.collectionIDs {
		c := cloneCollection(s.collections[id])
		c.AssetIDs = members[id]
		rows.Collections = append(rows.Collections, c)
	}
	return rows
}

// version gives each asset that is not as it was a version that none had before: who
// read it before must not write over it.
func (s *Store) version(rows *reference.Rows, next *Store) {
	rows.Assets = slices.Clone(rows.Assets)
	for i := range rows.Assets {
		a, then := &rows.Assets[i], reference.Asset{}
		if there, ok := s.assets[a.ID]; ok {
			then = there.row
		}
		if a.Version = then.Version; !reflect.DeepEqual(*a, then) {
			a.Version = max(next.number(), then.Version+1)
		}
	}
}

// highest is the highest id that rows have.
func highest(rows reference.Rows) int64 {
	var id int64
	for _, a := range rows.Assets {
		id = max(id, a.Number)
	}
	for _, c := range rows.Comments {
		id = max(id, c.ID)
	}
	for _, m := range rows.Media {
		id = max(id, m.ID)
	}
	for _, run := range rows.Runs {
		id = max(id, run.ID)
	}
	for _, e := range rows.Events {
		id = max(id, e.ID)
	}
	return id
}
