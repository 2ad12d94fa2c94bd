//go:build unix

package performance

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
)

// target is the reference in memory, as far away as it is told to be.
type target struct {
	url, states string
	away        atomic.Int64 // nanoseconds that an answer takes besides
	requests    atomic.Int64

	mu     sync.Mutex
	record bool
	sent   []sent
	ids    []string
}

func newTarget(b *testing.B) *target {
	b.Helper()
	seed, err := reference.ReadSeed(bytes.NewReader(fixtures.Seed()))
	require.NoError(b, err)
	server, err := reference.New(memory.New(), reference.Options{Seed: seed})
	require.NoError(b, err)
	t := &target{}
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.requests.Add(1)
		time.Sleep(time.Duration(t.away.Load())) // this is the distance, not a wait
		if !t.record {
			server.ServeHTTP(w, r)
			return
		}
		t.keep(server, w, r)
	}))
	states := httptest.NewServer(server.Control())
	b.Cleanup(api.Close)
	b.Cleanup(states.Close)
	t.url, t.states = api.URL, states.URL+"/states"
	return t
}

// keep records a request with its answer.
func (t *target) keep(server http.Handler, w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body) // a broken one is shorter
	r.Body = io.NopCloser(bytes.NewReader(body))
	got := httptest.NewRecorder()
	server.ServeHTTP(got, r)
	t.mu.Lock()
	defer t.mu.Unlock()
	s := sent{Method: r.Method, Path: split(r.URL.RequestURI(), t.ids), Body: split(string(body), t.ids), Header: http.Header{}}
	for _, name := range []string{"X-Api-Key", "Content-Type"} {
		if values, ok := r.Header[name]; ok {
			s.Header[name] = values
		}
	}
	if id := gjson.GetBytes(got.Body.Bytes(), "asset.id").String(); r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/assets") && id != "" {
		s.Gives = true
		t.ids = append(t.ids, id)
	}
	t.sent = append(t.sent, s)
	for name, values := range got.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(got.Code)
	_, _ = w.Write(got.Body.Bytes()) // who has gone needs no answer
}

// recorded is a file with the requests of a whole run, and with what they are answered
// when they are sent again: the keys of provider states are gone then.
func (t *target) recorded(b *testing.B, run func()) string {
	b.Helper()
	t.record = true
	run()
	t.record = false
	var ids []string
	for i := range t.sent {
		s := &t.sent[i]
		status, answer, err := s.send(t.url, ids)
		require.NoError(b, err)
		if s.Gives {
			ids = append(ids, gjson.GetBytes(answer, "asset.id").String())
		}
		s.Status, s.Answer = status, membersOf(answer)
	}
	return written(b, t.sent)
}

// written is a file with requests, for the loop.
func written(b *testing.B, all []sent) string {
	b.Helper()
	text, err := json.Marshal(all)
	require.NoError(b, err)
	path := filepath.Join(b.TempDir(), "sent.json")
	require.NoError(b, os.WriteFile(path, text, 0o600))
	return path
}
