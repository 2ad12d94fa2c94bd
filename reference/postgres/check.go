package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/pocketcheck/pocketcheck/reference"
)

// sampled is how many documents are compared at the start.
const sampled = 100

// compareSample looks at some documents, from anywhere on, and tells when the index has
// not what PostgreSQL has.
func (s *Store) compareSample(ctx context.Context) error {
	const query = `
		SELECT id FROM assets WHERE id >= $1 AND source IS NOT NULL
		AND NOT EXISTS (SELECT FROM pending p WHERE p.collection = 'assets' AND p.id = assets.id)
		ORDER BY id LIMIT $2`
	ids, err := list(ctx, s, pgx.RowTo[string], query, rand.Text()[:2], sampled)
	if err == nil && len(ids) < sampled {
		ids, err = list(ctx, s, pgx.RowTo[string], query, "", sampled)
	}
	if err != nil || len(ids) == 0 {
		return err
	}
	wrong, err := s.differing(ctx, assets, ids)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		s.log.WarnContext(ctx, `the index lacks documents, or has others; "pocketcheck reindex --missing" puts it right, and so does each reading`,
			"looked at", len(ids), "wrong", len(wrong))
	}
	return nil
}

// Inspection compares a database with its index, and puts the index right; make one with
// [Inspect]. Stores may serve at the same time.
type Inspection struct {
	s      *Store
	isCopy bool // it has no identity of its own yet
}

// Inspect connects as [Open] does, to a database whose tables are up to date.
func Inspect(ctx context.Context, url string, index reference.Index, log *slog.Logger) (*Inspection, error) {
	config, err := configOf(url)
	if err != nil {
		return nil, err
	}
	s, err := opened(ctx, config, index, Options{Log: log})
	if err != nil {
		return nil, err
	}
	if err = s.ping(ctx); err == nil {
		err = s.named(s.checkTables(ctx))
	}
	var is identity
	if err == nil {
		is, err = s.readIdentity(ctx)
	}
	if err != nil {
		s.closePools()
		return nil, err
	}
	s.identity.Store(&is.ID)
	return &Inspection{s, is.IsNew}, nil
}

// checkTables refuses the tables of others, and of other versions.
func (s *Store) checkTables(ctx context.Context) error {
	g, err := s.ground(ctx)
	if err == nil {
		err = g.checkOwn()
	}
	if err == nil && !g.has(first...) {
		err = errors.New(`it has no tables yet; "pocketcheck serve" makes them`)
	}
	if err == nil {
		err = s.CheckSchema(ctx)
	}
	return err
}

// Close closes all connections.
func (i *Inspection) Close() { i.s.closePools() }

// Difference is what an index has otherwise than its database, by ids. Lost is what an
// earlier version kept in the index alone, and neither has any more.
type Difference struct {
	Documents                     int // that PostgreSQL has
	Pending                       int // of which are on their way to the index
	Missing, Stale, Surplus, Lost []string
}

// IsNone tells that there is no difference.
func (d Difference) IsNone() bool {
	return len(d.Missing)+len(d.Stale)+len(d.Surplus)+len(d.Lost) == 0
}

// Check compares all documents, and changes nothing. What is pending is no difference.
func (i *Inspection) Check(ctx context.Context) (Difference, error) {
	if i.isCopy {
		return Difference{}, errors.New(`the database is a copy of another, or was restored, and was not served since: Elasticsearch has nothing of it; ` +
			`"pocketcheck serve" or "pocketcheck reindex" fills indices of its own`)
	}
	var d Difference
	for _, k := range []kind{assets, collections} {
		err := i.s.each(ctx, k, func(rows []row) error { return i.s.compare(ctx, k, rows, &d) })
		if err == nil {
			err = i.surplus(ctx, k, func(_ context.Context, gone []reference.Document) error {
				for _, document := range gone {
					d.Surplus = append(d.Surplus, document.ID)
				}
				return nil
			})
		}
		if err != nil {
			return Difference{}, fmt.Errorf("compare the %s: %w", k, err)
		}
	}
	return d, nil
}

// each gives all rows of a kind with their sources, some at a time.
func (s *Store) each(ctx context.Context, k kind, do func([]row) error) error {
	query := `SELECT id, version, digest, source FROM ` + string(k) + ` WHERE id > $1 ORDER BY id LIMIT $2`
	for last := ""; ; {
		rows, err := list(ctx, s, scanKept, query, last, batch)
		if err != nil || len(rows) == 0 {
			return err
		}
		last = rows[len(rows)-1].ID
		if err := do(rows); err != nil {
			return err
		}
	}
}

// compare looks a second time at what differs, since it may have been written meanwhile.
func (s *Store) compare(ctx context.Context, k kind, rows []row, d *Difference) error {
	d.Documents += len(rows)
	var ids []string
	for _, r := range rows {
		if r.Source == nil {
			d.Lost = append(d.Lost, r.ID)
		} else {
			ids = append(ids, r.ID)
		}
	}
	wrong, err := s.differing(ctx, k, ids)
	if err == nil && len(wrong) > 0 {
		wrong, err = s.differing(ctx, k, wrong)
	}
	if err != nil || len(wrong) == 0 {
		return err
	}
	pending, err := s.pending(ctx, k, wrong)
	if err != nil {
		return err
	}
	has, err := s.in(ctx, s.collection(k), wrong)
	for _, id := range wrong {
		_, isThere := has[id]
		switch {
		case slices.Contains(pending, id):
			d.Pending++
		case isThere:
			d.Stale = append(d.Stale, id)
		default:
			d.Missing = append(d.Missing, id)
		}
	}
	return err
}

// tried is how often what does not come to the index was put, for about a minute, until
// it is on its way no more.
const tried = 6

// pending are those of the ids of which something is on its way to the index.
func (s *Store) pending(ctx context.Context, k kind, ids []string) ([]string, error) {
	return list(ctx, s, pgx.RowTo[string], `SELECT id FROM pending WHERE collection = $1 AND id = ANY($2) AND attempts < $3`, string(k), ids, tried)
}

// surplus gives what the index has and PostgreSQL has not.
func (i *Inspection) surplus(ctx context.Context, k kind, do func(context.Context, []reference.Document) error) error {
	return i.s.index.Scan(ctx, i.s.collection(k), func(documents []reference.Document) error {
		var ids []string
		for _, d := range documents {
			ids = append(ids, d.ID)
		}
		has, err := list(ctx, i.s, pgx.RowTo[string], `SELECT id FROM `+string(k)+` WHERE id = ANY($1)`, ids)
		if err != nil {
			return err
		}
		pending, err := i.s.pending(ctx, k, ids)
		if err != nil {
			return err
		}
		is := map[string]bool{}
		for _, id := range slices.Concat(has, pending) {
			is[id] = true
		}
		ids = slices.DeleteFunc(ids, func(id string) bool { return is[id] })
		if len(ids) == 0 {
			return nil
		}
		// A scan may show what was deleted since it began.
		documents, err = i.s.index.Get(ctx, i.s.collection(k), ids...)
		if err != nil || len(documents) == 0 {
			return err
		}
		return do(ctx, documents)
	})
}
