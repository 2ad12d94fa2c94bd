package fieldtest_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/fault"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWordingHasLevels: each level wants the texts of those below it, and a text that
// a level accepts is one whose failure names it.
func TestWordingHasLevels(t *testing.T) {
	t.Parallel()
	tests := []struct {
		fault, fact string
		accepted    []string // the levels
		says        string   // the failure at the others
	}{
		{"comments.get.comment-not-found/short-text", "comments.get.comment-not-found", []string{"lenient"}, "; --wording lenient accepts other texts"},
		{"comments.create.param-comment/other-word", "comments.create.param-comment", []string{"lenient", "", "documented"}, "; --wording documented accepts other texts"},
		{"comments.create.param-comment/unnamed", "comments.create.param-comment", nil, "a text that names comment"},
		{"assets.create.missing-title/other-word", "assets.create.missing-title", nil, `want "Missing parameter title"`},
	}
	for _, tt := range tests {
		for _, wording := range []string{"lenient", "", "documented", "strict"} {
			t.Run(tt.fault+" "+wording, func(t *testing.T) {
				t.Parallel()
				result, err := pocketcheck.Run(t.Context(), withFault(t, tt.fault),
					pocketcheck.Options{Facts: []string{tt.fact}, Settle: -1, Wording: wording})
				require.NoError(t, err)
				got := result.Facts[slices.IndexFunc(result.Facts, func(f report.Result) bool { return f.Fact.ID == tt.fact })]
				if slices.Contains(tt.accepted, wording) {
					assert.Equal(t, report.Passed, got.Outcome, got.Reason)
					return
				}
				assert.Equal(t, report.Failed, got.Outcome)
				assert.Contains(t, got.Reason, tt.says)
			})
		}
	}
}

// withFault is a fresh reference with a fault.
func withFault(t *testing.T, name string) pocketcheck.Target {
	t.Helper()
	faults := fault.Faults()
	i := slices.IndexFunc(faults, func(v fault.Variant) bool { return v.Name == name })
	require.GreaterOrEqual(t, i, 0, name)
	return varied(t, faults[i])
}

// varied is a fresh reference with a fault or a freedom.
func varied(t *testing.T, v fault.Variant) pocketcheck.Target {
	t.Helper()
	seed, err := reference.ReadSeed(bytes.NewReader(fixtures.Seed()))
	require.NoError(t, err)
	handler, server, err := v.Server(memory.New(), reference.Options{Seed: seed})
	require.NoError(t, err)
	return pocketcheck.Target{Handler: handler, Key: pocketcheck.NewKey(referencetest.Key), States: server.State}
}
