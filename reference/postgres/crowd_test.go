package postgres

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

// openServer opens a reference on a database, with what it has recorded since.
func openServer(t *testing.T, address string) (*reference.Server, *Store, *recorder) {
	t.Helper()
	s, asked := openRecorded(t, address, &unsteady{documents: map[string]reference.Document{}})
	server, err := reference.New(s, reference.Options{
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		Seed: reference.Seed{
			Users:      []reference.User{{ID: author.ID, Email: author.Email, Permissions: []string{reference.ActionsView, reference.ActionsStart}}},
			Keys:       []reference.UserKey{{Hash: reference.HashKey(key), UserID: author.ID}},
			Assets:     []reference.Asset{{ID: "a", Title: "A"}, {ID: "b", Title: "B"}},
			DagActions: []reference.DagAction{{ID: 1}},
			Projects:   []reference.Project{{ID: "p"}},
		},
	})
	require.NoError(t, err)
	return server, s, asked
}

// statusOf is the status of an answer.
func statusOf(t *testing.T, server http.Handler, method, path, body string) int {
	r := httptest.NewRequestWithContext(t.Context(), method, "/api/v2/assets"+path, strings.NewReader(body))
	r.Header.Set("X-API-KEY", key)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	server.ServeHTTP(w, r)
	return w.Code
}

// together calls do with 0 to n-1 at once.
func together(n int, do func(int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { do(i) })
	}
	all.Wait()
}

// TestFewStatements: what a request asks of PostgreSQL.
func TestFewStatements(t *testing.T) {
	t.Parallel()
	address := newDatabase(t)
	server, s, asked := openServer(t, address)
	conn := connect(t, address)
	for _, path := range []string{"GET /a", "POST /a/comments"} { // the key is known, and how many comments there are
		method, path, _ := strings.Cut(path, " ")
		require.Equal(t, http.StatusOK, statusOf(t, server, method, path, `{"comment":"x"}`))
	}
	id, err := one(t.Context(), s, pgx.RowTo[int64], `SELECT id FROM comments`)
	require.NoError(t, err)
	comment := fmt.Sprint("/a/comments/", id)
	for _, tt := range []struct {
		method, path, body string
		most               int
	}{
		{"GET", "/a", "", 1},
		{"GET", "/a/file_metadata", "", 1},
		{"GET", "/a/history/0", "", 2},
		{"GET", "/a/collections", "", 2},
		{"GET", "/a/media", "", 2},
		{"GET", "/a/comments", "", 3},
		{"GET", comment, "", 3},
		{"POST", comment, `{"comment":"y"}`, 3},
		{"DELETE", comment, "", 3},
		{"POST", "/a/comments", `{"comment":"x"}`, 2},
		{"GET", "/a/dag_actions", "", 2},
		{"POST", "/a/dag_actions/1", "", 3},
		{"GET", "/a/dag_action_runs", "", 3},
		{"POST", "", `{"title":"x"}`, 1},
		{"PUT", "/a", `{"title":"x"}`, 2},
		{"POST", "/a/media", `{"file_url":"http://x/y.jpg","filename":"y.jpg"}`, 2},
		{"POST", "/a/assign", `{"to_project_id":"p"}`, 3},
		{"DELETE", "/a/unassign", "", 2},
		{"DELETE", "/a/media", "", 3},
		{"POST", "/a/trash_bin", "", 2},
		{"POST", "/a/restore", "", 2},
		{"DELETE", "/a", "", 2},
	} {
		settled(t, conn)
		asked.forget()
		require.Equal(t, http.StatusOK, statusOf(t, server, tt.method, tt.path, tt.body), tt.path)
		settled(t, conn)
		statements := asked.ofRequests()
		assert.LessOrEqual(t, len(statements), tt.most, "%s %s: %s", tt.method, tt.path, statements)
	}
}

// TestManyWritersOfOneAsset: each has its turn.
func TestManyWritersOfOneAsset(t *testing.T) {
	t.Parallel()
	server, s, _ := openServer(t, newDatabase(t))
	together(200, func(i int) {
		if i%2 == 0 {
			assert.Equal(t, http.StatusOK, statusOf(t, server, http.MethodPost, "/a/comments", `{"comment":"x"}`))
		} else {
			assert.Equal(t, http.StatusOK, statusOf(t, server, http.MethodPut, "/a", fmt.Sprintf(`{"title":"%d"}`, i)))
		}
	})
	comments, err := s.Comments(t.Context(), "a")
	require.NoError(t, err)
	assert.Len(t, comments, 100)
	assert.Empty(t, s.turns.queues, "nobody waits any more")
}

// TestLockedRow: who waits for it keeps nobody else from an answer, and is answered
// once it is free.
func TestLockedRow(t *testing.T) {
	t.Parallel()
	address := newDatabase(t)
	server, s, _ := openServer(t, address)
	tx, err := connect(t, address).Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), `SELECT FROM assets WHERE id = 'a' FOR UPDATE`)
	require.NoError(t, err)
	var waiting sync.WaitGroup
	waiting.Go(func() {
		together(100, func(int) {
			assert.Equal(t, http.StatusOK, statusOf(t, server, http.MethodPost, "/a/comments", `{"comment":"x"}`))
		})
	})
	require.Eventually(t, func() bool {
		s.turns.mu.Lock()
		defer s.turns.mu.Unlock()
		q := s.turns.queues["a"]
		return q != nil && q.count == 100
	}, time.Minute, time.Millisecond)
	for range 5 {
		assert.Equal(t, http.StatusOK, statusOf(t, server, http.MethodGet, "/a", ""))
		assert.Equal(t, http.StatusOK, statusOf(t, server, http.MethodPost, "/b/comments", `{"comment":"x"}`))
	}
	assert.LessOrEqual(t, s.writes.Stat().AcquiredConns(), int32(atOnce))
	require.NoError(t, tx.Rollback(t.Context()))
	waiting.Wait()
}

// TestTooManyClients: those that PostgreSQL has no room for wait until it has.
func TestTooManyClients(t *testing.T) {
	t.Parallel()
	address := newDatabase(t)
	config, err := pgx.ParseConfig(address)
	require.NoError(t, err)
	_, s, _ := openServer(t, address)
	s.Close()
	role := connect(t, address) // whose own connection counts
	_, err = role.Exec(t.Context(), `ALTER DATABASE `+config.Database+` CONNECTION LIMIT 5`)
	require.NoError(t, err)
	const limited = `CREATE ROLE %[1]s LOGIN PASSWORD 'x'; ALTER DATABASE %[1]s OWNER TO %[1]s; GRANT ALL ON ALL TABLES IN SCHEMA public TO %[1]s;
		GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO %[1]s`
	_, err = role.Exec(t.Context(), fmt.Sprintf(limited, config.Database))
	require.NoError(t, err)
	user := strings.Replace(address, address[strings.Index(address, "://"):strings.Index(address, "@")], "://"+config.Database+":x", 1)
	few, s, _ := openServer(t, user)

	together(30, func(i int) {
		assert.Equal(t, http.StatusOK, statusOf(t, few, http.MethodGet, "/a", ""))
		assert.Equal(t, http.StatusOK, statusOf(t, few, http.MethodPost, "/a/comments", `{"comment":"x"}`))
	})
	assert.LessOrEqual(t, s.writes.Stat().TotalConns()+s.reads.Stat().TotalConns(), int32(5))
}

// TestSettingsAreItsOwn, whatever the database has.
func TestSettingsAreItsOwn(t *testing.T) {
	t.Parallel()
	address := newDatabase(t)
	config, err := pgx.ParseConfig(address)
	require.NoError(t, err)
	_, err = connect(t, address).Exec(t.Context(), `ALTER DATABASE `+config.Database+` SET default_transaction_isolation = 'serializable'`)
	require.NoError(t, err)
	server, s, _ := openServer(t, address)
	isolation, err := one(t.Context(), s, pgx.RowTo[string], `SELECT current_setting('transaction_isolation')`)
	require.NoError(t, err)
	assert.Equal(t, "read committed", isolation)
	together(50, func(i int) {
		assert.Equal(t, http.StatusOK, statusOf(t, server, http.MethodPut, "/a", fmt.Sprintf(`{"title":"%d"}`, i)))
	})
}

// TestTrashIsEmptiedBatchByBatch, and one that has an external id by itself.
func TestTrashIsEmptiedBatchByBatch(t *testing.T) {
	t.Parallel()
	address := newDatabase(t)
	server, s, _ := openServer(t, address)
	conn := connect(t, address)
	_, err := conn.Exec(t.Context(), `
		INSERT INTO assets (id, version, external_key, deleted, source, digest)
		SELECT 'due-' || n, nextval('versions'), sha256(('external-' || n)::bytea), '2000-01-01', '{}', sha256('{}') FROM generate_series(1, 1000) n`)
	require.NoError(t, err)
	due := func() int {
		n, err := one(t.Context(), s, pgx.RowTo[int], `SELECT count(*) FROM assets WHERE deleted IS NOT NULL`)
		require.NoError(t, err)
		return n
	}
	assert.Equal(t, http.StatusOK, statusOf(t, server, http.MethodPost, "", `{"title":"x","external_id":"external-7"}`))
	assert.Equal(t, 999, due())
	n, err := s.DeleteTrashed(context.Background(), time.Now(), nil)
	require.NoError(t, err)
	assert.Equal(t, purged, n)
	_, err = server.Purge(t.Context())
	require.NoError(t, err)
	assert.Zero(t, due())
	settled(t, conn)
}
