package postgres

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/pocketcheck/pocketcheck/reference"
)

// What PostgreSQL has no place for at the moment, and what it gave up for the sake of
// others, by their codes.
var (
	crowded  = []string{"53300", "57P03"}          // too_many_connections, cannot_connect_now
	givenUp  = []string{"40001", "40P01", "55P03"} // serialization_failure, deadlock_detected, lock_not_available
	noText   = "22021"                             // character_not_in_repertoire
	attempts = 5
)

func code(err error) string {
	if told, ok := errors.AsType[*pgconn.PgError](err); ok {
		return told.Code
	}
	return ""
}

// acquire takes a connection, and waits while PostgreSQL has too many.
func acquire(ctx context.Context, pool *pgxpool.Pool) (*pgxpool.Conn, error) {
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		conn, err := pool.Acquire(ctx)
		if err == nil || !slices.Contains(crowded, code(err)) {
			return conn, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil, err
		}
	}
}

// list collects the rows that a query finds.
func list[T any](ctx context.Context, s *Store, scan pgx.RowToFunc[T], query string, args ...any) ([]T, error) {
	conn, err := acquire(ctx, s.reads)
	if err != nil {
		return nil, s.named(err)
	}
	defer conn.Release()
	rows, _ := conn.Query(ctx, query, args...) // the collector returns the error
	all, err := pgx.CollectRows(rows, scan)
	if isNoText(err) {
		return nil, nil
	}
	return all, s.named(err)
}

// one is the row that a query finds, or [reference.ErrNotFound].
func one[T any](ctx context.Context, s *Store, scan pgx.RowToFunc[T], query string, args ...any) (T, error) {
	all, err := list(ctx, s, scan, query, args...)
	if err == nil && len(all) == 0 {
		err = reference.ErrNotFound
	}
	if err != nil {
		return *new(T), err
	}
	return all[0], nil
}

// write runs a statement, which is a transaction of its own, while no other writes to its
// asset, and scans its one row into results. Without a row it is [pgx.ErrNoRows].
func (s *Store) write(ctx context.Context, assetID string, results []any, statement string, args ...any) error {
	return s.writeIn(ctx, true, assetID, results, statement, args...)
}

// writeIn is write, alone or while another writes to the asset.
func (s *Store) writeIn(ctx context.Context, isAlone bool, assetID string, results []any, statement string, args ...any) error {
	end, err := s.turns.take(ctx, assetID, isAlone)
	if err != nil {
		return err
	}
	defer end()
	return s.change(ctx, func(conn *pgxpool.Conn) error {
		return conn.QueryRow(ctx, statement, args...).Scan(results...)
	})
}

// change runs what is done in one transaction, and again what PostgreSQL gave up.
func (s *Store) change(ctx context.Context, do func(*pgxpool.Conn) error) error {
	var err error
	for range attempts {
		var conn *pgxpool.Conn
		if conn, err = acquire(ctx, s.writes); err != nil {
			return s.named(err)
		}
		err = do(conn)
		conn.Release()
		if !slices.Contains(givenUp, code(err)) || ctx.Err() != nil {
			break
		}
	}
	return s.named(collision(err))
}

// collision makes a violation of uniqueness [reference.ErrTaken], and what was given
// up each time [reference.ErrConflict].
func collision(err error) error {
	broken, ok := errors.AsType[*pgconn.PgError](err)
	switch {
	case ok && broken.ConstraintName == "external_key_taken":
		return reference.ErrTaken
	case slices.Contains(givenUp, code(err)):
		return errors.Join(reference.ErrConflict, err)
	}
	return err
}

// found makes the absence of a row [reference.ErrNotFound].
func found(err error) error {
	if errors.Is(err, pgx.ErrNoRows) || isNoText(err) {
		return reference.ErrNotFound
	}
	return err
}

// isNoText tells that a text is none to PostgreSQL, since U+0000 is in it: as an
// id, no row has it.
func isNoText(err error) bool { return code(err) == noText }

// happening is the events of a write, as its statement takes them after the asset's id:
// of each the user, the type, and when.
func happening(assetID string, events []reference.Event, args ...any) []any {
	users, types, times := make([]int64, len(events)), make([]string, len(events)), make([]time.Time, len(events))
	for i, e := range events {
		users[i], types[i], times[i] = e.UserID, e.Type, e.CreatedAt
	}
	return append([]any{assetID, users, types, times}, args...)
}

// What statements that write to one asset have in common, after what has changed: the
// asset's id, and for a document its version.
const (
	happened = `happened AS (
			INSERT INTO events (asset_id, user_id, type, created_at)
			SELECT changed.id, e.user_id, e.type, e.created_at
			FROM changed, unnest($2::bigint[], $3::text[], $4::timestamptz[]) WITH ORDINALITY e (user_id, type, created_at, n)
			ORDER BY e.n)`
	pended            = pendedAs + `'assets'` + pendedFrom
	pendedCollections = pendedAs + `'collections'` + pendedFrom

	pendedAs   = `pended AS (INSERT INTO pending (collection, id, version, due) SELECT `
	pendedFrom = `, id, version, now() + interval '5s' FROM changed ORDER BY id
			ON CONFLICT (collection, id) DO UPDATE SET version = excluded.version, attempts = 0, due = excluded.due)`
)
