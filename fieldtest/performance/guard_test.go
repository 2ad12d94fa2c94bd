package performance

import (
	"bytes"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/report"
)

// What a whole run may take, a little more than it takes: who needs more has a reason.
const (
	key             = "pocketcheck-admin-key"
	concurrency     = 16
	mostRequests    = 1_800    // for all facts, clean-up with it
	mostAllocations = 670      // for each request, those of the reference in this process with it
	mostOfAFact     = 3_250    // allocations
	mostToRead      = 34       // allocations of the reference for reading an asset
	mostToWrite     = 42       // and for a comment
	mostBytes       = 38 << 20 // of the command

	// Those that are kept, and one for each request that must not be lost with one: the
	// first creation, and those of an internal failure, which a target has once.
	mostConnections = concurrency + 24
)

// letGo is how long a connection rests at least before one end lets it go though it could be
// used again, as happens on a busy machine: net/http waits so long for a request to be
// written whole, and the suite keeps one that it does not use for a second.
const letGo = 50 * time.Millisecond

// counted is the reference in this process, which counts.
type counted struct {
	*httptest.Server
	reference             *reference.Server
	requests, connections atomic.Int64
	rested, excused       atomic.Int64 // connections that were let go, and those in whose place another may have come
	idle                  sync.Map     // since when connections are
}

func newCounted(t *testing.T) *counted {
	t.Helper()
	seed, err := reference.ReadSeed(bytes.NewReader(fixtures.Seed()))
	require.NoError(t, err)
	c := &counted{}
	c.reference, err = reference.New(memory.New(), reference.Options{Seed: seed})
	require.NoError(t, err)
	c.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.requests.Add(1)
		c.reference.ServeHTTP(w, r)
	}))
	c.Config.ConnState = func(conn net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			c.connections.Add(1)
			c.excused.Store(c.rested.Load()) // not those of the end
		case http.StateIdle:
			c.idle.Store(conn, time.Now())
		case http.StateActive:
			c.idle.Delete(conn)
		case http.StateClosed:
			if since, isIdle := c.idle.Load(conn); isIdle && time.Since(since.(time.Time)) > letGo {
				c.rested.Add(1)
			}
		}
	}
	c.Start()
	t.Cleanup(c.Close)
	return c
}

// TestCosts is not parallel, and the only one here: allocations are those of the process.
func TestCosts(t *testing.T) {
	c := newCounted(t)
	target := pocketcheck.Target{URL: c.URL, Key: pocketcheck.NewKey(key), States: c.reference.State}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{Concurrency: concurrency})
	runtime.ReadMemStats(&after)
	require.NoError(t, err)
	require.Equal(t, report.Conformant, r.Verdict)

	requests, allocations := c.requests.Load(), int64(after.Mallocs-before.Mallocs)
	t.Logf("%d requests on %d connections, %d allocations, %d facts", requests, c.connections.Load(), allocations, len(r.Facts))
	assert.LessOrEqual(t, requests, int64(mostRequests))
	assert.LessOrEqual(t, c.connections.Load()-c.excused.Load(), int64(mostConnections))
	assert.LessOrEqual(t, allocations/requests, int64(mostAllocations), "allocations for each request")
	assert.LessOrEqual(t, allocations/int64(len(r.Facts)), int64(mostOfAFact), "allocations for each fact")

	seed, err := reference.ReadSeed(bytes.NewReader(fixtures.Seed()))
	require.NoError(t, err)
	sample := "/api/v2/assets/" + seed.Assets[0].ID
	read, written := c.allocations(t, http.MethodGet, sample, ""), c.allocations(t, http.MethodPost, sample+"/comments", `{"comment":"a comment"}`)
	t.Logf("%g allocations for reading an asset, %g for a comment", read, written)
	assert.LessOrEqual(t, read, float64(mostToRead))
	assert.LessOrEqual(t, written, float64(mostToWrite))
}

// allocations are those that the reference takes for a request, with a client's own.
func (c *counted) allocations(t *testing.T, method, path, body string) float64 {
	t.Helper()
	return testing.AllocsPerRun(500, func() {
		asked := httptest.NewRequest(method, path, strings.NewReader(body))
		asked.Header.Set("X-API-KEY", key)
		answer := httptest.NewRecorder()
		c.reference.ServeHTTP(answer, asked)
		require.Equal(t, http.StatusOK, answer.Code)
	})
}

// TestSize: what is linked into the command is there for a reason.
func TestSize(t *testing.T) {
	program := filepath.Join(t.TempDir(), "pocketcheck")
	built := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, "../../cmd/pocketcheck")
	built.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64")
	said, err := built.CombinedOutput()
	require.NoError(t, err, "%s", said)
	file, err := os.Stat(program)
	require.NoError(t, err)
	t.Logf("%d bytes", file.Size())
	assert.LessOrEqual(t, file.Size(), int64(mostBytes))
}
