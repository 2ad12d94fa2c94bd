package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/rogpeppe/go-internal/testscript"
)

// targets are the servers of a script, by name.
type targets map[string]*target

type targetsKey struct{}

// target is a server that counts what it is asked.
type target struct {
	handler  http.Handler
	served   *process // instead of a handler: pocketcheck serve
	requests atomic.Int64
}

func (t *target) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	t.requests.Add(1)
	t.handler.ServeHTTP(w, r)
}

// newReference is the reference, whose admin has the API key of these tests.
func newReference() (*reference.Server, error) {
	seed := bytes.Replace(fixtures.Seed(), []byte(embeddedKey), []byte(apiKey), 1)
	rows, err := reference.ReadSeed(bytes.NewReader(seed))
	if err != nil {
		return nil, err
	}
	return reference.New(memory.New(), reference.Options{Seed: rows})
}

func says(status int, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body) // the client sees what is missing
	})
}

// rewords puts one text in place of another in the answers of h.
func rewords(h http.Handler, old, text string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, r)
		says(answer.Code, strings.ReplaceAll(answer.Body.String(), old, text)).ServeHTTP(w, r)
	})
}

// startTarget is "target NAME BEHAVIOUR". It starts a server and sets $NAME to
// its URL, $NAME_ADDRESS to its address and, for the reference, $NAME_STATES to
// its states URL.
func startTarget(ts *testscript.TestScript, _ bool, args []string) {
	name, behaviour := args[0], args[1]
	ref, err := newReference()
	ts.Check(err)
	states := httptest.NewServer(ref.Control())
	handlers := map[string]http.Handler{
		"reference":     ref,
		"never-open":    rewords(ref, `"status":"open"`, `"status":"`+apiKey+`"`),
		"refuses":       says(http.StatusUnauthorized, ""),
		"not-json":      says(http.StatusOK, "<h1>"+apiKey+"</h1>"),
		"an-array":      says(http.StatusOK, `["`+apiKey+`"]`),
		"without-value": says(http.StatusOK, `{"`+apiKey+`": "`+apiKey+`"}`),
		"wrong-kind":    says(http.StatusOK, `{"dag_action_id": ["`+apiKey+`"]}`),
		"two-lines":     says(http.StatusOK, `{"api_key": "`+secret+`-1\n`+secret+`-2"}`),
		"float":         says(http.StatusOK, `{"dag_action_id": 1.0}`),
		"fraction":      says(http.StatusOK, `{"dag_action_id": 1.5}`),
		"empty-value":   says(http.StatusOK, `{"dag_action_id": ""}`),
		"status-500":    says(http.StatusInternalServerError, `{"dag_action_id": "1"}`),
		"status-503":    says(http.StatusServiceUnavailable, ""),
		"status-501":    says(http.StatusNotImplemented, `{"dag_action_id": "1"}`),
	}
	t := &target{handler: handlers[behaviour]}
	if t.handler == nil {
		ts.Fatalf("unknown behaviour %q", behaviour)
	}
	server := httptest.NewServer(t)
	ts.Defer(server.Close)
	ts.Defer(states.Close)
	ts.Value(targetsKey{}).(targets)[name] = t
	ts.Setenv(name, server.URL)
	ts.Setenv(name+"_ADDRESS", server.Listener.Addr().String())
	ts.Setenv(name+"_STATES", states.URL+"/states")
}

// received is "received NAME N": how many requests a target got.
func received(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	if got := ts.Value(targetsKey{}).(targets)[args[0]].requests.Load(); got != want {
		ts.Fatalf("%s got %d requests, want %d", args[0], got, want)
	}
}
