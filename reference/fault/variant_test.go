package fault_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/fault"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// groups puts the freedoms together, each with one of every other kind: what the
// document allows by itself, it allows beside others. "pocketcheck prove" takes
// each alone.
func groups() [][]fault.Variant {
	var all [][]fault.Variant
	seen := map[string]int{}
	for _, f := range fault.Freedoms() {
		kind, _, _ := strings.Cut(f.Name, "/")
		if seen[kind] == len(all) {
			all = append(all, nil)
		}
		all[seen[kind]] = append(all[seen[kind]], f)
		seen[kind]++
	}
	for _, g := range all {
		slices.SortStableFunc(g, func(a, b fault.Variant) int { return layer(a) - layer(b) })
	}
	return all
}

// layer has what spells the JSON outside of what changes it.
func layer(f fault.Variant) int {
	if strings.HasPrefix(f.Name, "json/") {
		return 1
	}
	return 0
}

// TestFreedomsConform: what the document leaves free, the suite leaves free.
func TestFreedomsConform(t *testing.T) {
	t.Parallel()
	require.GreaterOrEqual(t, len(fault.Freedoms()), 32)
	for _, g := range groups() {
		t.Run(g[0].Name, func(t *testing.T) {
			t.Parallel()
			problems := objections(t, fault.Together(g...))
			if len(problems) == 0 {
				return
			}
			for _, f := range g {
				assert.Empty(t, objections(t, f), "%s alone, which is allowed: %s", f.Name, f.Allows)
			}
			assert.Empty(t, problems, fault.Together(g...).Name)
		})
	}
}

// objections are what the suite has against a variant.
func objections(t *testing.T, v fault.Variant) []string {
	t.Helper()
	result := check(t, v, pocketcheck.Options{})
	all := result.CleanUp.LeftBehind
	for _, r := range result.Facts {
		if r.Outcome != report.Passed && r.Outcome != report.Untestable {
			all = append(all, fmt.Sprintf("%s: %s: %s", r.Fact.ID, r.Outcome, r.Reason))
		}
	}
	return all[:min(len(all), 5)] // a scenario that is missing is missed everywhere
}

// walk is requests to which each freedom answers in its own way. ID and MEDIA
// are what the first of them made.
var walk = []string{
	`POST /api/v2/assets {"title": "Grüße", "description": "a/b & c", "tags": ["a", "b"]}`,
	`POST /api/v2/assets {"title": ["x"]}`,
	`GET /api/v2/assets/ID`,
	`POST /api/v2/assets/ID/comments {"comment": "one"}`,
	`GET /api/v2/assets/ID/comments`,
	`POST /api/v2/assets/ID/dag_actions/1`,
	`GET /api/v2/assets/ID/dag_action_runs`,
	`GET /api/v2/assets/ID/history/0`,
	`GET /api/v2/assets/ID/file_metadata`,
	`GET /api/v2/assets/rSkRlq2Aiw4wJvjvlqSm/collections`,
	`POST /api/v2/assets/ID/media {"file_url": "http://www.example.com/jpgfile.jpg", "filename": "a.jpg"}`,
	`GET /api/v2/assets/ID/media`,
	`GET /api/v2/assets/ID/media/MEDIA/download_url?filename=a.jpg`,
	`PUT /api/v2/assets/ID {"title": "New"}`,
	`GET /api/v2/assets/ID`,
	`POST /api/v2/assets/ID/trash_bin`,
	`GET /api/v2/assets/ID`,
}

var (
	assetID = regexp.MustCompile(`"asset"\s*:[^}]*"id"\s*:\s*"([^"]+)"`)
	mediaID = regexp.MustCompile(`"media"\s*:[^}]*"id"\s*:\s*(\d+)`)
)

// walker asks a server and writes down what it answers, its ids apart.
type walker struct {
	t         *testing.T
	server    *httptest.Server
	id, media string
	log       strings.Builder
}

func (w *walker) ask(line, key string) {
	method, rest, _ := strings.Cut(line, " ")
	path, body, _ := strings.Cut(rest, " ")
	path = strings.NewReplacer("MEDIA", w.media, "ID", w.id).Replace(path)
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.server.URL+path, strings.NewReader(body))
	require.NoError(w.t, err)
	r.Header.Set("X-API-KEY", key)
	response, err := w.server.Client().Do(r)
	require.NoError(w.t, err)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	require.NoError(w.t, err)
	if found := assetID.FindSubmatch(text); found != nil {
		w.id = string(found[1])
	}
	if found := mediaID.FindSubmatch(text); found != nil {
		w.media = string(found[1])
	}
	response.Header.Del("Date")
	fmt.Fprintln(&w.log, response.Status, response.Header, response.ContentLength, response.Uncompressed, response.Close,
		strings.ReplaceAll(string(text), w.id, fmt.Sprint("an id of ", len(w.id))))
}

// answers walks through a variant whose clock stands still.
func answers(t *testing.T, v fault.Variant) string {
	t.Helper()
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	handler, _, err := v.Server(memory.New(), reference.Options{Seed: seed(t), Now: func() time.Time { return at }})
	require.NoError(t, err)
	w := walker{t: t, server: httptest.NewServer(handler), id: "none"}
	defer w.server.Close()
	w.ask(walk[0], "wrong key")
	for _, line := range walk {
		w.ask(line, seedKey)
	}
	return w.log.String()
}

// TestEachFreedomShows: a freedom that changes nothing proves nothing, nor one
// that others hide.
func TestEachFreedomShows(t *testing.T) {
	t.Parallel()
	require.Equal(t, answers(t, fault.Variant{}), answers(t, fault.Variant{}))
	for _, g := range groups() {
		// What is late hides more or less, as the walk is slower or faster.
		g = slices.DeleteFunc(g, func(f fault.Variant) bool { return strings.HasPrefix(f.Name, "effects/") })
		together := answers(t, fault.Together(g...))
		for i, f := range g {
			t.Run(f.Name, func(t *testing.T) {
				t.Parallel()
				assert.NotEqual(t, answers(t, fault.Together(slices.Delete(slices.Clone(g), i, i+1)...)), together)
			})
		}
	}
	for _, f := range fault.Freedoms() {
		assert.NotEmpty(t, f.Allows, f.Name)
		if strings.HasPrefix(f.Name, "effects/") {
			assert.NotEqual(t, answers(t, fault.Variant{}), answers(t, f), f.Name)
		}
	}
}
