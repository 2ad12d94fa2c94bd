package fieldtest_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// keeping is a target that deletes no asset, whatever it answers, while it keeps.
func keeping(t *testing.T, keeps *bool, status int) pocketcheck.Target {
	t.Helper()
	target := referencetest.Target()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if *keeps && r.Method == http.MethodDelete && strings.Count(r.URL.Path, "/") == 4 {
			w.WriteHeader(status)
			return
		}
		target.Handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return pocketcheck.Target{URL: server.URL, Key: target.Key}
}

// TestCleanLooksWhetherItIsGone: an answer to a DELETE removes nothing.
func TestCleanLooksWhetherItIsGone(t *testing.T) {
	t.Parallel()
	for status, why := range map[int]string{
		http.StatusOK: "DELETE was answered, and GET still answers 200", http.StatusForbidden: "DELETE answers 403",
		http.StatusNotFound: "DELETE answers 404, GET still 200",
	} {
		keeps := true
		target := keeping(t, &keeps, status)
		var ledger bytes.Buffer
		opts := pocketcheck.Options{Facts: []string{"comments.list.ok"}, Settle: -1, Ledger: &ledger}
		_, err := pocketcheck.Run(t.Context(), target, opts)
		require.NoError(t, err)
		// The run took the target at its word.
		text := strings.ReplaceAll(ledger.String(), `"event":"removed"`, `"event":"later"`)

		opts = pocketcheck.Options{Settle: -1}
		cleaned, err := pocketcheck.Clean(t.Context(), strings.NewReader(text), target, opts)
		require.NoError(t, err)
		assert.Zero(t, cleaned.Removed)
		require.Len(t, cleaned.LeftBehind, 2)
		assert.Contains(t, cleaned.LeftBehind[0], why)

		keeps = false
		cleaned, err = pocketcheck.Clean(t.Context(), strings.NewReader(text), target, opts)
		require.NoError(t, err)
		assert.Equal(t, pocketcheck.Cleaned{Made: 2, Removed: 2}, *cleaned)
	}
}

// TestLedgerDoesNotBelieve an answer to a DELETE where the asset is read afterwards.
func TestLedgerDoesNotBelieve(t *testing.T) {
	t.Parallel()
	keeps := true
	target := keeping(t, &keeps, http.StatusOK)
	var ledger bytes.Buffer
	_, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{Facts: []string{"assets.delete.*"}, Settle: -1, Ledger: &ledger})
	require.NoError(t, err)
	keeps = false
	cleaned, err := pocketcheck.Clean(t.Context(), &ledger, target, pocketcheck.Options{Settle: -1})
	require.NoError(t, err)
	assert.Positive(t, cleaned.Removed)
}

// TestCleanRefuses what it could do harm with, before anything is sent.
func TestCleanRefuses(t *testing.T) {
	t.Parallel()
	key := pocketcheck.NewKey("k")
	for want, target := range map[string]pocketcheck.Target{
		"a target without a URL is gone with what was made there; give the URL": {Handler: http.NotFoundHandler(), Key: key},
		"the ledger is of no use: it is not what a run writes":                  {URL: "http://127.0.0.1:1", Key: key},
		"target has no API key; every documented request carries one":           {URL: "http://127.0.0.1:1"},
		"header Host can't be given: it is that of the URL":                     {URL: "http://127.0.0.1:1", Key: key, Header: http.Header{"Host": {"a"}}},
		"states header X-Gate has no value":                                     {URL: "http://127.0.0.1:1", Key: key, StatesHeader: http.Header{"X-Gate": {" "}}},
	} {
		_, err := pocketcheck.Clean(t.Context(), strings.NewReader("a ledger\n"), target, pocketcheck.Options{})
		require.EqualError(t, err, want)
		assert.ErrorIs(t, err, pocketcheck.ErrUsage)
	}
}
