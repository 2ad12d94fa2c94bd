package postgres

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

// BenchmarkPurge reports how many requests are answered while the trash bin is emptied,
// for each that is answered when it is not, and how long the slowest of them takes.
func BenchmarkPurge(b *testing.B) {
	c := newCost(b)
	_, err := c.pool.Exec(b.Context(), `
		INSERT INTO assets (id, version, deleted, source, digest)
		SELECT 'due-' || n, nextval('versions'), '2000-01-01', '{}', sha256('{}') FROM generate_series(1, 50000) n;
		INSERT INTO comments (asset_id, author_id, message, updated_at) SELECT 'due-' || n, 1, '', now() FROM generate_series(1, 50000) n;
		INSERT INTO events (asset_id, user_id, type, created_at) SELECT 'due-' || n, 1, 'ASSET_ADDED', now() FROM generate_series(1, 50000) n`)
	require.NoError(b, err)
	server, err := reference.New(c.store, reference.Options{})
	require.NoError(b, err)
	var slowest atomic.Int64
	mixed := func(n int) error {
		begin := time.Now()
		err := c.getAsset(n)
		if n%4 == 0 {
			err = c.ask(http.MethodPost, c.url+c.asset(n)+"/comments", `{"comment":"More sheep, please"}`)
		}
		for took, old := time.Since(begin).Nanoseconds(), slowest.Load(); took > old && !slowest.CompareAndSwap(old, took); {
			old = slowest.Load()
		}
		return err
	}
	c.perSecond(b, mixed) // fills caches and pools
	for b.Loop() {
		var before, meanwhile float64
		for range rounds {
			before += c.perSecond(b, mixed)
		}
		slowest.Store(0)
		var purging sync.WaitGroup
		purging.Go(func() {
			_, err := server.Purge(b.Context())
			assert.NoError(b, err)
		})
		for range rounds {
			meanwhile += c.perSecond(b, mixed)
		}
		left, err := c.store.DeleteTrashed(b.Context(), time.Now(), nil)
		require.NoError(b, err)
		require.NotZero(b, left, "it was emptied before the end of what is compared with")
		purging.Wait()
		b.ReportMetric(meanwhile/before, "requests_while_purging")
		b.ReportMetric(float64(slowest.Load())/1e9, "slowest_s")
		b.ReportMetric(0, "ns/op") // of no interest: all of them together
	}
}
