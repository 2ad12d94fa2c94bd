package mock_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/pocketcheck/pocketcheck/reference/control"
	"github.com/pocketcheck/pocketcheck/reference/mock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

func dropAll(b *tab) error {
	_, err := b.AddRule(b.t.Context(), control.Rule{Everyone: true, Break: control.Drop})
	return err
}

func gets(t *testing.T, handler http.Handler, host, path string) (http.Header, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
	r.Host = host
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	text, err := io.ReadAll(w.Body)
	require.NoError(t, err)
	return w.Header(), string(text)
}

// TestPageIsSmallAndAsksNobodyElse: what it may do stands in its policy.
func TestPageIsSmallAndAsksNobodyElse(t *testing.T) {
	t.Parallel()
	at := "http://0.0.0.0:8080"
	b := newBench(t, func(o *mock.Options) { o.URL = func() string { return at } })
	head, html := gets(t, b.mock.Control(), "192.0.2.1:9001", "/")
	assert.Less(t, len(html), 100_000)
	assert.NotContains(t, html, adminKey)
	assert.Regexp(t, `^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; img-src data:; connect-src 'self' http://192\.0\.2\.1:8080; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$`, head.Get("Content-Security-Policy"))
	_, about := gets(t, b.mock.Control(), "[2001:db8::1]:9001", "/about")
	assert.Equal(t, "http://[2001:db8::1]:8080", gjson.Get(about, "api_url").String())
	for _, host := range []string{"x; script-src *", "x' *", ""} { // a policy is not to be gone on with
		head, _ := gets(t, b.mock.Control(), host, "/")
		assert.Contains(t, head.Get("Content-Security-Policy"), "connect-src 'self' ; base-uri", host)
	}
	at = "https://mock.example:8443"
	_, about = gets(t, b.mock.Control(), "localhost", "/about")
	assert.Equal(t, at, gjson.Get(about, "api_url").String())
}

// TestPageKnowsTheDocument: it offers each example, with the ids of what was there left open.
func TestPageKnowsTheDocument(t *testing.T) {
	t.Parallel()
	_, text := gets(t, newBench(t).mock.Control(), "localhost", "/document.json")
	var paths []string
	for _, x := range gjson.Get(text, "endpoints.#.examples").Array() {
		for _, x := range x.Array() {
			paths = append(paths, x.Get("fact").String()+" "+x.Get("path").String()+" "+x.Get("recorded").Raw)
		}
	}
	assert.Len(t, gjson.Get(text, "endpoints").Array(), 23)
	assert.Len(t, paths, 65)
	assert.Contains(t, paths, `comments.update.not-owner /api/v2/assets/{asset_id}/comments/{comment_id} {"asset_id":"2nU5cvV55n8Dggb8A6qG","comment_id":"5"}`)
	assert.Contains(t, paths, `assets.get.not-found /api/v2/assets/not-found-id {}`)
}

// TestStreamOfTheNewest: who can't follow is spared what is old.
func TestStreamOfTheNewest(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for range 3 {
		b.status(adminKey, sample)
	}
	get := func(query string) *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.URL+"/journal/stream?"+query, http.NoBody)
		require.NoError(t, err)
		a, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		t.Cleanup(func() { _ = a.Body.Close() })
		return a
	}
	for _, bad := range []string{"newest=0", "newest=-1", "newest=few"} {
		assert.Equal(t, http.StatusBadRequest, get(bad).StatusCode, bad)
	}
	begun := make([]byte, len(": the journal\n\nid: 2\n"))
	_, err := io.ReadFull(get("newest=2").Body, begun)
	require.NoError(t, err)
	assert.Equal(t, ": the journal\n\nid: 2\n", string(begun))
}
