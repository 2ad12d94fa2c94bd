package steps

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/steps/wire"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
	"go.uber.org/goleak"
)

const adminKey = "pocketcheck-admin-key"

func TestMain(m *testing.M) {
	// A run is short-lived garbage, and there are hundreds; so does "prove".
	debug.SetGCPercent(400)
	goleak.VerifyTestMain(m)
}

// target is the reference behind a front: a test answers in its place where it
// wants to.
type target struct {
	*httptest.Server
	reference *reference.Server
	front     func(w http.ResponseWriter, r *http.Request) (answered bool)

	mu        sync.Mutex
	seen      []seen
	given     []map[string]string // by its states URL
	preflight string              // the path of what the preflight made
}

// seen is a request as it arrived, and the answer of the reference.
type seen struct {
	at           time.Time
	method, path string
	header       http.Header
	body         string
	status       int // 0: the front answered
	answer       string
}

func (s seen) name() string { return s.method + " " + s.path }

// newTarget starts a target. front may be nil; it gets a request whose body can
// be read, and must not outlive it.
func newTarget(t *testing.T, front func(w http.ResponseWriter, r *http.Request) bool) *target {
	t.Helper()
	seed, err := reference.ReadSeed(bytes.NewReader(fixtures.Seed()))
	require.NoError(t, err)
	server, err := reference.New(memory.New(), reference.Options{Seed: seed})
	require.NoError(t, err)
	target := &target{reference: server, front: front}
	target.Server = httptest.NewServer(target)
	t.Cleanup(target.Close)
	return target
}

func (t *target) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	if t.isOfPreflight(r) {
		t.reference.ServeHTTP(w, r)
		return
	}
	t.mu.Lock() // before any answer: the client may be gone when this returns
	n := len(t.seen)
	t.seen = append(t.seen, seen{
		at: time.Now(), method: r.Method, path: r.URL.Path, header: r.Header.Clone(), body: string(body),
	})
	t.mu.Unlock()
	if t.front != nil && t.front(w, r) {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	answer := httptest.NewRecorder()
	t.reference.ServeHTTP(answer, r)
	t.mu.Lock()
	t.seen[n].status, t.seen[n].answer = answer.Code, answer.Body.String()
	if string(body) == preflightAsset {
		t.preflight = "/api/v2/assets/" + gjson.Get(answer.Body.String(), "asset.id").String()
	}
	t.mu.Unlock()
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes()) // who has gone needs no answer
}

// isOfPreflight tells of a request about what the preflight made: a front answers none
// of them, and they are not seen.
func (t *target) isOfPreflight(r *http.Request) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return r.URL.Path == t.preflight
}

// requests gives what was seen of a method and the end of a path; "" is any.
func (t *target) requests(method, pathEnd string) []seen {
	t.mu.Lock()
	defer t.mu.Unlock()
	var found []seen
	for _, s := range t.seen {
		if (method == "" || s.method == method) && strings.HasSuffix(s.path, pathEnd) {
			found = append(found, s)
		}
	}
	return found
}

// states is a way to ask the reference for its provider states.
func (t *target) states(ctx context.Context, state string, params map[string]string) (map[string]string, error) {
	values, err := t.reference.State(ctx, state, params)
	if errors.Is(err, reference.ErrStateNotOffered) {
		err = ErrStateNotOffered
	}
	return values, err
}

var factTag = regexp.MustCompile(`@(\S+)`)

// config checks the facts of a feature on t, without time to settle.
func (t *target) config(feature string) Config {
	facts := map[string]fixtures.Fact{}
	for _, tag := range factTag.FindAllStringSubmatch(feature, -1) {
		facts[tag[1]] = fixtures.Fact{ID: tag[1]}
	}
	for _, f := range fixtures.Facts() {
		if _, ok := facts[f.ID]; ok {
			facts[f.ID] = f
		}
	}
	return Config{URL: t.URL, Key: wire.NewKey(adminKey), Facts: facts, Concurrency: 4, Timeout: 5 * time.Second}
}

// scenario gives the text of a feature with one scenario.
func scenario(steps ...string) string {
	return "Feature: f\n\n  @a.fact\n  Scenario: s\n    " + strings.Join(steps, "\n    ") + "\n"
}

// with gives a step and its docstring.
func with(step, doc string) string {
	return step + "\n      \"\"\"json\n      " + doc + "\n      \"\"\""
}

// run runs a feature; change, if not nil, changes what it is told.
func (t *target) run(ctx context.Context, test *testing.T, feature string, change func(*Config)) *Result {
	test.Helper()
	config := t.config(feature)
	if change != nil {
		change(&config)
	}
	result, err := Run(ctx, fstest.MapFS{"f.feature": {Data: []byte(feature)}}, config)
	require.NoError(test, err)
	return result
}

// check runs a feature that has one scenario, and gives what became of it.
func (t *target) check(test *testing.T, feature string, change func(*Config)) report.Scenario {
	test.Helper()
	result := t.run(test.Context(), test, feature, change)
	require.Len(test, result.Scenarios, 1, "%+v", result)
	return result.Scenarios[0]
}

// isAssets tells of a request to the collection of all assets.
func isAssets(r *http.Request) bool {
	return r.Method == http.MethodPost && r.URL.Path == "/api/v2/assets"
}

// isOwnAsset tells of one that a scenario creates by a body of its own, which is
// shorter than that of the sample asset and so of the probe.
func isOwnAsset(r *http.Request) bool { return isAssets(r) && r.ContentLength < 40 }

// isProbe tells of what is asked before any scenario.
func isProbe(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/not-found-id") }

func reply(w http.ResponseWriter, status int, body string) bool {
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body) // who has gone needs no answer
	return true
}

// reset breaks the connection off without an answer.
func reset(w http.ResponseWriter) bool {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = conn.Close() // it is to be broken
	}
	return true
}
