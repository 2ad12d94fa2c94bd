package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDoctorSeesMissingEndpoints by what an unknown asset is answered; a server that
// looks for the asset first shows nothing there.
func TestDoctorSeesMissingEndpoints(t *testing.T) {
	t.Parallel()
	good, err := newReference()
	require.NoError(t, err)
	for what, want := range map[string]string{
		"/file_metadata": "404 Not Found, not in JSON", "/dag_actions": "405 Method Not Allowed", "/download_url": "404 Not Found, without an error",
		"/none": "",
	} {
		target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer := map[string]http.Handler{
				"/file_metadata": says(http.StatusNotFound, "Not Found"), "/dag_actions": says(http.StatusMethodNotAllowed, `{"error": "no"}`),
				"/download_url": says(http.StatusNotFound, `{"detail": "Not Found"}`),
			}[what]
			if answer == nil || !strings.HasSuffix(r.URL.Path, what) {
				answer = good
			}
			answer.ServeHTTP(w, r)
		}))
		code, text := examined(t, target.URL)
		target.Close()
		assert.Zero(t, code)
		text = strings.Join(strings.Fields(text), " ")
		if want == "" {
			assert.Contains(t, text, "ok endpoints 10 that a GET asks answer as if they were there")
			continue
		}
		assert.Regexp(t, "warn endpoints GET /api/v2/assets/:asset_id/\\S*"+what[1:]+" seems not to be there: an unknown asset is answered "+want, text)
	}
}

// TestDoctorSeesMissingEndpointsOfAnAsset that is named: GETs show which are not there,
// also where a server looks for the asset first.
func TestDoctorSeesMissingEndpointsOfAnAsset(t *testing.T) {
	t.Parallel()
	good, err := newReference()
	require.NoError(t, err)
	seed, err := defaultSeed()
	require.NoError(t, err)
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		isGone := strings.HasSuffix(r.URL.Path, "/dag_actions") || strings.HasSuffix(r.URL.Path, "/file_metadata")
		if r.Method != http.MethodGet {
			t.Errorf("read only, and %s is sent", r.Method)
		}
		if isGone && strings.Contains(r.URL.Path, seed.Assets[0].ID) {
			says(http.StatusNotFound, `{"error": "no route, or no file"}`).ServeHTTP(w, r)
			return
		}
		good.ServeHTTP(w, r)
	}))
	defer target.Close()
	config := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(config, []byte("read-only: true\nvalues: {asset_id: "+seed.Assets[0].ID+"}\n"), 0o600))
	code, text := examined(t, target.URL, "--config", config)
	assert.Zero(t, code)
	text = strings.Join(strings.Fields(text), " ")
	assert.Contains(t, text, "warn endpoints GET /api/v2/assets/:asset_id/dag_actions seems not to be there: an existing asset is answered 404 Not Found warn facts")
	assert.NotContains(t, text, "file_metadata", "the asset may have no file")
}
