package postgres

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

// TestPending: how long something waits follows from how often it was tried.
func TestPending(t *testing.T) {
	t.Parallel()
	s := openStore(t, newDatabase(t), reference.DefaultCapacity)
	s.Close()
	s = idle(t, s)
	has, err := s.Pending(t.Context())
	require.NoError(t, err)
	assert.Zero(t, has)
	for _, tt := range []struct {
		id       string
		attempts int
		due      string // in so long
		least    time.Duration
	}{
		{"fresh", 0, "5s", 0},
		{"late", 0, "-3s", 3 * time.Second},
		{"tried three times", 3, "4s", 3 * time.Second},
		{"tried nine times", 9, "0s", 151 * time.Second},
	} {
		_, err := s.writes.Exec(t.Context(), `INSERT INTO pending (collection, id, version, due, attempts)
			VALUES ('assets', $1, 1, now() + $2::interval, $3)`, tt.id, tt.due, tt.attempts)
		require.NoError(t, err)
		has, err = s.Pending(t.Context())
		require.NoError(t, err)
		assert.GreaterOrEqual(t, has.Oldest, tt.least, tt.id)
		assert.Less(t, has.Oldest, tt.least+time.Minute, tt.id)
	}
	assert.EqualValues(t, 4, has.Documents)
}

// idle is a store like one that is closed, which looks after nothing.
func idle(t *testing.T, closed *Store) *Store {
	t.Helper()
	s, err := opened(t.Context(), closed.writes.Config(), closed.index, Options{Log: closed.log})
	require.NoError(t, err)
	t.Cleanup(s.closePools)
	return s
}

// TestCheckSchema: tables of another version are told.
func TestCheckSchema(t *testing.T) {
	t.Parallel()
	s := openStore(t, newDatabase(t), reference.DefaultCapacity)
	t.Cleanup(s.Close)
	require.NoError(t, s.Ping(t.Context()))
	require.NoError(t, s.CheckSchema(t.Context()))
	_, err := s.writes.Exec(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, true)`)
	require.NoError(t, err)
	require.ErrorContains(t, s.CheckSchema(t.Context()), "the tables are of version 99, and this program knows those up to ")
	s.closePools()
	require.ErrorContains(t, s.Ping(t.Context()), "PostgreSQL at ")
}
