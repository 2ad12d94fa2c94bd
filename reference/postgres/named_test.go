package postgres

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

// TestDatabaseThatIsAway is named, without user and password.
func TestDatabaseThatIsAway(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"postgres://someone:canary@127.0.0.1:1/files": "PostgreSQL at 127.0.0.1:1/files: ",
		"postgres://someone:canary@[::1]:1/files":     "PostgreSQL at [::1]:1/files: ",
	} {
		_, err := Open(t.Context(), address, nil, Options{Log: slog.New(slog.DiscardHandler)})
		require.ErrorContains(t, err, want)
		for _, never := range []string{"canary", "someone"} {
			assert.NotContains(t, err.Error(), never)
		}
	}
}

// TestErrorsNameTheDatabase, of reads and of writes, and are still what they were.
func TestErrorsNameTheDatabase(t *testing.T) {
	t.Parallel()
	address := newDatabase(t)
	s := openStore(t, address, reference.DefaultCapacity)
	t.Cleanup(s.Close)
	at, err := url.Parse(address)
	require.NoError(t, err)
	const wrong = `SELECT nothing FROM nowhere`
	_, reading := list(t.Context(), s, pgx.RowTo[int], wrong)
	writing := s.change(t.Context(), func(conn *pgxpool.Conn) error { return fails(conn.Exec(t.Context(), wrong)) })
	for _, err := range []error{reading, writing} {
		require.ErrorContains(t, err, "PostgreSQL at "+at.Host+at.Path+": ")
		_, isPostgres := errors.AsType[*pgconn.PgError](err)
		assert.True(t, isPostgres, "%v", err)
	}
	_, err = s.Asset(t.Context(), "none")
	require.ErrorIs(t, err, reference.ErrNotFound)
	assert.NotContains(t, err.Error(), "PostgreSQL at", "the database is not to blame")
}

func fails[T any](_ T, err error) error { return err }

// TestBrokenOffStatement tells that it was broken off, by which a client that hung up is told
// from a database that fails.
func TestBrokenOffStatement(t *testing.T) {
	t.Parallel()
	s := openStore(t, newDatabase(t), reference.DefaultCapacity)
	t.Cleanup(s.Close)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- fails(list(ctx, s, pgx.RowTo[string], `SELECT pg_sleep(60)::text`)) }()
	require.Eventually(t, func() bool {
		n, err := one(t.Context(), s, pgx.RowTo[int], `SELECT count(*)::int FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event = 'PgSleep'`)
		return err == nil && n == 1
	}, 10*time.Second, time.Millisecond)
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
}
