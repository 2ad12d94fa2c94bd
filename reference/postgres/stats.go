package postgres

import (
	"context"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Ping asks the database whether it answers.
func (s *Store) Ping(ctx context.Context) error { return s.named(s.writes.Ping(ctx)) }

// CheckSchema tells whether the tables are still those of this version: another process may
// have brought them further. The error has the versions, and what to do.
func (s *Store) CheckSchema(ctx context.Context) error {
	has, err := one(ctx, s, pgx.RowTo[int64], `SELECT max(version_id) FROM goose_db_version WHERE is_applied`)
	if err == nil && has != newest() {
		err = otherVersion(has, newest())
	}
	return err
}

// newest is the number of the last migration that there is.
func newest() (n int64) {
	files, _ := fs.Glob(migrations, "migrations/*.sql") // the pattern is one
	for _, file := range files {
		number, _, _ := strings.Cut(strings.TrimPrefix(file, "migrations/"), "_")
		if version, err := strconv.ParseInt(number, 10, 64); err == nil {
			n = max(n, version)
		}
	}
	return n
}

// Pending is what the index is still to get.
type Pending struct {
	Documents int64
	// Oldest is how long the one that waits longest has waited for the index, at least:
	// what is written again waits anew.
	Oldest time.Duration
}

// Pending counts what the index is still to get. From attempts it follows how long they took,
// of which lease says how long it puts off each next one.
func (s *Store) Pending(ctx context.Context) (Pending, error) {
	const query = `
		SELECT count(*), coalesce(max(greatest(0, extract(epoch FROM now() - due)
			+ CASE WHEN attempts <= 5 THEN (1 << attempts) - 1 ELSE 31 + 30 * (attempts - 5) END)), 0)::float8
		FROM pending`
	return one(ctx, s, func(row pgx.CollectableRow) (Pending, error) {
		var p Pending
		var seconds float64
		err := row.Scan(&p.Documents, &seconds)
		p.Oldest = time.Duration(seconds * float64(time.Second))
		return p, err
	}, query)
}

// Pools are the numbers of the connections that read, and of those that write.
func (s *Store) Pools() (reads, writes *pgxpool.Stat) { return s.reads.Stat(), s.writes.Stat() }

// Retries is how many documents were put into the index again since the start, as it had not
// got them at once.
func (s *Store) Retries() int64 { return s.retries.Load() }
