package steps

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pocketcheck/pocketcheck/features"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/steps/wire"
	"github.com/stretchr/testify/require"
)

const latency = 5 * time.Millisecond

// near is the reference without a network before it, so that a test's bubble has the
// time. What is in between is asked first.
type near struct {
	reference *reference.Server
	between   func(r *http.Request) trouble
	mu        sync.Mutex
	asked     int
	began     time.Time
}

// trouble is what comes of a request; the zero trouble lets it through.
type trouble struct {
	status int
	header http.Header
	body   string
	err    error
	sent   bool // err comes after the request was sent
	done   bool // it comes after the request was carried out
}

var (
	refuses = trouble{err: &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}}
	resets  = trouble{err: &net.OpError{Op: "read", Err: syscall.ECONNRESET}, sent: true}
	loses   = trouble{err: io.ErrUnexpectedEOF, sent: true, done: true}
)

func answers(status int) trouble { return trouble{status: status, header: http.Header{}} }

func (n *near) RoundTrip(r *http.Request) (*http.Response, error) {
	if !wire.Sleep(r.Context(), latency) { // of the bubble's time
		return nil, context.Cause(r.Context())
	}
	n.mu.Lock()
	n.asked++
	n.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	t := n.between(r)
	r.Body = io.NopCloser(bytes.NewReader(body))
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil && (t.err == nil || t.sent) {
		trace.WroteHeaders()
	}
	answer := httptest.NewRecorder()
	if t.status == 0 && t.err == nil || t.done {
		n.reference.ServeHTTP(answer, r)
	}
	switch {
	case t.err != nil:
		return nil, t.err
	case t.status != 0:
		return &http.Response{StatusCode: t.status, Header: t.header, Body: io.NopCloser(strings.NewReader(cmp.Or(t.body, "<html>busy</html>")))}, nil
	}
	return answer.Result(), nil
}

// checkNear runs all features on the reference with something in between, in a time
// that is the test's.
func checkNear(t *testing.T, between func(n *near, r *http.Request) trouble, change func(*Config), want func(*testing.T, *near, *Result)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		n, result := runNear(t.Context(), t, between, change)
		want(t, n, result)
	})
}

// runNear does so in a bubble that is there.
func runNear(ctx context.Context, t *testing.T, between func(n *near, r *http.Request) trouble, change func(*Config)) (*near, *Result) {
	t.Helper()
	seed, err := reference.ReadSeed(bytes.NewReader(fixtures.Seed()))
	require.NoError(t, err)
	server, err := reference.New(memory.New(), reference.Options{Seed: seed})
	require.NoError(t, err)
	n := &near{reference: server, began: time.Now()}
	n.between = func(r *http.Request) trouble { return between(n, r) }
	facts := map[string]fixtures.Fact{}
	for _, f := range fixtures.Facts() {
		isOf := func(prefix string) bool { return strings.HasPrefix(f.ID, prefix) }
		if f.Untestable == "" && slices.ContainsFunc([]string{"assets.update", "comments.list", "comments.update", "trash"}, isOf) {
			facts[f.ID] = f
		}
	}
	c := Config{
		URL: "http://example.com", Key: wire.NewKey(adminKey), Facts: facts, Concurrency: 16, Timeout: 10 * time.Second,
		Settle: 2 * time.Second, Shuffle: -1, transport: n,
		States: (&target{reference: server}).states,
	}
	if change != nil {
		change(&c)
	}
	result, err := Run(ctx, features.All(), c)
	require.NoError(t, err)
	return n, result
}
