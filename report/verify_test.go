package report_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mixed is the JSON report of a target with every outcome that a run can have,
// apart from an answer that is missing.
var mixed = sync.OnceValues(func() (string, error) {
	result, err := pocketcheck.Run(context.Background(), referencetest.Faulty(), pocketcheck.Options{
		Settle: -1, Facts: []string{"comments.*", "dag_actions.*", "assets.get.*"},
		Deviations: []report.Deviation{{Fact: "comments.create.ok", Reason: "known", Fails: []string{"status is 418, want 200"}, Blocks: []string{"*"}}},
	})
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = result.WriteJSON(&b)
	return b.String(), err
})

type object = map[string]any

// tampered gives the checks that a report fails after a change of it.
func tampered(t *testing.T, text string, change func(result object)) []string {
	t.Helper()
	var result object
	require.NoError(t, json.Unmarshal([]byte(text), &result))
	change(result)
	changed, err := json.Marshal(result)
	require.NoError(t, err)
	r, err := report.ReadJSON(strings.NewReader(string(changed)))
	require.NoError(t, err)
	var failed []string
	for _, c := range r.Verify() {
		if len(c.Problems) > 0 {
			failed = append(failed, c.Holds)
		}
	}
	return failed
}

// factOf is a fact of a report with an outcome, which no deviation excuses.
func factOf(result object, outcome string) object {
	for _, f := range result["facts"].([]any) {
		if f := f.(object); f["outcome"] == outcome && f["deviation"] == nil {
			return f
		}
	}
	return object{}
}

// deviationOf is the deviation of the fact that has one.
func deviationOf(result object) object {
	for _, f := range result["facts"].([]any) {
		if d, ok := f.(object)["deviation"].(object); ok {
			return d
		}
	}
	return object{}
}

// sets changes one member of a fact with an outcome.
func sets(outcome, name string, value any) func(object) {
	return func(result object) { factOf(result, outcome)[name] = value }
}

// turns gives a fact another outcome, and counts it as that.
func turns(from, to string) func(object) {
	return func(result object) {
		factOf(result, from)["outcome"] = to
		c := result["counts"].(object)
		c[from], c[to] = c[from].(float64)-1, c[to].(float64)+1
	}
}

// What a report must hold to, as its checks put it.
const (
	document  = "the document is the one that this pocketcheck checks"
	scenarios = "the scenarios are those of this pocketcheck"
	once      = "every fact of the table is there once, and no other"
	row       = "what it says of a fact is what the table says"
	testable  = "only what can't be tested is untestable"
	outcomes  = "each outcome has what belongs to it"
	excused   = "known deviations are failures, with a reason"
	counts    = "the counts are those of the facts"
	verdict   = "the verdict follows from the outcomes"
)

// forgeries are changes of a report, with the checks that notice them.
var forgeries = []struct {
	name   string
	change func(result object)
	want   []string
}{
	{"nothing", func(object) {}, nil},
	{"document", func(r object) { r["document_sha256"] = "0" }, []string{document}},
	{"features", func(r object) { r["features_sha256"] = "0" }, []string{scenarios}},
	{"a fact twice", func(r object) { all := r["facts"].([]any); r["facts"] = append(all, all[1]) }, []string{once, counts}},
	{"a fact missing", func(r object) { r["facts"] = r["facts"].([]any)[1:] }, []string{once, counts}},
	{"a fact in place of another", sets("deselected", "id", "nope"), []string{once}},
	{"endpoint", sets("passed", "endpoint", "GET /"), []string{row}},
	{"lines", sets("passed", "lines", "1-2"), []string{row}},
	{"tier", sets("passed", "tier", "rumoured"), []string{row}},
	{"kind", sets("passed", "kind", "rumour"), []string{row}},
	{"assertion", sets("passed", "assertion", "anything"), []string{row}},
	{"a failure as passed", turns("failed", "passed"), []string{outcomes}},
	{"a failure as untestable", turns("failed", "untestable"), []string{testable}},
	{"a failure as unprovisioned", turns("failed", "unprovisioned"), []string{outcomes}},
	{"an untestable one as deselected", turns("untestable", "deselected"), []string{testable}},
	{"another outcome", sets("passed", "outcome", "fine"), []string{outcomes, counts}},
	{"passed with a reason", sets("passed", "reason", "why"), []string{outcomes}},
	{"failed without a failure", sets("failed", "failures", nil), []string{outcomes}},
	{"blocked by nothing", sets("blocked", "blocked_by", ""), []string{outcomes}},
	{"blocked by what is not there", sets("blocked", "blocked_by", "nope"), []string{outcomes}},
	{"blocked by what passed", func(r object) { factOf(r, "blocked")["blocked_by"] = factOf(r, "passed")["id"] }, []string{outcomes}},
	{"lacks what it does not need", sets("unprovisioned", "state", "a full moon"), []string{outcomes}},
	{"untestable for another reason", sets("untestable", "reason", "no time"), []string{testable}},
	{"deviation without a reason", func(r object) { deviationOf(r)["reason"] = " " }, []string{excused}},
	{"deviation that was over", func(r object) { deviationOf(r)["until"] = "2020-01-01" }, []string{excused}},
	{"deviation of another failure", func(r object) { deviationOf(r)["fails"] = []any{"status is 500, want 200"} }, []string{excused}},
	{"deviation until no day", func(r object) { deviationOf(r)["until"] = "soon" }, []string{excused}},
	{"deviation that passed", sets("passed", "deviation", object{"reason": "known"}), []string{excused}},
	{"counts", func(r object) { r["counts"].(object)["passed"] = 1 }, []string{counts}},
	{"another count", func(r object) { r["counts"].(object)["fine"] = 0 }, []string{counts}},
	{"verdict", func(r object) { r["verdict"] = "conformant" }, []string{verdict}},
	{"stopped", func(r object) { r["reason"] = "interrupted" }, []string{verdict}},
}

func TestVerify(t *testing.T) {
	t.Parallel()
	text, err := mixed()
	require.NoError(t, err)
	for _, tt := range forgeries {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, tampered(t, text, tt.change))
		})
	}
}
