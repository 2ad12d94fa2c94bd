package fieldtest_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// closing answers like h, and closes the connection some time after each answer,
// without a word.
func closing(h http.Handler, after time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, r)
		conn, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		head := "HTTP/1.1 " + strconv.Itoa(answer.Code) + " " + http.StatusText(answer.Code) +
			"\r\nContent-Type: application/json\r\nContent-Length: " + strconv.Itoa(answer.Body.Len()) + "\r\n\r\n"
		_, _ = buffered.WriteString(head + answer.Body.String()) // who has gone needs no answer
		_ = buffered.Flush()
		time.AfterFunc(after, func() { _ = conn.Close() })
	})
}

// cutting breaks off all connections of a server with every so many requests.
func cutting(h http.Handler, every int32, cut func()) http.Handler {
	var asked atomic.Int32
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1)%every == 0 {
			cut()
		}
		h.ServeHTTP(w, r)
	})
}

// open are the connections of a server.
type open struct {
	mu    sync.Mutex
	conns map[net.Conn]bool
}

func (o *open) keep(c net.Conn, state http.ConnState) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.conns[c] = true; state == http.StateClosed || state == http.StateHijacked {
		delete(o.conns, c)
	}
}

func (o *open) cut() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for c := range o.conns {
		_ = c.Close() // it is to be broken
	}
}

// TestConnectionsThatEnd bend nothing: a server may close them whenever it likes, and
// with HTTP/2 one is that of all requests.
func TestConnectionsThatEnd(t *testing.T) {
	referencetest.Again(t)
	t.Parallel()
	target := referencetest.Target()
	for name, start := range map[string]func(*open) *httptest.Server{
		"after each answer":      func(*open) *httptest.Server { return httptest.NewServer(closing(target.Handler, 0)) },
		"5 ms after each answer": func(*open) *httptest.Server { return httptest.NewServer(closing(target.Handler, 5*time.Millisecond)) },
		"now and then": func(o *open) *httptest.Server {
			s := httptest.NewUnstartedServer(cutting(target.Handler, 200, o.cut))
			s.Config.ConnState = o.keep
			s.Start()
			return s
		},
		"now and then, HTTP/2": func(o *open) *httptest.Server {
			s := httptest.NewUnstartedServer(cutting(target.Handler, 200, o.cut))
			s.EnableHTTP2, s.Config.ConnState = true, o.keep
			s.StartTLS()
			return s
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(&open{conns: map[net.Conn]bool{}})
			defer server.Close()
			reached := target
			reached.Handler, reached.URL = nil, server.URL
			if server.TLS != nil {
				reached.TLS = server.Client().Transport.(*http.Transport).TLSClientConfig
			}
			result, err := pocketcheck.Run(t.Context(), reached, pocketcheck.Options{Concurrency: 64, Facts: []string{"assets.*", "comments.*"}})
			require.NoError(t, err)
			for _, f := range result.Facts {
				assert.NotContains(t, []report.Outcome{report.Failed, report.Errored, report.Blocked}, f.Outcome, "%s: %s", f.Fact.ID, f.Reason)
			}
			assert.Empty(t, result.Stopped)
			for _, line := range result.CleanUp.LeftBehind {
				assert.Contains(t, line, "perhaps")
			}
		})
	}
}
