package report_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// published gives the schema, compiled.
func published(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(report.Schema()))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	require.NoError(t, c.AddResource("report.schema.json", doc))
	s, err := c.Compile("report.schema.json")
	require.NoError(t, err)
	return s
}

func inJSON(t *testing.T, r *report.Report) map[string]any {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(rendered(t, r, "json")))
	require.NoError(t, err)
	return doc.(map[string]any)
}

// everyMember is a report that has each member of the schema.
func everyMember() *report.Report {
	r := everyOutcome()
	r.Stopped, r.Outdated = "interrupted", []string{"comments.list.ok passes"}
	return r
}

func TestReportsFollowTheSchema(t *testing.T) {
	t.Parallel()
	s := published(t)
	assert.NoError(t, s.Validate(inJSON(t, everyOutcome())))
	assert.NoError(t, s.Validate(inJSON(t, everyMember())))
	for name, target := range map[string]pocketcheck.Target{
		"conformant": referencetest.Target(), "faulty": referencetest.Faulty(), "unreachable": {URL: "http://127.0.0.1:1", Key: pocketcheck.NewKey(referencetest.Key)},
		"refusing": {Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }), Key: pocketcheck.NewKey(referencetest.Key)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{
				Settle: -1, Deviations: []report.Deviation{{Fact: "comments.create.*", Reason: "known"}},
			})
			require.NoError(t, err)
			assert.NoError(t, s.Validate(inJSON(t, r)))
		})
	}
}

// optional are the members that a report may lack.
var optional = regexp.MustCompile(`^(reason|implementation|implementation_version|outdated_deviations|facts\.\d+\.(assertion|deviation|failures|deviation\.(until|fails|blocks)|failures\.\d+\.(path|expected|actual|fails)))$`)

// TestSchemaIsStrict takes each member of a report in turn: without it, under
// another name and of another kind, the report follows the schema no more.
func TestSchemaIsStrict(t *testing.T) {
	t.Parallel()
	s, doc := published(t), inJSON(t, everyMember())
	seen := map[string]bool{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case []any:
			for i, item := range v {
				walk(fmt.Sprintf("%s%d.", path, i), item)
				v[i] = false
				assert.Error(t, s.Validate(doc), "%s%d is false", path, i)
				v[i] = item
			}
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(v)) {
				at, value := path+name, v[name]
				seen[regexp.MustCompile(`\d+`).ReplaceAllString(at, "n")] = true
				walk(at+".", value)
				v[name] = false
				assert.Error(t, s.Validate(doc), "%s is false", at)
				delete(v, name)
				if optional.MatchString(at) {
					assert.NoError(t, s.Validate(doc), "without %s", at)
				} else {
					assert.Error(t, s.Validate(doc), "without %s", at)
				}
				v[name+"_"] = value
				assert.Error(t, s.Validate(doc), "%s has another name", at)
				delete(v, name+"_")
				v[name] = value
			}
		}
	}
	walk("", doc)
	require.NoError(t, s.Validate(doc), "the report is as it was")
	for _, at := range []string{"reason", "facts.n.deviation.until", "facts.n.state", "facts.n.failures.n.path", "clean_up.left_behind"} {
		assert.True(t, seen[at], at)
	}
}

// TestSchemaHoldsOutcomesTogether: an outcome says which other members there are.
func TestSchemaHoldsOutcomesTogether(t *testing.T) {
	t.Parallel()
	s := published(t)
	for name, spoil := range map[string]func(fact map[string]any){
		"passed with a reason":       func(f map[string]any) { f["outcome"] = "passed" },
		"failed without one":         func(f map[string]any) { f["reason"] = "" },
		"blocked by nothing":         func(f map[string]any) { f["outcome"] = "blocked" },
		"failed and blocked":         func(f map[string]any) { f["blocked_by"] = "comments.list.ok" },
		"unprovisioned, not why":     func(f map[string]any) { f["outcome"] = "unprovisioned" },
		"failed for lack of state":   func(f map[string]any) { f["state"] = "a project" },
		"errored as known":           func(f map[string]any) { f["outcome"], f["deviation"] = "errored", map[string]any{"reason": "known"} },
		"an outcome of another tool": func(f map[string]any) { f["outcome"] = "xfail" },
	} {
		doc := inJSON(t, everyOutcome())
		spoil(doc["facts"].([]any)[3].(map[string]any))
		assert.Error(t, s.Validate(doc), name)
	}
}
