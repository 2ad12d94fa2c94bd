package fieldtest_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// waking is a target that does not answer so many times, first by closing the
// connection and then by its gateway.
type waking struct {
	http.Handler
	left  atomic.Int64
	first func()
}

func (w *waking) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	switch left := w.left.Add(-1); {
	case left > 2:
		w.first()
		panic(http.ErrAbortHandler)
	case left >= 0:
		rw.WriteHeader(http.StatusBadGateway)
	default:
		w.Handler.ServeHTTP(rw, r)
	}
}

func startWaking(t *testing.T, silent int64) (pocketcheck.Target, *waking) {
	t.Helper()
	target := referencetest.Target()
	w := &waking{Handler: target.Handler, first: func() {}}
	w.left.Store(silent)
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	return pocketcheck.Target{URL: server.URL, Key: target.Key}, w
}

// TestWait: a run begins when the target answers, and its deadline does then.
func TestWait(t *testing.T) {
	t.Parallel()
	target, waking := startWaking(t, 7)
	opts := pocketcheck.Options{Facts: []string{"comments.list.ok"}, Wait: time.Minute}
	result, err := pocketcheck.Run(t.Context(), target, opts)
	require.NoError(t, err)
	assert.Equal(t, report.Partial, result.Verdict, result.Stopped)
	assert.Negative(t, waking.left.Load())
}

// TestWaitEnds: a target that never answers is no verdict, and said to be away for as
// long as was waited.
func TestWaitEnds(t *testing.T) {
	t.Parallel()
	target, _ := startWaking(t, 1<<40)
	opts := pocketcheck.Options{Facts: []string{"comments.list.ok"}, Wait: 300 * time.Millisecond}
	result, err := pocketcheck.Run(t.Context(), target, opts)
	require.NoError(t, err)
	assert.Equal(t, report.Inconclusive, result.Verdict)
	assert.Equal(t, "the target "+target.URL+" is unreachable: no answer within 300ms: EOF", result.Stopped)
	assert.Equal(t, target.URL, result.Target)
}

// TestWaitIsInterrupted by the end of its context.
func TestWaitIsInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	target, waking := startWaking(t, 1<<40)
	waking.first = cancel
	result, err := pocketcheck.Run(ctx, target, pocketcheck.Options{Wait: time.Hour})
	require.NoError(t, err)
	assert.Equal(t, report.Inconclusive, result.Verdict)
	assert.Equal(t, "the run was interrupted", result.Stopped)
}
