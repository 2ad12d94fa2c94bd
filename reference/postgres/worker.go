package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/pocketcheck/pocketcheck/reference"
)

// often and rarely are how long the worker waits between looks: rarely while the
// database or the index is away. A document waits so, too.
const often, rarely = time.Second, 30 * time.Second

// work looks after the index until ctx ends.
func (s *Store) work(ctx context.Context) {
	wait := often
	for {
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return
		}
		if time.Since(s.room.counted) > countEvery {
			_ = s.countAssets(ctx) // it is tried again soon
		}
		switch err := s.lookAfter(ctx); {
		case err == nil:
			wait = often
		case ctx.Err() == nil:
			wait = min(2*wait, rarely)
			s.log.WarnContext(ctx, "documents are pending", "retry_in", wait.String(), "error", err)
		}
	}
}

func (s *Store) lookAfter(ctx context.Context) error {
	if err := s.identify(ctx); err != nil { // another process may have given a new one
		return err
	}
	for k, ids := range s.stale.take() {
		if err := s.pendStale(ctx, k, ids); err != nil {
			return err
		}
	}
	return s.repair(ctx)
}

// pendStale makes pending what the index did not have as it is, and still has not. What
// is pending is on its way.
func (s *Store) pendStale(ctx context.Context, k kind, ids []string) error {
	for begin := 0; begin < len(ids); begin += batch {
		wrong, err := s.differing(ctx, k, ids[begin:min(begin+batch, len(ids))])
		if err != nil {
			return err
		}
		err = s.change(ctx, func(conn *pgxpool.Conn) error {
			_, err := conn.Exec(ctx, pendRows(k, `WHERE id = ANY($2)`), string(k), wrong)
			return err
		})
		if err != nil {
			return fmt.Errorf("store what is pending: %w", err)
		}
	}
	return nil
}

// pendRows is the statement that makes rows of a kind, its first argument, pending.
func pendRows(k kind, which string) string {
	return `INSERT INTO pending (collection, id, version, due)
		SELECT $1, id, version, now() FROM ` + string(k) + ` ` + which + ` ORDER BY id ON CONFLICT DO NOTHING`
}

// differing are those of the documents that the index has not as PostgreSQL has them.
func (s *Store) differing(ctx context.Context, k kind, ids []string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, attempt)
	defer cancel()
	rows, err := s.kept(ctx, k, ids)
	if err != nil {
		return nil, err
	}
	has, err := s.in(ctx, s.collection(k), ids)
	if err != nil {
		return nil, err
	}
	var wrong []string
	for _, r := range rows {
		if !bytes.Equal(has[r.ID].Source, r.Source) {
			wrong = append(wrong, r.ID)
		}
	}
	return wrong, nil
}

// in gives what a collection has of documents, by their ids.
func (s *Store) in(ctx context.Context, collection string, ids []string) (map[string]reference.Document, error) {
	found, err := s.index.Get(ctx, collection, ids...)
	has := map[string]reference.Document{}
	for _, d := range found {
		has[d.ID] = d
	}
	return has, err
}

// repair brings to the index what is due.
func (s *Store) repair(ctx context.Context) error {
	for ctx.Err() == nil {
		n, err := s.repairBatch(ctx)
		if n < batch || err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (s *Store) repairBatch(ctx context.Context) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, attempt)
	defer cancel()
	documents, err := s.lease(ctx)
	if err != nil || len(documents) == 0 {
		return 0, err
	}
	s.retries.Add(int64(len(documents)))
	stored, err := s.put(ctx, documents)
	if len(stored) > 0 {
		done, refusing := s.verify(ctx, stored)
		err = errors.Join(err, refusing, s.settle(ctx, done))
		s.log.InfoContext(ctx, "pending documents repaired", "count", len(done))
	}
	return len(documents), err
}

// lease takes documents that are due, as they are by now, and puts off their next
// attempt, whoever makes it: the longer, the more there were.
func (s *Store) lease(ctx context.Context) ([]document, error) {
	const statement = `
		WITH leased AS (
			UPDATE pending SET attempts = attempts + 1, due = now() + least($2::interval * (1 << least(attempts, 16)), $3::interval)
			WHERE (collection, id) IN (
				SELECT collection, id FROM pending WHERE due <= now() ORDER BY due LIMIT $1 FOR UPDATE SKIP LOCKED)
			RETURNING collection, id, version
		)
		SELECT l.collection, l.id, coalesce(a.version, c.version, l.version), coalesce(a.source, c.source)
		FROM leased l
		LEFT JOIN assets a ON l.collection = 'assets' AND a.id = l.id
		LEFT JOIN collections c ON l.collection = 'collections' AND c.id = l.id`
	var documents []document
	err := s.change(ctx, func(conn *pgxpool.Conn) error {
		rows, _ := conn.Query(ctx, statement, batch, often, rarely) // the collector returns the error
		var err error
		documents, err = pgx.CollectRows(rows, pgx.RowToStructByPos[document])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find pending documents: %w", err)
	}
	return documents, nil
}

// verify gives those of the documents that the index has as they are, after it has
// taken them. It ignores what has a lower version than its own, which it got from a
// database that this one was restored from, or from a later time that this one has
// lost: such documents get a version above that, with which they are put again soon.
func (s *Store) verify(ctx context.Context, documents []document) ([]document, error) {
	ids := map[kind][]string{}
	for _, d := range documents {
		ids[d.Kind] = append(ids[d.Kind], d.ID)
	}
	has := map[kind]map[string]reference.Document{}
	for k, ids := range ids {
		var err error
		if has[k], err = s.in(ctx, s.collection(k), ids); err != nil {
			return nil, err
		}
	}
	var right []document
	var problems []error
	for _, d := range documents {
		is := has[d.Kind][d.ID]
		if bytes.Equal(is.Source, d.Source) {
			right = append(right, d)
		} else if err := s.raise(ctx, d, is.Version); err != nil {
			problems = append(problems, err)
		}
	}
	return right, errors.Join(problems...)
}

// leap is how much higher a version gets than one that was too low, since what the
// index remembers of a deletion can't be seen: more than are lost by a restore.
const leap = 1 << 24

// farthest is the highest version that another is raised above. No database comes so far
// by itself, and none must come to the end of its versions by what an index has.
const farthest = 1 << 62

// raise gives a document a version above another, unless it has changed by now.
func (s *Store) raise(ctx context.Context, d document, above int64) error {
	statement := `
		WITH raised AS (
			SELECT setval('versions', greatest($3::bigint, v.last_value) + $4) FROM versions v
			WHERE EXISTS (SELECT FROM pending WHERE collection = $5 AND id = $1 AND version <= $2)
		), changed AS (
			UPDATE ` + string(d.Kind) + ` SET version = raised.setval FROM raised WHERE id = $1 AND version = $2
		)
		UPDATE pending SET version = raised.setval, due = now() FROM raised WHERE collection = $5 AND id = $1 AND version <= $2`
	if above > farthest {
		return fmt.Errorf(`the index has version %d of %q, which no database reaches; "pocketcheck reindex" without --missing makes it anew`, above, d.ID)
	}
	isRaised := false
	err := s.change(ctx, func(conn *pgxpool.Conn) error {
		done, err := conn.Exec(ctx, statement, d.ID, d.Version, above, int64(leap), string(d.Kind))
		isRaised = done.RowsAffected() > 0
		return err
	})
	if err != nil {
		return fmt.Errorf("raise the version of %q: %w", d.ID, err)
	}
	if !isRaised {
		return nil
	}
	s.log.InfoContext(ctx, "the index has a later version of a document than PostgreSQL; it gets a new one", "id", d.ID, "version", d.Version, "index", above)
	return nil
}
