package main

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/fixtures/containers/containertest"
	"github.com/pocketcheck/pocketcheck/reference/control"
)

// metric is the value of one at a listener; -1 where there is none.
func metric(t *testing.T, at, name string) float64 {
	t.Helper()
	_, text := asked(t, http.MethodGet, at+"/metrics")
	found := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + ` (\S+)$`).FindStringSubmatch(text)
	if found == nil {
		return -1
	}
	value, err := strconv.ParseFloat(found[1], 64)
	require.NoError(t, err)
	return value
}

// TestMetricsOfRequests: paths that clients choose make no values of labels.
func TestMetricsOfRequests(t *testing.T) {
	t.Parallel()
	at := servesAt(t)
	levers := control.Client{URL: at.states.String()}
	for _, path := range []string{"/api/v2/assets/" + secret, "/api/v2/assets/b", "/" + secret, "/api/v2/nothing", "/health"} {
		asked(t, http.MethodGet, at.api.String()+path, "X-API-KEY: "+embeddedKey)
	}
	asked(t, http.MethodGet, at.api.String()+"/api/v2/assets/b", "X-API-KEY: "+secret)
	const total = "pocketcheck_http_requests_total"
	assert.EqualValues(t, 2, metric(t, levers.URL, total+`{endpoint="GET /api/v2/assets/:asset_id",status="404"}`))
	assert.EqualValues(t, 1, metric(t, levers.URL, total+`{endpoint="GET /api/v2/assets/:asset_id",status="401"}`))
	assert.EqualValues(t, 2, metric(t, levers.URL, total+`{endpoint="other",status="404"}`))
	_, text := asked(t, http.MethodGet, levers.URL+"/metrics")
	assert.NotContains(t, text, secret)
	assert.NotContains(t, text, embeddedKey)

	_, err := levers.Advance(t.Context(), control.Advance{Days: 20})
	require.NoError(t, err)
	assert.EqualValues(t, 1, metric(t, levers.URL, "pocketcheck_purge_runs_total"))
}

// TestMetricsWantTheToken: how much is done here is not for everyone.
func TestMetricsWantTheToken(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(file, []byte(controlToken), 0o600))
	at := "http://127.0.0.1:" + servesControl(t, "--control", "0.0.0.0:0", "--control-token-file", file).Port()
	answer, _ := asked(t, http.MethodGet, at+"/metrics")
	assert.Equal(t, http.StatusUnauthorized, answer.StatusCode)
	answer, text := asked(t, http.MethodGet, at+"/metrics", "Authorization: Bearer "+controlToken)
	assert.Equal(t, http.StatusOK, answer.StatusCode)
	assert.Contains(t, text, "go_goroutines")
}

// TestMetricsOnContainers: pools and what Elasticsearch has not got move by what happens.
func TestMetricsOnContainers(t *testing.T) {
	t.Parallel()
	stack := containertest.Shared(t)
	to, err := url.Parse(stack.ElasticsearchURL())
	require.NoError(t, err)
	elasticsearch := httptest.NewServer(httputil.NewSingleHostReverseProxy(to))
	t.Cleanup(elasticsearch.Close)
	at := servesAt(t, "--database-url", stack.DatabaseURL(), "--elasticsearch-url", elasticsearch.URL)
	levers := at.states.String()
	before := metric(t, levers, `pocketcheck_postgresql_acquires_total{pool="write"}`)
	elasticsearch.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at.api.String()+"/api/v2/assets", strings.NewReader(`{"title":"x"}`))
	require.NoError(t, err)
	r.Header.Set("X-API-KEY", embeddedKey)
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusOK, answer.StatusCode)
	assert.Greater(t, metric(t, levers, `pocketcheck_postgresql_acquires_total{pool="write"}`), before)
	assert.Positive(t, metric(t, levers, `pocketcheck_postgresql_connections{pool="read",state="idle"}`))
	for _, name := range []string{"pocketcheck_outbox_documents", "pocketcheck_outbox_oldest_age_seconds", "pocketcheck_outbox_retries_total"} {
		assert.Eventually(t, func() bool { return metric(t, levers, name) > 0 }, time.Minute, 50*time.Millisecond, name)
	}
}
