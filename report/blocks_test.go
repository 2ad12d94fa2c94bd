package report_test

import (
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWhatAKnownFailureBlocksIsKnown: a fact that a known failure blocks is known
// where the list names it, or says nothing of how the failure looks.
func TestWhatAKnownFailureBlocksIsKnown(t *testing.T) {
	t.Parallel()
	const blocked, passing = "comments.get.ok", "comments.list.asset-not-found"
	fails := []string{"status is 418, want 200"}
	known := func(blocks ...string) report.Deviation {
		return report.Deviation{Fact: ok, Reason: "known", Fails: fails, Blocks: blocks}
	}
	for _, tt := range []struct {
		name  string
		list  []report.Deviation
		isNew bool
	}{
		{"whatever is wrong", []report.Deviation{{Fact: ok, Reason: "known"}}, false},
		{"by its id", []report.Deviation{known(blocked)}, false},
		{"by a glob", []report.Deviation{known("comments.get.*")}, false},
		{"beside one that passes", []report.Deviation{known(blocked, passing)}, false},
		{"beside one that is not checked", []report.Deviation{known("assets.get.ok", blocked)}, false},
		{"by another that is known", []report.Deviation{known(), {Fact: "assets.get.ok", Reason: "known", Blocks: []string{blocked}}}, false},
		{"listed itself", []report.Deviation{known(), {Fact: blocked, Reason: "known", Fails: fails}}, false},
		{"not listed", []report.Deviation{known()}, true},
		{"not listed, whatever is wrong", []report.Deviation{{Fact: ok, Reason: "known", Blocks: []string{passing}}}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			result := listed(t, tt.list...)
			account := result.Accounts(0)[blocked]
			assert.Equal(t, tt.isNew, account.Fails, account.Text)
			if !tt.isNew {
				assert.Equal(t, report.Partial, result.BesideDeviations())
				assert.Empty(t, result.Outdated)
				return
			}
			assert.Equal(t, report.NonConformant, result.BesideDeviations())
			assert.Equal(t, []string{ok + " blocks 1 fact that it is not known to block: " + blocked + "; mend the target or add to its blocks"}, result.Outdated)
			text := rendered(t, result, "txt")
			assert.Contains(t, text, "\n    repeat:\n", "a script shows what is blocked")
			assert.Contains(t, text, "non-conformant (1 known deviation, 1 fact newly blocked), ")
			assert.NotContains(t, text, "because of known deviations")
		})
	}
}

// TestWrittenBlocksFollowTheRun: what is checked again goes, what is blocked anew
// comes, and the reason stays.
func TestWrittenBlocksFollowTheRun(t *testing.T) {
	t.Parallel()
	long := []string{"assets.get.ok", "assets.[a-c]*", "assets.delete.ok", "assets.delete.not-found", "comments.update.ok"}
	list := []report.Deviation{{
		Fact: ok, Reason: "DAM-1", Fails: []string{"status is 418, want 200"}, Blocks: append(long, "comments.list.asset-not-found"),
	}}
	var b strings.Builder
	require.NoError(t, listed(t, list...).WriteDeviations(&b, "new"))
	assert.Contains(t, b.String(), `  reason: "DAM-1"
  fails: "status is 418, want 200"
  blocks: [assets.get.ok, "assets.[a-c]*", assets.delete.ok, assets.delete.not-found,
    comments.update.ok, comments.get.ok]
`)
}

func TestBlocksNameFacts(t *testing.T) {
	t.Parallel()
	d := report.Deviation{Fact: ok, Reason: "known", Blocks: []string{"assets.*", "assets.nope"}}
	require.EqualError(t, d.Check(), ok+` blocks "assets.nope", and no testable fact is called that; "pocketcheck facts" lists them`)
}
