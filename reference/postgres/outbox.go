package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/pocketcheck/pocketcheck/reference"
)

const (
	// grace is how long a write has to bring its own document to the index.
	grace = 5 * time.Second
	// attempt is how long the worker tries at once.
	attempt = 10 * time.Second
	// batch is how many documents it takes at once.
	batch = 50
	// often and rarely are how long it waits between looks: rarely while the
	// database or the index is away. A document waits so, too.
	often, rarely = time.Second, 30 * time.Second
)

// pend stores documents that the index is to get.
func pend(ctx context.Context, tx pgx.Tx, documents []reference.Document) error {
	for _, d := range documents {
		_, err := tx.Exec(ctx, `
			INSERT INTO pending (collection, id, version, source, due) VALUES ($1, $2, $3, $4, now() + $5::interval)
			ON CONFLICT (collection, id) DO UPDATE
			SET version = excluded.version, source = excluded.source, attempts = 0, due = excluded.due`,
			d.Collection, d.ID, d.Version, d.Source, grace)
		if err != nil {
			return fmt.Errorf("store the pending document %s: %w", d.ID, err)
		}
	}
	return nil
}

// settle forgets pending documents that the index has. A newer one of the same
// id stays. The order of locks is everybody's, against deadlocks.
func (s *Store) settle(ctx context.Context, documents []reference.Document) error {
	var collections, ids []string
	var versions []int64
	for _, d := range documents {
		collections, ids, versions = append(collections, d.Collection), append(ids, d.ID), append(versions, d.Version)
	}
	_, err := s.pool.Exec(ctx, `
		DELETE FROM pending WHERE (collection, id, version) IN (
			SELECT p.collection, p.id, p.version
			FROM pending p JOIN unnest($1::text[], $2::text[], $3::bigint[]) AS had (collection, id, version)
			ON p.collection = had.collection AND p.id = had.id AND p.version <= had.version
			ORDER BY p.collection, p.id FOR UPDATE OF p)`, collections, ids, versions)
	if err != nil {
		return fmt.Errorf("settle pending documents: %w", err)
	}
	return nil
}

// lease takes documents that are due, and puts off their next attempt, whoever
// makes it: the longer, the more there were.
func (s *Store) lease(ctx context.Context) ([]reference.Document, error) {
	const query = `
		UPDATE pending SET attempts = attempts + 1, due = now() + least($2::interval * (1 << least(attempts, 16)), $3::interval)
		WHERE (collection, id) IN (
			SELECT collection, id FROM pending WHERE due <= now() ORDER BY due LIMIT $1 FOR UPDATE SKIP LOCKED)
		RETURNING collection, id, version, source`
	rows, _ := s.pool.Query(ctx, query, batch, often, rarely) // the collector returns the error
	documents, err := pgx.CollectRows(rows, pgx.RowToStructByPos[reference.Document])
	if err != nil {
		return nil, fmt.Errorf("find pending documents: %w", err)
	}
	return documents, nil
}

// work repairs what is pending until ctx ends.
func (s *Store) work(ctx context.Context) {
	defer close(s.done)
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
		switch err := s.repair(ctx); {
		case err == nil:
			wait = often
		case ctx.Err() == nil:
			wait = min(2*wait, rarely)
			s.log.WarnContext(ctx, "documents are pending", "retry in", wait, "error", err)
		}
	}
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
	stored, err := s.index.Put(ctx, documents...)
	if len(stored) > 0 {
		err = errors.Join(err, s.settle(ctx, stored))
		s.log.InfoContext(ctx, "pending documents repaired", "count", len(stored))
	}
	return len(documents), err
}
