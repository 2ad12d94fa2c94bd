package steps

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// nothing is in between.
func nothing(*near, *http.Request) trouble { return trouble{} }

// TestStatesThatCantBeSetUp end in no result for what needs them, and not in waiting
// for each scenario anew.
func TestStatesThatCantBeSetUp(t *testing.T) {
	t.Parallel()
	isStates := func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/states") }
	for name, meets := range map[string]trouble{"refused": refuses, "503": answers(503), "reset": resets} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			checkNear(t, func(n *near, r *http.Request) trouble {
				n.mu.Lock()
				defer n.mu.Unlock()
				if isStates(r) {
					asked++
					return meets
				}
				return trouble{}
			}, func(c *Config) { c.States, c.StatesURL = nil, "http://example.com/states" }, func(t *testing.T, n *near, r *Result) {
				require.NoError(t, r.Unreachable)
				needs := 0
				for _, s := range r.Scenarios {
					if s.Outcome != report.Passed {
						needs++
						assert.Equal(t, report.Errored, s.Outcome, s.Reason)
						assert.Contains(t, s.Reason, "set up provider state")
					}
				}
				assert.Greater(t, needs, 10)
				assert.Less(t, asked, 7*(needs+enough), "each tries in place, and but one of them alone")
				assert.Less(t, time.Since(n.began), time.Minute)
			})
		})
	}
}

// TestCleanUpWaitsForItsTurn: a pace at which many wait for long leaves nothing behind.
func TestCleanUpWaitsForItsTurn(t *testing.T) {
	t.Parallel()
	checkNear(t, nothing, func(c *Config) { c.Rate = 0.2 }, func(t *testing.T, _ *near, r *Result) {
		assert.Empty(t, r.Ledger.LeftBehind)
		assert.Equal(t, r.Ledger.Made, r.Ledger.Removed)
	})
}

// TestCleanUpOfWhatHangs: that no GET is answered says nothing of a DELETE, and what is not
// removed is told with the time at which the target stopped.
func TestCleanUpOfWhatHangs(t *testing.T) {
	t.Parallel()
	apart := func(c *Config) { c.Rate = 5 } // time passes between an answer and the next request
	for name, tt := range map[string]struct {
		hangs  func(*http.Request) bool
		after  int // requests
		change func(*Config)
		left   string
	}{
		"GET":      {func(r *http.Request) bool { return r.Method == http.MethodGet }, 0, apart, ""},
		"anything": {func(*http.Request) bool { return true }, 2, nil, "00:00:20 UTC: no answer within 30s"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkNear(t, func(n *near, r *http.Request) trouble {
				n.mu.Lock()
				isMade := n.asked > tt.after
				n.mu.Unlock()
				if isMade && tt.hangs(r) {
					return hangs(r)
				}
				return trouble{}
			}, tt.change, func(t *testing.T, _ *near, r *Result) {
				require.Positive(t, r.Ledger.Made)
				if tt.left == "" {
					assert.Empty(t, r.Ledger.LeftBehind)
					return
				}
				require.NotEmpty(t, r.Ledger.LeftBehind)
				assert.Contains(t, r.Ledger.LeftBehind[0], tt.left)
			})
		})
	}
}
