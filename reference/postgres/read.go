package postgres

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/pocketcheck/pocketcheck/reference"
)

// row is what a table says of a document.
type row struct {
	ID      string
	Number  int64 // of an asset
	Version int64
	Digest  []byte
	Source  []byte // as read, for which see [Store.fill]
}

// scanRow reads id, number, version, digest.
func scanRow(from pgx.CollectableRow) (row, error) {
	var r row
	err := from.Scan(&r.ID, &r.Number, &r.Version, &r.Digest)
	return r, err
}

// errLost is a document that an earlier version kept in the index alone, which has it
// no more.
var errLost = errors.New("its document was lost before PostgreSQL had it")

// fill gives the rows their sources: what the index has by their digests, and what it
// has not from PostgreSQL, with what else the row says by now. A row that is gone by
// now has none.
func (s *Store) fill(ctx context.Context, k kind, rows []row) error {
	wanted := map[string]int{}
	var ids []string
	for i, r := range rows {
		wanted[r.ID] = i
		ids = append(ids, r.ID)
	}
	if len(ids) == 0 {
		return nil
	}
	found, isThere := s.ofReaders(ctx, k, ids)
	for _, d := range found {
		if i, ok := wanted[d.ID]; ok && bytes.Equal(digest(d.Source), rows[i].Digest) {
			rows[i].Source = d.Source
			delete(wanted, d.ID)
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	if isThere {
		for id := range wanted {
			s.stale.add(k, id)
		}
	}
	return s.fillKept(ctx, k, rows, wanted)
}

// ofReaders gives what the index has of what a reader wants, if it is there.
func (s *Store) ofReaders(ctx context.Context, k kind, ids []string) (found []reference.Document, isThere bool) {
	if k == assets && len(ids) == 1 {
		return s.fromIndex(ctx, ids[0])
	}
	return s.indexed(ctx, k, ids)
}

// fillKept replaces the rows that are wanted, by their places, as PostgreSQL has them.
func (s *Store) fillKept(ctx context.Context, k kind, rows []row, wanted map[string]int) error {
	kept, err := s.kept(ctx, k, slices.Collect(maps.Keys(wanted)))
	for _, r := range kept {
		if r.Source == nil {
			return errLost
		}
		r.Number = rows[wanted[r.ID]].Number // which never changes
		rows[wanted[r.ID]] = r
	}
	return err
}

// kept gives the rows with their sources, as PostgreSQL has them.
func (s *Store) kept(ctx context.Context, k kind, ids []string) ([]row, error) {
	query := `SELECT id, version, digest, source FROM ` + string(k) + ` WHERE id = ANY($1)`
	return list(ctx, s, scanKept, query, ids)
}

// scanKept reads id, version, digest, source.
func scanKept(from pgx.CollectableRow) (row, error) {
	var r row
	err := from.Scan(&r.ID, &r.Version, &r.Digest, &r.Source)
	return r, err
}

const (
	// inTime is how long the index has to give what PostgreSQL has, too.
	inTime = 500 * time.Millisecond
	// awayFor is how long it is not asked after it gave nothing.
	awayFor = time.Second
)

// presence is whether the index answers. The zero value is that it does.
type presence struct {
	isAway atomic.Bool
	until  atomic.Int64 // not asked before then: nanoseconds since 1970
}

func (p *presence) isAsked() bool {
	return !p.isAway.Load() || time.Now().UnixNano() > p.until.Load()
}

// indexed gives what the index has, if it is there.
func (s *Store) indexed(ctx context.Context, k kind, ids []string) (found []reference.Document, isThere bool) {
	if !s.presence.isAsked() {
		return nil, false
	}
	limited, cancel := context.WithTimeout(ctx, inTime)
	defer cancel()
	found, err := s.index.Get(limited, s.collection(k), ids...)
	switch {
	case err == nil:
		if s.presence.isAway.CompareAndSwap(true, false) {
			s.log.InfoContext(ctx, "the index answers again")
		}
	case ctx.Err() == nil: // it is not the caller who went
		s.presence.until.Store(time.Now().Add(awayFor).UnixNano())
		if s.presence.isAway.CompareAndSwap(false, true) {
			s.log.WarnContext(ctx, "the index does not answer; documents are read from PostgreSQL", "error", err)
		}
	}
	return found, err == nil
}

// staleKept is how many documents are remembered that the index did not have as they
// are: the others are noticed when they are read again.
const staleKept = 10_000

// stale is which documents the index did not have as they are. The zero value is that
// there are none.
type stale struct {
	mu  sync.Mutex
	ids map[kind]map[string]bool
}

func (s *stale) add(k kind, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ids == nil {
		s.ids = map[kind]map[string]bool{assets: {}, collections: {}}
	}
	if len(s.ids[k]) < staleKept {
		s.ids[k][id] = true
	}
}

// take gives them, by kind, and forgets them.
func (s *stale) take() map[kind][]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[kind][]string{}
	for k, ids := range s.ids {
		for id := range ids {
			all[k] = append(all[k], id)
		}
	}
	s.ids = nil
	return all
}
