package main

import (
	"log/slog"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/cmd/pocketcheck/health"
	"github.com/pocketcheck/pocketcheck/fixtures/containers/containertest"
)

// TestReadyOnContainers: without Elasticsearch a server goes on, without PostgreSQL it can't.
func TestReadyOnContainers(t *testing.T) {
	t.Parallel()
	stack := containertest.Shared(t)
	at, err := url.Parse(stack.ElasticsearchURL())
	require.NoError(t, err)
	elasticsearch := httptest.NewServer(httputil.NewSingleHostReverseProxy(at))
	t.Cleanup(elasticsearch.Close)
	f := servedStore{maxAssets: 1000, readers: 2, writers: 2}
	f.database, f.elasticsearch = stack.DatabaseURL(), elasticsearch.URL
	store, err := f.open(t.Context(), slog.New(slog.DiscardHandler), nil)
	require.NoError(t, err)
	ready := health.New(t.Context(), slog.New(slog.DiscardHandler), store.checks...)
	assert.Eventually(t, func() bool { return ready.Report().Status == health.OK }, // once what others left is in the index
		time.Minute, 50*time.Millisecond, "%v", ready.Report())

	elasticsearch.Close()
	report := ready.Report()
	assert.Equal(t, health.Degraded, report.Status)
	assert.Equal(t, health.State{Status: health.Degraded, Reason: "it does not answer; what is read comes from PostgreSQL"}, report.Checks["elasticsearch"])

	store.close()
	report = ready.Report()
	assert.Equal(t, health.Unavailable, report.Status)
	assert.Equal(t, health.State{Status: health.Unavailable, Reason: "it does not answer"}, report.Checks["postgresql"])
}
