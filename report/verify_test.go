package report_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
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
	possible  = "the run can have been so"
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
	{"facts in another order", func(r object) { all := r["facts"].([]any); all[0], all[1] = all[1], all[0] }, []string{once}},
	{"five facts", fiveFacts, []string{once, outcomes, counts}},
	{"five facts, counted", func(r object) {
		fiveFacts(r)
		counted := object{}
		for _, f := range r["facts"].([]any) {
			n, _ := counted[f.(object)["outcome"].(string)].(int)
			counted[f.(object)["outcome"].(string)] = n + 1
		}
		r["counts"] = counted
	}, []string{once, outcomes}}, // one is blocked by what is not there
	{"a verdict that there is not", func(r object) { r["verdict"] = "fine" }, []string{verdict}},
	{"a scenario that nobody has", func(r object) { firstFailure(r)["scenario"] = "It works" }, []string{outcomes}},
	{"a feature that nobody has", func(r object) { firstFailure(r)["feature"] = "../nope.feature" }, []string{outcomes}},
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
	{"read only, though it wrote", func(r object) { r["read_only"] = true }, []string{possible}},
	{"read only, and it made something", func(r object) {
		r["read_only"], r["clean_up"].(object)["made"] = true, 3
		for _, f := range r["facts"].([]any) {
			if f := f.(object); !strings.HasPrefix(f["endpoint"].(string), "GET ") {
				f["endpoint"] = "GET " + f["endpoint"].(string)
			}
		}
	}, []string{row, possible}},
	{"more removed than made", func(r object) { r["clean_up"] = object{"made": 5, "removed": 999, "left_behind": []any{}} }, []string{possible}},
	{"of a time to come", func(r object) { r["started"] = "2999-01-01T00:00:00Z" }, []string{possible}},
}

// fiveFacts leaves the first five, of which one failed.
func fiveFacts(r object) {
	all := r["facts"].([]any)
	i := slices.IndexFunc(all, func(f any) bool { return f.(object)["outcome"] == "failed" && f.(object)["deviation"] == nil })
	r["facts"] = all[max(i-4, 0) : max(i-4, 0)+5]
}

func firstFailure(r object) object { return factOf(r, "failed")["failures"].([]any)[0].(object) }

// TestWhole: what a comparison refuses.
func TestWhole(t *testing.T) {
	t.Parallel()
	text, err := mixed()
	require.NoError(t, err)
	of := func(change func(object)) error {
		var result object
		require.NoError(t, json.Unmarshal([]byte(text), &result))
		change(result)
		changed, err := json.Marshal(result)
		require.NoError(t, err)
		r, err := report.ReadJSON(strings.NewReader(string(changed)))
		require.NoError(t, err)
		return r.Whole()
	}
	require.NoError(t, of(func(object) {}))
	require.NoError(t, of(func(r object) { // of a later suite, whose table nobody here knows
		r["features_sha256"] = "0"
		r["facts"] = append(r["facts"].([]any), object{"id": "a.new.one", "outcome": "passed"})
		r["counts"].(object)["passed"] = r["counts"].(object)["passed"].(float64) + 1
	}))
	whole := []string{document, scenarios, row, testable, excused} // what verify alone looks at
	for _, tt := range forgeries {
		if len(tt.want) > 0 && !slices.Contains(whole, tt.want[0]) && !slices.Contains([]string{"passed with a reason", "failed without a failure", "a failure as passed", "a failure as unprovisioned", "lacks what it does not need"}, tt.name) && !strings.HasPrefix(tt.name, "blocked by ") {
			require.Error(t, of(tt.change), tt.name)
		}
	}
	require.ErrorContains(t, of(fiveFacts), "is there 0 times")
	require.ErrorContains(t, of(func(r object) { r["verdict"] = "f\x1bine" }), `there is no verdict "f\\x1bine"`)
}

// TestOwnReportsVerify: a run's own report always does, whatever a state gives.
func TestOwnReportsVerify(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"a\nb", "\n", "key-of-eight\r\n", "\x00", "..", "a/b", "\u2028\u0085", " ", "passed", strings.Repeat("x", 10_000)} {
		t.Run(value[:min(len(value), 10)], func(t *testing.T) {
			t.Parallel()
			target := referencetest.Target()
			target.States = func(_ context.Context, _ string, _ map[string]string) (map[string]string, error) {
				return map[string]string{"api_key": value, "comment_id": value, "dag_action_id": value, "project_id": value, "collection_id": value, "media_id": value}, nil
			}
			result, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{Settle: -1})
			require.NoError(t, err)
			r := record(t, result)
			for _, c := range r.Verify() {
				assert.Empty(t, c.Problems, c.Holds)
			}
			require.NoError(t, r.Whole())
		})
	}
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

// TestInterruptedReportsVerify: where a run came no further, a Given of another fact's
// scenario may be all that shows what is wrong with one.
func TestInterruptedReportsVerify(t *testing.T) {
	t.Parallel()
	for after := 20; after <= 320; after += 20 {
		t.Run(strconv.Itoa(after), func(t *testing.T) {
			t.Parallel()
			target := referencetest.Target()
			whole := target.Handler
			target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet && (strings.HasSuffix(r.URL.Path, "/media") || strings.Contains(r.URL.Path, "/history/")) {
					http.NotFound(w, r)
					return
				}
				whole.ServeHTTP(w, r)
			})
			ctx, interrupt := context.WithCancel(t.Context())
			var done atomic.Int32
			result, err := pocketcheck.Run(ctx, target, pocketcheck.Options{Settle: -1, Progress: func(report.Scenario) {
				if done.Add(1) == int32(after) {
					interrupt()
				}
			}})
			require.NoError(t, err)
			r := record(t, result)
			for _, c := range r.Verify() {
				assert.Empty(t, c.Problems, c.Holds)
			}
			require.NoError(t, r.Whole())
		})
	}
}
