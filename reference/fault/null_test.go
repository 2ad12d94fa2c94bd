package fault_test

import (
	"path"
	"slices"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/fault"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// holding is the facts that hold for a null server: the patterns that name them,
// and those that name the exceptions.
type holding struct{ facts, but []string }

// onAnything hold for a server that answers everything with 200.
var onAnything = []string{
	"assets.create.param-description", "assets.create.param-category", "assets.create.param-tags",
}

var holds = map[string]holding{
	"null/200":  {facts: onAnything},
	"null/echo": {facts: onAnything},
	"null/404":  {facts: []string{"*.asset-not-found", "assets.*.not-found", "*.err-404"}},
	"null/401":  {},
	"null/500":  {facts: []string{"assets.create.err-500"}},
	"null/writes-ignored": {
		facts: []string{
			"*.asset-not-found", "assets.*.not-found", "*.err-404", "*.err-401", "*.hdr-x-api-key", "*.err-500", "assets.create.*",
		},
		but: []string{
			"comments.[udg]*.err-[45]0[01]", "comments.[udg]*.hdr-x-api-key", "trash.restore.err-[45]0[01]", "trash.restore.hdr-x-api-key",
			"media.download_url.err-401", "media.download_url.hdr-x-api-key", "assets.create.external-id-taken",
			"assets.create.ok*.effect", "assets.create.param-external_id.effect", "assets.create.any-script.effect",
		},
	},
	"null/one-user": {facts: []string{"*"}, but: []string{"*.err-500", "*.no-permission"}},
}

func matches(patterns []string, id string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { ok, _ := path.Match(p, id); return ok })
}

// TestNullServerPassesWhatHoldsForIt and nothing else.
func TestNullServerPassesWhatHoldsForIt(t *testing.T) {
	t.Parallel()
	require.Len(t, fault.Nulls(), len(holds))
	for _, n := range fault.Nulls() {
		t.Run(n.Name, func(t *testing.T) {
			t.Parallel()
			h, known := holds[n.Name]
			require.True(t, known)
			var want []string
			for _, f := range fixtures.Facts() {
				if f.Untestable == "" && matches(h.facts, f.ID) && !matches(h.but, f.ID) {
					want = append(want, f.ID)
				}
			}
			report := check(t, n, pocketcheck.Options{Settle: -1, Concurrency: 1})
			assert.Equal(t, want, withOutcome(report, pocketcheck.Passed))
			assert.NotEqual(t, pocketcheck.Conformant, report.Verdict)
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
