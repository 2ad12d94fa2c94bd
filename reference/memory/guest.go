package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/pocketcheck/pocketcheck/reference"
)

// guest is a user, a project or a collection that goes at a time.
type guest struct {
	until               time.Time
	user                int64
	project, collection string
}

// kind tells users, projects and collections apart.
func (g guest) kind() int {
	switch {
	case g.project != "":
		return 1
	case g.collection != "":
		return 2
	}
	return 0
}

// receive notes a guest, unless there is no time when it goes. Who calls this and what
// follows holds the lock.
func (s *Store) receive(until *time.Time, g guest) {
	if until == nil {
		return
	}
	g.until = kept(*until)
	later, _ := slices.BinarySearchFunc(s.guests, g.until, func(g guest, until time.Time) int {
		return cmp.Or(g.until.Compare(until), -1) // behind those that go with it
	})
	s.guests = slices.Insert(s.guests, later, g)
}

// DeleteGuests deletes those whose time is over, and those that are too many.
func (s *Store) DeleteGuests(_ context.Context, at time.Time, stay int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var count [3]int
	for _, g := range s.guests {
		count[g.kind()]++
	}
	s.dismiss(func(g guest) bool {
		k := g.kind()
		isGone := !g.until.After(at) || count[k] > stay
		if isGone {
			count[k]--
		}
		return isGone
	})
	return nil
}

// Dismiss deletes those of the rows that are guests and that nothing but the asset uses.
func (s *Store) Dismiss(_ context.Context, rows reference.Seed, assetID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	named := map[guest]bool{}
	for _, u := range rows.Users {
		named[guest{user: u.ID}] = true
	}
	for _, p := range rows.Projects {
		named[guest{project: p.ID}] = true
	}
	for _, c := range rows.Collections {
		named[guest{collection: c.ID}] = true
	}
	s.dismiss(func(g guest) bool {
		g.until = time.Time{}
		return named[g] && !s.isUsed(g, assetID)
	})
	return nil
}

// isUsed tells whether an asset that is not in the trash bin, other than one, uses a guest.
func (s *Store) isUsed(g guest, but string) bool {
	for id, a := range s.assets {
		if id == but || a.row.Deleted != nil {
			continue
		}
		isAuthor := func(c reference.Comment) bool { return c.AuthorID == g.user }
		switch {
		case g.user != 0 && slices.ContainsFunc(a.comments, isAuthor),
			g.project != "" && a.row.ProjectID != nil && *a.row.ProjectID == g.project,
			g.collection != "" && slices.Contains(s.collectionsOf[id], g.collection):
			return true
		}
	}
	return false
}

// dismiss deletes guests, with what goes with them.
func (s *Store) dismiss(isGone func(guest) bool) {
	gone := map[int64]bool{}
	s.guests = slices.DeleteFunc(s.guests, func(g guest) bool {
		if !isGone(g) {
			return false
		}
		switch {
		case g.project != "":
			s.bytes -= sizeOfProject(s.projects[g.project])
			delete(s.projects, g.project)
		case g.collection != "":
			s.removeCollection(g.collection)
		default:
			gone[g.user] = true
			delete(s.users, g.user)
		}
		return true
	})
	if len(gone) > 0 {
		maps.DeleteFunc(s.keys, func(_ reference.KeyHash, user int64) bool { return gone[user] })
	}
}

func (s *Store) removeCollection(id string) {
	is := func(other string) bool { return other == id }
	s.bytes -= sizeOfCollection(s.collections[id])
	delete(s.collections, id)
	s.collectionIDs = slices.DeleteFunc(s.collectionIDs, is)
	for asset, ids := range s.collectionsOf {
		if slices.Contains(ids, id) {
			s.collectionsOf[asset] = slices.DeleteFunc(ids, is)
		}
	}
}
