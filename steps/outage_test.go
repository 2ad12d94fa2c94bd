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
