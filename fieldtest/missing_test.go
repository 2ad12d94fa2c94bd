package fieldtest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference/fault"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// unseen are the endpoints of which no good answer is documented that could be had
// without a provider state.
var unseen = []string{
	"GET /api/v2/assets/:asset_id/dag_actions",
	"POST /api/v2/assets/:asset_id/dag_actions/:dag_action_id",
	"GET /api/v2/assets/:asset_id/dag_action_runs",
	"GET /api/v2/assets/:asset_id/file_metadata",
	"GET /api/v2/assets/:asset_id/collections",
	"GET /api/v2/assets/:asset_id/media/:media_id/download_url",
	"POST /api/v2/assets/:asset_id/assign",
	"DELETE /api/v2/assets/:asset_id/unassign",
}

// TestUnseenAreAllThereAre holds the list to the table: "ok" of unassign's refusal and
// of assign's is not a good answer.
func TestUnseenAreAllThereAre(t *testing.T) {
	t.Parallel()
	var want []string
	good := map[string]bool{}
	for _, f := range fixtures.Facts() {
		_, of, _ := strings.Cut(strings.TrimPrefix(f.ID, f.Operation()), ".")
		if f.Kind == "example" && f.Status == http.StatusOK && len(f.Needs) == 0 && strings.HasPrefix(of, "ok") {
			good[f.Endpoint] = true
		}
	}
	for _, f := range fixtures.Facts() {
		if !good[f.Endpoint] && !slices.Contains(want, f.Endpoint) {
			want = append(want, f.Endpoint)
		}
	}
	assert.Equal(t, want, unseen)
}

var ofAnAsset = regexp.MustCompile(`^/api/v2/assets/([^/]+)/(dag_actions|dag_actions/[^/]+|dag_action_runs|file_metadata|collections|media/[^/]+/download_url|assign|unassign)$`)

// half gives a reference whose unseen endpoints are not there: route answers instead,
// except what is asked without the key, or about an asset that is not there where
// isLooked tells that the server looks for it first. It offers no state.
func half(isLooked bool, route http.HandlerFunc) pocketcheck.Target {
	target := referencetest.Target()
	target.States = nil
	good := target.Handler
	target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := ofAnAsset.FindStringSubmatch(r.URL.Path)
		isNone := func() bool {
			get := httptest.NewRequestWithContext(r.Context(), http.MethodGet, "/api/v2/assets/"+path[1], nil)
			get.Header = r.Header
			answer := httptest.NewRecorder()
			good.ServeHTTP(answer, get)
			return answer.Code == http.StatusNotFound
		}
		if path == nil || r.Header.Get("X-API-KEY") != target.Key.Reveal() || isLooked && isNone() {
			good.ServeHTTP(w, r)
			return
		}
		route(w, r)
	})
	return target
}

func routes(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, strings.ReplaceAll(body, "PATH", r.URL.Path))
	}
}

func missing(t *testing.T, target pocketcheck.Target, opts pocketcheck.Options) (endpoints, seen []string) {
	t.Helper()
	opts.Endpoints = unseen
	r, err := pocketcheck.Run(t.Context(), target, opts)
	require.NoError(t, err)
	assert.Empty(t, r.Stopped)
	assert.Empty(t, r.CleanUp.LeftBehind)
	for _, m := range r.Missing {
		endpoints, seen = append(endpoints, m.Endpoint), append(seen, m.Seen)
	}
	return endpoints, seen
}

// TestMissing: where an existing asset is answered as by a server that knows no such
// endpoint, the report says so.
func TestMissing(t *testing.T) {
	t.Parallel()
	const html, json = "text/html", "application/json"
	for name, tt := range map[string]struct {
		isLooked bool
		route    http.HandlerFunc
		seen     string
	}{
		"a page":                  {true, routes(404, html, "Not Found"), "404 Not Found, not in JSON"},
		"a page for everything":   {false, routes(200, html, "<html>"), "200 OK, not in JSON"},
		"the method":              {true, routes(405, json, `{"error": "no"}`), "405 Method Not Allowed"},
		"not yet":                 {true, routes(501, json, `{"error": "no"}`), "501 Not Implemented"},
		"no error":                {true, routes(404, json, `{"detail": "Not Found"}`), "404 Not Found"},
		"as of none, with a path": {false, routes(404, json, `{"error": "no PATH"}`), "404 Not Found"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			endpoints, seen := missing(t, half(tt.isLooked, tt.route), pocketcheck.Options{Settle: -1})
			assert.Equal(t, unseen, endpoints)
			for _, s := range seen {
				assert.Equal(t, tt.seen, strings.TrimSuffix(s, ", as one that is not there"))
			}
		})
	}
}

// TestNothingIsMissing: nobody is accused who answers as the document allows.
func TestNothingIsMissing(t *testing.T) {
	referencetest.Again(t)
	t.Parallel()
	bare := referencetest.Target()
	bare.States = nil
	targets := map[string]pocketcheck.Target{"all states": referencetest.Target(), "no states": bare}
	for _, v := range fault.Freedoms() {
		target := varied(t, v)
		target.States = nil
		targets[v.Name] = target
	}
	answering := func(what, body string, status int) pocketcheck.Target {
		target := bare
		good := target.Handler
		target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			isNone := strings.Contains(r.URL.Path, "not-found-id") || r.Header.Get("X-API-KEY") != target.Key.Reveal()
			if !strings.Contains(r.URL.Path, what) || isNone {
				good.ServeHTTP(w, r)
				return
			}
			routes(status, "application/json", body)(w, r)
		})
		return target
	}
	targets["no file"] = answering("/file_metadata", `{"error": "the asset has no original file"}`, 404)
	targets["nothing to say"] = answering("/file_metadata", "", 204)
	targets["no permission"] = answering("/dag_action", `{"error": "Permission denied. Must have ACTIONS_VIEW permissions."}`, 403)
	targets["a crash"] = answering("/collections", "Internal Server Error", 500)
	var unauthorized []string // a fact of each endpoint, so that it is looked at
	for _, f := range fixtures.Facts() {
		if strings.HasSuffix(f.ID, ".err-401") {
			unauthorized = append(unauthorized, f.ID)
		}
	}
	for name, target := range targets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			endpoints, seen := missing(t, target, pocketcheck.Options{Facts: unauthorized})
			assert.Empty(t, endpoints, seen)
		})
	}
}

// TestMissingWhereNothingMayBeWritten: what is read is asked about, and no more is
// sent than GET, which production holds.
func TestMissingWhereNothingMayBeWritten(t *testing.T) {
	t.Parallel()
	target := production(t, referencetest.Target())
	target.Values.DAGActionID = ""
	endpoints, seen := missing(t, target, pocketcheck.Options{ReadOnly: true, Settle: -1})
	assert.Empty(t, endpoints, seen)
	good := target.Handler
	target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, target.Values.AssetID+"/dag_actions") {
			routes(404, "text/html", "no")(w, r)
			return
		}
		good.ServeHTTP(w, r)
	})
	endpoints, _ = missing(t, target, pocketcheck.Options{ReadOnly: true, Settle: -1})
	assert.Equal(t, unseen[:1], endpoints)
}

// TestMissingIsSaidEverywhere, in the document's words; it changes no outcome.
func TestMissingIsSaidEverywhere(t *testing.T) {
	t.Parallel()
	opts := pocketcheck.Options{Settle: -1, Endpoints: unseen[3:4]}
	with, err := pocketcheck.Run(t.Context(), half(true, routes(404, "text/html", "no")), opts)
	require.NoError(t, err)
	assert.Equal(t, report.Partial, with.Verdict)
	assert.Empty(t, with.Failed())
	for name, want := range map[string]string{
		"html": "Endpoints that seem not to be there", "json": `"missing": [`, "junit": "seems not to be there", "markdown": "### Endpoints that seem not to be there",
	} {
		var text strings.Builder
		require.NoError(t, report.Formats[name](with, &text))
		assert.Contains(t, text.String(), want)
		assert.Contains(t, text.String(), "404 Not Found, not in JSON", name)
		assert.Contains(t, text.String(), unseen[3], name)
	}
	var page strings.Builder
	require.NoError(t, with.WriteHTML(&page))
	assert.Equal(t, 1, strings.Count(page.String(), `href="#missing">not there?</a></th>`), "its row says so, however green it is")
	var text strings.Builder
	require.NoError(t, with.WriteText(&text, report.TextOptions{Failures: report.AllFailures}))
	assert.Regexp(t, `(?m)^GET    /api/v2/assets/:asset_id/file_metadata  5 of 5  absent$`, text.String())
	assert.Contains(t, text.String(), "\n1 endpoint absent, apart from those marked FAILED: an existing asset is answered\n")
	assert.Contains(t, text.String(), ", 1 endpoint seems not to be there\n")
}
