package reference_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
)

const (
	admin        = "pocketcheck-admin-key"
	editor       = "pocketcheck-editor-key"
	withoutView  = "pocketcheck-without-actions-view-key"
	withoutStart = "pocketcheck-without-actions-start-key"
	seeded       = "/api/v2/assets/rSkRlq2Aiw4wJvjvlqSm"
)

// service is a server of its own for one test, with a clock that stands still.
type service struct {
	*reference.Server
	t   *testing.T
	log *bytes.Buffer

	mu  sync.Mutex
	now time.Time
}

func serve(t *testing.T) *service { return serveOver(t, memory.New()) }

func serveOver(t *testing.T, store reference.Store) *service {
	t.Helper()
	s := &service{t: t, log: &bytes.Buffer{}, now: time.Date(2023, 11, 27, 9, 42, 48, 538_999_999, time.UTC)}
	var err error
	s.Server, err = reference.New(store, reference.Options{
		Seed: defaultSeed(t), Now: s.clock, Log: slog.New(slog.NewTextHandler(s.log, nil)),
	})
	require.NoError(t, err)
	return s
}

func defaultSeed(t *testing.T) reference.Seed {
	t.Helper()
	seed, err := reference.ReadSeed(bytes.NewReader(fixtures.Seed()))
	require.NoError(t, err)
	return seed
}

func (s *service) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *service) wait(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

// answer is a status and the body, as text.
type answer struct {
	status int
	body   string
}

func (a answer) get(path string) string { return gjson.Get(a.body, path).String() }

func (a answer) raw(path string) string { return gjson.Get(a.body, path).Raw }

func refused(status int, text string) answer {
	return answer{status, fmt.Sprintf(`{"error":%s}`, quoted(text))}
}

func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// request is "METHOD path" with the admin's key.
func (s *service) request(request, body string) answer { return s.requestBy(admin, request, body) }

func (s *service) requestBy(key, request, body string) answer {
	return send(s.Server, key, request, body)
}

func send(h http.Handler, key, request, body string) answer {
	method, target, _ := strings.Cut(request, " ")
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if key != "" {
		r.Header.Set("X-API-KEY", key)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return answer{w.Code, strings.TrimSuffix(w.Body.String(), "\n")}
}

// asset makes one and returns its path.
func (s *service) asset(body string) string {
	s.t.Helper()
	a := s.request("POST /api/v2/assets", body)
	require.Equal(s.t, 200, a.status, a.body)
	return "/api/v2/assets/" + a.get("asset.id")
}

func (s *service) state(name string, params map[string]string) map[string]string {
	s.t.Helper()
	values, err := s.State(s.t.Context(), name, params)
	require.NoError(s.t, err)
	return values
}

// id is the last segment of a path.
func id(path string) string { return path[strings.LastIndex(path, "/")+1:] }

// endpoints is each documented one, on the seeded asset.
var endpoints = []string{
	"GET " + seeded + "/comments",
	"POST " + seeded + "/comments",
	"POST " + seeded + "/comments/1",
	"DELETE " + seeded + "/comments/1",
	"GET " + seeded + "/comments/1",
	"GET " + seeded + "/dag_actions",
	"POST " + seeded + "/dag_actions/1",
	"GET " + seeded + "/dag_action_runs",
	"GET " + seeded + "/history/0",
	"GET " + seeded,
	"GET " + seeded + "/file_metadata",
	"GET " + seeded + "/collections",
	"GET " + seeded + "/media",
	"GET " + seeded + "/media/1/download_url",
	"POST " + seeded + "/media",
	"POST /api/v2/assets",
	"PUT " + seeded,
	"POST " + seeded + "/trash_bin",
	"POST " + seeded + "/restore",
	"DELETE " + seeded,
	"POST " + seeded + "/assign",
	"DELETE " + seeded + "/unassign",
	"DELETE " + seeded + "/media",
}

func TestEveryEndpointWantsAKnownKey(t *testing.T) {
	t.Parallel()
	s := serve(t)
	require.Len(t, endpoints, 23)
	for _, endpoint := range endpoints {
		assert.Equal(t, answer{401, ""}, s.requestBy("", endpoint, "{}"), endpoint)
		assert.Equal(t, answer{401, ""}, s.requestBy("unknown", endpoint, "{"), endpoint)
		unknown := strings.Replace(endpoint, id(seeded), "not-found-id", 1)
		assert.Equal(t, answer{401, ""}, s.requestBy("", unknown, ""), unknown)
	}
}

// An asset that is not there is found out before parameters and permissions.
func TestEveryEndpointFindsNoUnknownAsset(t *testing.T) {
	t.Parallel()
	s := serve(t)
	key := s.state("another user", nil)["api_key"]
	ids := []string{"not-found-id", "not_found_id", "-1", "a%00b", "%ff", "%22", strings.Repeat("a", 65)}
	for _, endpoint := range endpoints {
		if endpoint == "POST /api/v2/assets" {
			continue
		}
		for _, unknown := range ids {
			request := strings.Replace(endpoint, id(seeded), unknown, 1)
			assert.Equal(t, refused(404, "asset not found"), s.requestBy(key, request, ""), request)
		}
	}
}

func TestUnknownPathsAndMethods(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for _, request := range []string{
		"GET /", "GET /api/v2/asset", "POST /api/v2/assets/", "GET /api/v2//assets/x", "GET /api/v2/assets/..",
		"GET /api/v2/assets/%2e%2e/x", "GET " + seeded + "/history/", "GET " + seeded + "/comments/1/2", "GET /states",
	} {
		assert.Equal(t, refused(404, "not found"), s.request(request, ""), request)
	}
	for _, request := range []string{
		"GET /api/v2/assets", "PATCH " + seeded, "PUT " + seeded + "/comments", "GET " + seeded + "/trash_bin", "POST " + seeded + "/unassign",
	} {
		assert.Equal(t, refused(405, "method not allowed"), s.request(request, ""), request)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("PATCH", seeded, nil))
	assert.Equal(t, "DELETE, GET, HEAD, PUT", w.Header().Get("Allow"))
	assert.Equal(t, "application/json", w.Header().Get("Content-Type"))
}

func TestBodyLimit(t *testing.T) {
	t.Parallel()
	s := serve(t)
	body := `{"title":"` + strings.Repeat("x", 1<<20) + `"}`
	assert.Equal(t, refused(413, "Request body is too large"), s.request("POST /api/v2/assets", body))
	assert.Equal(t, answer{401, ""}, s.requestBy("", "POST /api/v2/assets", body))

	r := httptest.NewRequest("POST", "/api/v2/assets", io.MultiReader(strings.NewReader("{"), broken{}))
	r.Header.Set("X-API-KEY", admin)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	assert.Equal(t, 400, w.Code)
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("connection reset") }

var anyID = regexp.MustCompile(`"(id|elasticsearch_id)":"[A-Za-z0-9_-]{20}"`)

// masked is the answer with every generated asset id as ID.
func (a answer) masked() answer {
	return answer{a.status, anyID.ReplaceAllString(a.body, `"$1":"ID"`)}
}

// TestServersShareAStore: a seed planted twice is planted once, and what was
// deleted in between does not come back.
func TestServersShareAStore(t *testing.T) {
	t.Parallel()
	store := memory.New()
	one := serveOver(t, store)
	asset := one.asset(`{"title":"x"}`)
	require.Equal(t, 200, one.request("DELETE "+seeded, "").status)
	two := serveOver(t, store)
	assert.Equal(t, 200, two.request("GET "+asset, "").status)
	assert.Equal(t, 404, two.request("GET "+seeded, "").status)
	assert.Len(t, gjson.Get(two.request("GET "+asset+"/dag_actions", "").body, "dag_actions").Array(), 2)
}

func TestZeroOptions(t *testing.T) {
	t.Parallel()
	s, err := reference.New(memory.New(), reference.Options{})
	require.NoError(t, err)
	values, err := s.State(t.Context(), "another user", nil)
	require.NoError(t, err)
	before := time.Now().Add(-time.Minute)
	a := send(s, values["api_key"], "POST /api/v2/assets", `{"title":"x"}`)
	require.Equal(t, 200, a.status)
	at, err := time.Parse("2006-01-02T15:04:05.000Z", a.get("asset.created_date"))
	require.NoError(t, err)
	assert.WithinRange(t, at, before, time.Now())
}

func TestSeedThatTheStoreRefuses(t *testing.T) {
	t.Parallel()
	store := memory.New()
	require.NoError(t, store.Insert(t.Context(), reference.Seed{Keys: []reference.UserKey{{Hash: reference.HashKey(admin), UserID: 99}}}))
	_, err := reference.New(store, reference.Options{Seed: defaultSeed(t)})
	require.ErrorIs(t, err, reference.ErrTaken)
	assert.NotContains(t, err.Error(), admin)
}
