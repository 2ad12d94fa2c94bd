package metrics_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/cmd/pocketcheck/metrics"
	"github.com/pocketcheck/pocketcheck/reference/postgres"
)

// told is a store that tells what a test says.
type told struct {
	pool    *pgxpool.Pool
	pending postgres.Pending
	retries int64
	err     error
}

func (s *told) Pools() (reads, writes *pgxpool.Stat)              { return s.pool.Stat(), s.pool.Stat() }
func (s *told) Pending(context.Context) (postgres.Pending, error) { return s.pending, s.err }
func (s *told) Retries() int64                                    { return s.retries }

func tells(t *testing.T) *told {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), "postgres://127.0.0.1:1/none?pool_max_conns=7") // nobody connects
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	return &told{pool: pool}
}

// asked gives what Prometheus gets.
func asked(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", http.NoBody))
	require.Equal(t, http.StatusOK, w.Code)
	return w.Body.String()
}

// TestNames are as Prometheus would have them.
func TestNames(t *testing.T) {
	t.Parallel()
	m := metrics.New(tells(t))
	m.Answered("", 200, time.Second)
	problems, err := promlint.New(strings.NewReader(asked(t, m))).Lint()
	require.NoError(t, err)
	assert.Empty(t, problems)
}

// TestEachMoves: what happens is counted, where it belongs.
func TestEachMoves(t *testing.T) {
	t.Parallel()
	store := tells(t)
	m := metrics.New(store)
	before := asked(t, m)
	for _, line := range []string{
		"pocketcheck_purge_runs_total 0", "pocketcheck_purge_failures_total 0", "pocketcheck_purge_deleted_assets_total 0",
		"pocketcheck_outbox_documents 0", "pocketcheck_outbox_oldest_age_seconds 0", "pocketcheck_outbox_retries_total 0",
		`pocketcheck_postgresql_max_connections{pool="read"} 7`, `pocketcheck_postgresql_connections{pool="write",state="idle"} 0`,
		`pocketcheck_postgresql_acquires_total{pool="read"} 0`, `pocketcheck_postgresql_acquire_waits_total{pool="write"} 0`,
		`pocketcheck_postgresql_acquire_wait_seconds_total{pool="read"} 0`, `pocketcheck_postgresql_acquires_canceled_total{pool="read"} 0`,
		"go_goroutines ", "process_start_time_seconds ",
	} {
		assert.Contains(t, before, "\n"+line)
	}
	const get = "GET /api/v2/assets/:asset_id"
	m.Answered(get, 200, 2*time.Millisecond)
	m.Answered(get, 499, 2*time.Second)
	m.Answered("", 404, time.Millisecond)
	m.Purged(3, nil)
	m.Purged(1, errors.New("away"))
	store.pending, store.retries = postgres.Pending{Documents: 5, Oldest: 90 * time.Second}, 8
	after := asked(t, m)
	for _, line := range []string{
		`pocketcheck_http_requests_total{endpoint="` + get + `",status="200"} 1`,
		`pocketcheck_http_requests_total{endpoint="` + get + `",status="499"} 1`,
		`pocketcheck_http_requests_total{endpoint="other",status="404"} 1`,
		`pocketcheck_http_request_duration_seconds_bucket{endpoint="` + get + `",le="0.0025"} 1`,
		`pocketcheck_http_request_duration_seconds_count{endpoint="` + get + `"} 2`,
		"pocketcheck_purge_runs_total 2", "pocketcheck_purge_failures_total 1", "pocketcheck_purge_deleted_assets_total 4",
		"pocketcheck_outbox_documents 5", "pocketcheck_outbox_oldest_age_seconds 90", "pocketcheck_outbox_retries_total 8",
	} {
		assert.Contains(t, after, "\n"+line)
	}
}

// TestDatabaseThatIsAway leaves out what only it knows.
func TestDatabaseThatIsAway(t *testing.T) {
	t.Parallel()
	store := tells(t)
	store.err = errors.New("away")
	text := asked(t, metrics.New(store))
	assert.Contains(t, text, "pocketcheck_outbox_retries_total 0")
	assert.NotContains(t, text, "pocketcheck_outbox_documents ")
	assert.NotContains(t, asked(t, metrics.New(nil)), "postgresql", "in memory there is none")
}
