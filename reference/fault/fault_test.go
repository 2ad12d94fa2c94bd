package fault_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
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

const seedKey = "pocketcheck-admin-key"

func seed(t *testing.T) reference.Seed {
	t.Helper()
	s, err := reference.ReadSeed(bytes.NewReader(fixtures.Seed()))
	require.NoError(t, err)
	return s
}

// check runs the suite on a variant of a fresh reference.
func check(t *testing.T, v fault.Variant, opts pocketcheck.Options) *report.Report {
	t.Helper()
	handler, server, err := v.Server(memory.New(), reference.Options{Seed: seed(t)})
	require.NoError(t, err)
	result, err := pocketcheck.Run(t.Context(), pocketcheck.Target{
		Handler: handler, Key: pocketcheck.NewKey(seedKey),
		States: func(ctx context.Context, state string, params map[string]string) (map[string]string, error) {
			values, err := server.State(ctx, state, params)
			if errors.Is(err, reference.ErrStateNotOffered) {
				err = pocketcheck.ErrStateNotOffered
			}
			return values, err
		},
	}, opts)
	require.NoError(t, err)
	return result
}

// withOutcome gives the facts that came to it.
func withOutcome(r *report.Report, o report.Outcome) []string {
	var ids []string
	for _, f := range r.Facts {
		if f.Outcome == o {
			ids = append(ids, f.Fact.ID)
		}
	}
	return ids
}

// TestFaultBreaksItsFact: the suite fails the fact of a fault and those that say it
// again. It takes the first fault of each fact; "pocketcheck prove" takes all of
// them, and sees that no other fact of the endpoint fails.
func TestFaultBreaksItsFact(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, f := range fault.Faults() {
		if seen[f.Fact] {
			continue
		}
		seen[f.Fact] = true
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			require.NotEmpty(t, fixtures.FactOf(f.Fact).Endpoint, "a fault is named FACT/what-is-wrong, and no fact is called %s", f.Fact)
			failed := fixtures.SaidAgain(f.Fact)
			if f.Blames != nil {
				failed = f.Blames
			}
			opts := pocketcheck.Options{Settle: -1, Concurrency: 1, Facts: append([]string{f.Fact}, failed...)}
			if f.Strict {
				assert.Empty(t, check(t, f, opts).Failed(), "no example shows the text")
				opts.Wording = "strict"
			}
			result := check(t, f, opts)
			assert.Equal(t, failed, result.Failed(), "the first are to fail, the second do; where none does, the scenario does not see the fault, or nothing in it meets the fault's when")
			assert.Empty(t, withOutcome(result, report.Errored))
		})
	}
}

// TestEachFactHasAFault: what no fault breaks, nobody has seen fail.
func TestEachFactHasAFault(t *testing.T) {
	t.Parallel()
	faults, known, last := map[string]int{}, map[string]bool{}, 0
	for _, f := range fault.Faults() {
		assert.True(t, strings.HasPrefix(f.Name, f.Fact+"/"), f.Name)
		assert.False(t, known[f.Name], "%s is there twice", f.Name)
		faults[f.Fact]++
		known[f.Name] = true
		at := slices.IndexFunc(fixtures.Facts(), func(x fixtures.Fact) bool { return endpointOf(x.ID) == endpointOf(f.Fact) })
		assert.LessOrEqual(t, last, at, "%s is out of the document's order", f.Name)
		last = at
	}
	assert.GreaterOrEqual(t, len(known), 280)
	for _, f := range fixtures.Facts() {
		if f.Untestable == "" && f.SaysAgain == "" {
			assert.Positive(t, faults[f.ID],
				"no fault breaks %s: add one to the list of its resource in reference/fault, named %s/what-is-wrong", f.ID, f.ID)
		}
		delete(faults, f.ID)
	}
	for id := range faults {
		assert.Fail(t, "a fault breaks "+id+", which fixtures/facts.csv has not: add the fact there, or rename the fault after one")
	}
}

// endpointOf is what the ids of an endpoint's facts begin with.
func endpointOf(id string) string {
	words := strings.SplitN(id, ".", 3)
	return words[0] + "." + words[1]
}

func TestServerTellsWhatTheStoreRefuses(t *testing.T) {
	t.Parallel()
	key := reference.HashKey(seedKey)
	twice := reference.Seed{Keys: []reference.UserKey{{Hash: key, UserID: 1}, {Hash: key, UserID: 2}}}
	_, _, err := fault.Faults()[0].Server(memory.New(), reference.Options{Seed: twice})
	require.ErrorIs(t, err, reference.ErrTaken)
	require.ErrorContains(t, err, fault.Faults()[0].Name)
}
