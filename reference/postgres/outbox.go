package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/pocketcheck/pocketcheck/reference"
)

const (
	// indexers bring to the index what was written just now, each what batch writes have
	// left at once.
	indexers = 2
	batch    = 200
	// handed is how many writes may wait for them. The documents of more are left to
	// the worker, as are those that the index has not taken 5 seconds after the write.
	handed = 1000
	// attempt is how long each tries at once.
	attempt = 10 * time.Second
)

// collection is what the index calls the documents of a kind.
func (s *Store) collection(k kind) string {
	return "pocketcheck-" + *s.identity.Load() + "-" + string(k)
}

// kindOf is the kind of a collection's documents.
func kindOf(collection string) kind {
	return kind(collection[strings.LastIndexByte(collection, '-')+1:])
}

// put brings documents to the index, and returns those that need not be put again.
func (s *Store) put(ctx context.Context, documents []document) ([]document, error) {
	names := map[kind]string{assets: s.collection(assets), collections: s.collection(collections)} // of one identity
	wanted := make([]reference.Document, len(documents))
	for i, d := range documents {
		wanted[i] = reference.Document{Collection: names[d.Kind], ID: d.ID, Version: d.Version, Source: d.Source}
	}
	stored, err := s.index.Put(ctx, wanted...)
	done := make([]document, len(stored))
	for i, d := range stored {
		done[i] = document{kindOf(d.Collection), d.ID, d.Version, d.Source}
	}
	return done, err
}

// hand leaves documents that are pending to an indexer, if one has time.
func (s *Store) hand(documents ...document) {
	if len(documents) == 0 {
		return
	}
	select {
	case s.changes <- documents:
	default:
	}
}

// bring brings to the index what is handed over, as much as there is at once, until
// ctx ends.
func (s *Store) bring(ctx context.Context) {
	for writes := waiting(ctx, s.changes, batch); writes != nil; writes = waiting(ctx, s.changes, batch) {
		if s.presence.isAsked() {
			s.bringBatch(ctx, slices.Concat(writes...))
		}
	}
}

// bringBatch leaves to the worker what the index does not take, and to tell of it.
func (s *Store) bringBatch(ctx context.Context, documents []document) {
	ctx, cancel := context.WithTimeout(ctx, attempt)
	defer cancel()
	if stored, _ := s.put(ctx, documents); len(stored) > 0 {
		_ = s.settle(ctx, stored)
	}
}

// pend stores which documents the index is to get.
func pend(ctx context.Context, tx pgx.Tx, documents []document) error {
	kinds, ids, versions := columns(documents)
	_, err := tx.Exec(ctx, `
		INSERT INTO pending (collection, id, version, due)
		SELECT kind, id, version, now() + interval '5s'
		FROM unnest($1::text[], $2::text[], $3::bigint[]) AS new (kind, id, version) ORDER BY kind, id
		ON CONFLICT (collection, id) DO UPDATE SET version = excluded.version, attempts = 0, due = excluded.due`,
		kinds, ids, versions)
	if err != nil {
		return fmt.Errorf("store what is pending: %w", err)
	}
	return nil
}

func columns(documents []document) (kinds, ids []string, versions []int64) {
	for _, d := range documents {
		kinds, ids, versions = append(kinds, string(d.Kind)), append(ids, d.ID), append(versions, d.Version)
	}
	return kinds, ids, versions
}

// settle forgets pending documents that the index has. A newer one of the same
// id stays. The order of locks is everybody's, against deadlocks.
func (s *Store) settle(ctx context.Context, documents []document) error {
	kinds, ids, versions := columns(documents)
	err := s.change(ctx, func(conn *pgxpool.Conn) error {
		_, err := conn.Exec(ctx, `
			DELETE FROM pending WHERE (collection, id, version) IN (
				SELECT p.collection, p.id, p.version
				FROM pending p JOIN unnest($1::text[], $2::text[], $3::bigint[]) AS had (collection, id, version)
				ON p.collection = had.collection AND p.id = had.id AND p.version <= had.version
				ORDER BY p.collection, p.id FOR UPDATE OF p)`, kinds, ids, versions)
		return err
	})
	if err != nil {
		return fmt.Errorf("settle what is pending: %w", err)
	}
	return nil
}
