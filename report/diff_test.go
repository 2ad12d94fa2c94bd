package report_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// withOutcomes is the record of a report of as many facts, a, b, c …, as there are
// letters: p for passed, f failed, k failed as known, b blocked by a, v that anew,
// c blocked by b, e without an answer, n not reached, u unprovisioned, d deselected, t
// untestable, - not there.
func withOutcomes(t *testing.T, letters, stopped string) *report.Record {
	t.Helper()
	result := &report.Report{Verdict: report.Partial, Stopped: stopped}
	kinds := map[rune]report.Result{
		'p': {Outcome: report.Passed},
		'f': {Outcome: report.Failed, Reason: "wrong", Scenarios: []report.Scenario{{Outcome: report.Failed, Failure: &report.Failure{}}}},
		'x': failing("$.error is missing, want a string"),
		's': failing("status is 404, want 403"),
		'g': failing("status is 200, want 403"),
		'k': {Outcome: report.Failed, Reason: "wrong", Deviation: &report.Deviation{Reason: "known"}},
		'b': {Outcome: report.Blocked, Reason: "blocked", BlockedBy: "a"},
		'v': {Outcome: report.Blocked, Reason: "blocked", BlockedBy: "a", NewlyBlocked: true},
		'c': {Outcome: report.Blocked, Reason: "blocked", BlockedBy: "b"},
		'e': {Outcome: report.Errored, Reason: "no answer", Scenarios: []report.Scenario{{Outcome: report.Errored}}},
		'n': {Outcome: report.Errored, Reason: "not reached"},
		'u': {Outcome: report.Unprovisioned, Reason: "lacks"},
		'd': {Outcome: report.Deselected, Reason: "not selected"},
		't': {Outcome: report.Untestable, Reason: "untestable"},
	}
	for i, letter := range letters {
		if r, ok := kinds[letter]; ok {
			r.Fact = fixtures.Fact{ID: string(rune('a' + i))}
			result.Facts = append(result.Facts, r)
		}
	}
	return record(t, result)
}

func failing(fails string) report.Result {
	return report.Result{Outcome: report.Failed, Reason: "wrong", Scenarios: []report.Scenario{
		{Outcome: report.Failed, Failure: &report.Failure{Fails: fails}},
	}}
}

func TestDiff(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, before, after, stopped string
		want                         string // each list's facts, as summed up below
		regression                   bool
	}{
		{"nothing", "pfbeudt", "pfbeudt", "", "", false},
		{"broken", "ppp", "fbe", "", "broken abc", true},
		{"mended", "fbe", "ppp", "", "mended abc", false},
		{"untested", "pppfbn", "udtutn", "", "untested abcde", false},
		{"tested", "udtnu", "pfpff", "", "tested abcde", false},
		{"otherwise", "fudn", "bdtu", "", "others abcd", false},
		{"failing as before", "xsg", "xsg", "", "", false},
		{"failing less gravely", "sgg", "xxs", "", "failures abc", false},
		{"failing more gravely", "xg", "sg", "", "failures a", true},
		{"let in", "s", "g", "", "failures a", true},
		{"added", "p-", "pf", "", "added b", false},
		{"gone", "pp", "p-", "", "gone b", false},
		{"known", "pp", "kb", "", "broken ab", false},
		{"known through another", "ppp", "kbc", "", "broken abc", false},
		{"known, and blocking anew", "pp", "kv", "", "broken ab", true},
		{"known and new", "ppp", "kbf", "", "broken abc", true},
		{"stopped", "pp", "pn", "interrupted", "untested b", true},
		{"stopped, but nothing is lost", "pu", "pn", "interrupted", "others b", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			changes := withOutcomes(t, tt.before, "").Diff(withOutcomes(t, tt.after, tt.stopped))
			var got []string
			for _, list := range []struct {
				name  string
				facts []report.Changed
			}{
				{"broken", changes.Broken}, {"mended", changes.Mended}, {"untested", changes.Untested}, {"tested", changes.Tested},
				{"failures", changes.Failures}, {"others", changes.Others}, {"added", changes.Added}, {"gone", changes.Gone},
			} {
				ids := ""
				for _, f := range list.facts {
					ids += f.Fact
				}
				if ids != "" {
					got = append(got, list.name+" "+ids)
				}
			}
			assert.Equal(t, tt.want, strings.Join(got, ", "))
			assert.Equal(t, tt.regression, changes.Regression)
			assert.Empty(t, changes.Warnings)
		})
	}
}

func TestDiffAsText(t *testing.T) {
	t.Parallel()
	before := withOutcomes(t, "ppppppppppppp", "")
	before.Suite = "0.0.9"
	var b strings.Builder
	require.NoError(t, before.Diff(withOutcomes(t, "kbfuuuuuuuuuu-p", "")).WriteText(&b))
	assert.Equal(t, `old: partial, 0001-01-01 00:00:00, 
new: partial, 0001-01-01 00:00:00, 
warning: the suites differ, "0.0.9" and "`+report.Version+`"
warning: so a difference may be the suite's or the run's, not the target's
broken: 3 facts
    passed -> failed: a
        a known deviation
        wrong
    passed -> blocked: b
        a known deviation
        blocked
    passed -> failed: c
        wrong
newly untested: 10 facts
    passed -> unprovisioned: d e f g h i j k l m
        lacks
new in the table: 1 fact
    passed: o
regression: 3 broken (2 known), 0 mended, 10 newly untested, 0 newly tested
`, b.String())

	b.Reset()
	require.NoError(t, withOutcomes(t, "s", "").Diff(withOutcomes(t, "g", "")).WriteText(&b))
	assert.Contains(t, b.String(), `failing in another way: 1 fact
    failed -> failed: a
        was: status is 404, want 403
        now: status is 200, want 403
regression: 0 broken, 0 mended, 0 newly untested, 0 newly tested, 1 failing in another way
`)

	b.Reset()
	all := record(t, everyOutcome())
	require.NoError(t, all.Diff(withOutcomes(t, "p", "")).WriteText(&b))
	require.NoError(t, withOutcomes(t, "p", hostile).Diff(all).WriteText(&b))
	assertPlain(t, b.String())
	for line := range strings.Lines(b.String()) {
		assert.LessOrEqual(t, len([]rune(line)), 81, line)
		assert.NotEqual(t, forged, strings.TrimSpace(line))
	}
}

// TestDiffWarnsOfRunsThatDiffer in how they were made: they are told apart.
func TestDiffWarnsOfRunsThatDiffer(t *testing.T) {
	t.Parallel()
	usual, other := withOutcomes(t, "p", ""), withOutcomes(t, "p", "")
	other.Wording, other.ReadOnly = "strict", true
	assert.Equal(t, []string{
		`the levels of wording differ, "documented" and "strict"`, "the new run was read only, the old one was not",
	}, usual.Diff(other).Warnings)
	assert.Equal(t, []string{
		`the levels of wording differ, "strict" and "documented"`, "the old run was read only, the new one was not",
	}, other.Diff(usual).Warnings)
	assert.Empty(t, other.Diff(other).Warnings)
	var b strings.Builder
	require.NoError(t, usual.Diff(other).WriteText(&b))
	assert.Contains(t, b.String(), "     read only\n     wording strict\n")
}

func TestDiffAsJSON(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	require.NoError(t, withOutcomes(t, "pp", "").Diff(withOutcomes(t, "kf", "")).WriteJSON(&b))
	var got map[string]any
	require.NoError(t, json.Unmarshal([]byte(b.String()), &got))
	assert.Equal(t, true, got["regression"])
	assert.Equal(t, []any{
		map[string]any{"id": "a", "old": "passed", "new": "failed", "reason": "wrong", "known_deviation": true},
		map[string]any{"id": "b", "old": "passed", "new": "failed", "reason": "wrong"},
	}, got["broken"])
	for _, list := range []string{"warnings", "mended", "newly_untested", "newly_tested", "failures_changed", "otherwise_changed", "added", "gone"} {
		assert.Equal(t, []any{}, got[list], list)
	}
	assert.Equal(t, "partial", got["old"].(map[string]any)["verdict"])
}
