package crashtest

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// flaky is a reference of which one request in five fails, in all the ways that
// leave open whether it was done.
type flaky struct {
	reference http.Handler
	late      sync.WaitGroup // what is done when its client has gone on
}

func (f *flaky) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch rand.IntN(20) {
	case 0:
		f.reference.ServeHTTP(httptest.NewRecorder(), r)
		says(http.StatusInternalServerError, `{"error": "done"}`).ServeHTTP(w, r)
	case 1:
		says(http.StatusInternalServerError, `{"error": "not done"}`).ServeHTTP(w, r)
	case 2:
		f.reference.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	case 3:
		f.doLate(r)
		panic(http.ErrAbortHandler)
	default:
		f.reference.ServeHTTP(w, r)
	}
}

func (f *flaky) doLate(r *http.Request) {
	body, _ := io.ReadAll(r.Body) // what is missing is a request that fails
	again := r.Clone(context.WithoutCancel(r.Context()))
	again.Body = io.NopCloser(bytes.NewReader(body))
	f.late.Go(func() {
		<-time.After(rand.N(20 * time.Millisecond))
		f.reference.ServeHTTP(httptest.NewRecorder(), again)
	})
}

func says(status int, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body) // the client sees what is missing
	})
}

// TestUnknownOutcomes finds nothing, whatever became of what failed.
func TestUnknownOutcomes(t *testing.T) {
	t.Parallel()
	c := newCrashless(t)
	var fronts [2]*flaky
	var ends [2]func()
	references := c.references
	for n := range fronts {
		fronts[n] = &flaky{reference: c.servers[n]}
		ends[n] = c.serve(t, fronts[n])
	}
	c.references = c.references[2:]
	c.run(t, 4, 1000)
	for n, f := range fronts {
		ends[n]() // nothing more comes late
		f.late.Wait()
	}
	c.references = references
	c.check(t)
	assert.Empty(t, c.found.texts)
	assert.Greater(t, c.counted.unknown.Load(), int64(300))
	assert.Greater(t, c.counted.acknowledged.Load(), int64(1000))
}

// TestLoadFinds has a reference answer one thing otherwise.
func TestLoadFinds(t *testing.T) {
	t.Parallel()
	trash := func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/trash_bin") }
	comments := func(r *http.Request) bool {
		return r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/comments")
	}
	tests := []struct {
		name, kind, text string
		when             func(*http.Request) bool
		answer           http.Handler
	}{
		{"no answer", wrong, "no answer within", trash, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })},
		{"another status", wrong, "503", trash, says(http.StatusServiceUnavailable, `{"error": "Service Unavailable"}`)},
		{"another text", wrong, "other", trash, says(http.StatusNotFound, `{"error": "other"}`)},
		{"a 500 without an error", wrong, "500", trash, says(http.StatusInternalServerError, `<html>`)},
		{"a 200 without an ok", wrong, "200", trash, says(http.StatusOK, `{"ok": "no"}`)},
		{"not found", lost, "404", trash, says(http.StatusNotFound, `{"error": "asset not found"}`)},
		{"acknowledged and not done", lost, "deleted is", trash, says(http.StatusOK, `{"ok": "ok"}`)},
		{"no comments", lost, "but may be", comments, says(http.StatusOK, `{"comments": []}`)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newCrashless(t)
			c.patience = 300 * time.Millisecond
			c.serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if tt.when(r) {
					tt.answer.ServeHTTP(w, r)
				} else {
					c.servers[0].ServeHTTP(w, r)
				}
			}))
			c.references = c.references[2:]
			c.run(t, 1, 150)
			assert.True(t, slices.ContainsFunc(c.found.of(tt.kind), func(text string) bool { return strings.Contains(text, tt.text) }),
				"not among %q", c.found.texts)
		})
	}
}
