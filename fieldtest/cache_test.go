package fieldtest_test

import (
	"bytes"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// cache is a proxy that keeps each good answer to a GET, as one does that is set up
// for pages which never change.
type cache struct {
	next    http.Handler
	keyOf   func(*http.Request) string   // under which an answer is kept
	changed func(kept, path string) bool // whether a write to a path lets go of what is kept
	mu      sync.Mutex
	kept    map[string]*httptest.ResponseRecorder
}

func byURL(r *http.Request) string       { return r.URL.String() }
func byURLAndKey(r *http.Request) string { return r.URL.String() + " " + r.Header.Get("X-API-KEY") }

func never(string, string) bool { return false }

// ofTheAsset lets go of all that was read of the asset.
func ofTheAsset(kept, path string) bool {
	parts := strings.Split(path, "/")
	return len(parts) > 4 && strings.HasPrefix(kept, strings.Join(parts[:5], "/"))
}

func (c *cache) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	answer := c.kept[c.keyOf(r)]
	if r.Method != http.MethodGet || answer == nil {
		answer = httptest.NewRecorder()
		c.next.ServeHTTP(answer, r)
	}
	switch {
	case r.Method != http.MethodGet:
		maps.DeleteFunc(c.kept, func(kept string, _ *httptest.ResponseRecorder) bool { return c.changed(kept, r.URL.Path) })
	case answer.Code == http.StatusOK:
		c.kept[c.keyOf(r)] = answer
	}
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	_, _ = w.Write(bytes.Clone(answer.Body.Bytes())) // who has gone needs no answer
}

// isRefusal tells of a GET that some caller may not make.
func isRefusal(f fixtures.Fact) bool {
	return strings.HasPrefix(f.Endpoint, "GET ") && f.Untestable == "" && (f.Status == http.StatusUnauthorized || f.Status == http.StatusForbidden)
}

// isChange tells of what is read again after a change.
func isChange(f fixtures.Fact) bool {
	return slices.Contains([]string{
		"comments.update.ok.effect", "comments.delete.ok.effect", "assets.update.ok.effect", "assets.delete.ok.effect", "media.remove.emptied.effect",
		"comments.create.listed.effect", "dag_actions.start.listed.effect", "trash.restore.not-deleted.effect",
	}, f.ID) || strings.HasPrefix(f.Endpoint, "GET ") && strings.HasSuffix(f.ID, ".deleted-asset.effect") && f.ID != "media.download_url.deleted-asset.effect"
}

// TestCaches: who keeps answers for everybody, or does not hear of changes, serves
// what it must not. One that tells callers apart and hears of changes is nobody's
// business.
func TestCaches(t *testing.T) {
	referencetest.Again(t)
	t.Parallel()
	either := func(f fixtures.Fact) bool { return isRefusal(f) || isChange(f) }
	none := func(fixtures.Fact) bool { return false }
	for _, tt := range []struct {
		name    string
		keyOf   func(*http.Request) string
		changed func(kept, path string) bool
		fails   func(fixtures.Fact) bool
	}{
		{"by URL", byURL, never, either},
		{"by URL and key", byURLAndKey, never, isChange},
		{"by URL, told of changes", byURL, ofTheAsset, isRefusal},
		{"by URL and key, told of changes", byURLAndKey, ofTheAsset, none},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			target := referencetest.Target()
			target.Handler = &cache{next: target.Handler, keyOf: tt.keyOf, changed: tt.changed, kept: map[string]*httptest.ResponseRecorder{}}
			result, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{Settle: -1})
			require.NoError(t, err)
			var failed []string
			for _, f := range fixtures.Facts() {
				if tt.fails(f) {
					failed = append(failed, f.ID)
				}
			}
			assert.Equal(t, failed, result.Failed())
			assert.Zero(t, result.Count(report.Errored))
		})
	}
}
