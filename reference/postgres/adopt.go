package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// adopt fetches the documents that an earlier version kept in the index alone, under
// the identity of then.
func (s *Store) adopt(ctx context.Context) error {
	former, err := one(ctx, s, pgx.RowTo[string], `SELECT coalesce(former::text, '') FROM identity`)
	if err != nil {
		return fmt.Errorf("read the identity of the database: %w", err)
	}
	for _, k := range []kind{assets, collections} {
		if err := s.adoptAll(ctx, k, "pocketcheck-"+former+"-"+string(k)); err != nil {
			return fmt.Errorf("fetch the documents that an earlier version kept in Elasticsearch alone: %w", err)
		}
	}
	return nil
}

func (s *Store) adoptAll(ctx context.Context, k kind, from string) error {
	query := `SELECT id FROM ` + string(k) + ` WHERE source IS NULL AND id > $1 ORDER BY id LIMIT $2`
	wanted, had := 0, 0
	for last := ""; ; {
		ids, err := list(ctx, s, pgx.RowTo[string], query, last, batch)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			break
		}
		last = ids[len(ids)-1]
		n, err := s.adoptBatch(ctx, k, from, ids)
		if err != nil {
			return err
		}
		wanted, had = wanted+len(ids), had+n
	}
	if wanted > 0 {
		s.log.InfoContext(ctx, "fetched documents that an earlier version kept in the index alone", "kind", k, "count", had, "index", from)
	}
	if lost := wanted - had; lost > 0 {
		s.log.WarnContext(ctx, "the index has lost documents that were in it alone; requests for them fail until their rows are deleted", "kind", k, "count", lost)
	}
	return nil
}

// adoptBatch returns how many of the documents there were.
func (s *Store) adoptBatch(ctx context.Context, k kind, from string, ids []string) (int, error) {
	found, err := s.index.Get(ctx, from, ids...)
	if err != nil {
		return 0, err
	}
	var had, sources []string
	var digests [][]byte
	for _, d := range found {
		had, sources, digests = append(had, d.ID), append(sources, string(d.Source)), append(digests, digest(d.Source))
	}
	statement := `
		WITH changed AS (
			UPDATE ` + string(k) + ` SET source = had.source::json, digest = had.digest
			FROM unnest($1::text[], $2::text[], $3::bytea[]) AS had (id, source, digest)
			WHERE ` + string(k) + `.id = had.id AND ` + string(k) + `.source IS NULL RETURNING had.id, version
		)
		INSERT INTO pending (collection, id, version, due) SELECT $4, id, version, now() FROM changed ORDER BY id
		ON CONFLICT DO NOTHING`
	return len(had), s.change(ctx, func(conn *pgxpool.Conn) error {
		_, err := conn.Exec(ctx, statement, had, sources, digests, string(k))
		return err
	})
}
