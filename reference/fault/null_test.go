package fault_test

import (
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/fault"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNullServerPassesWhatHoldsForIt and nothing else.
func TestNullServerPassesWhatHoldsForIt(t *testing.T) {
	t.Parallel()
	for _, n := range fault.Nulls() {
		t.Run(n.Name, func(t *testing.T) {
			t.Parallel()
			var want []string
			for _, f := range fixtures.Facts() {
				if f.Untestable == "" && n.Holds(f.ID) {
					want = append(want, f.ID)
				}
			}
			result := check(t, n, pocketcheck.Options{Settle: -1, Concurrency: 1})
			assert.Equal(t, want, withOutcome(result, report.Passed))
			assert.NotEqual(t, report.Conformant, result.Verdict)
		})
	}
}

func TestServerTellsWhatTheStoreRefuses(t *testing.T) {
	t.Parallel()
	key := reference.HashKey(seedKey)
	twice := reference.Seed{Keys: []reference.UserKey{{Hash: key, UserID: 1}, {Hash: key, UserID: 2}}}
	_, _, err := fault.Faults()[0].Server(memory.New(), reference.Options{Seed: twice})
	require.ErrorIs(t, err, reference.ErrTaken)
	require.ErrorContains(t, err, fault.Faults()[0].Name)
}
