package report_test

import (
	"bytes"
	"io"
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestOneCauseIsToldOnce, with all facts and the first script, where a report groups;
// programs read it at each fact.
func TestOneCauseIsToldOnce(t *testing.T) {
	t.Parallel()
	r := &report.Report{Verdict: report.Inconclusive}
	for _, id := range []string{"comments.list.ok", "comments.get.ok", "history.get.ok"} {
		s := report.Scenario{
			ID: id, Name: "s", Feature: "comments.list.feature", Facts: []string{id}, Outcome: report.Errored, Reason: "set up " + id + ": refused",
			Cause: "refused by all", Curl: "curl " + id + "\n",
		}
		r.Facts = append(r.Facts, report.Result{Fact: fact(id, "GET /api/v2/assets", 1, 2), Outcome: report.Errored, Reason: s.Reason, Scenarios: []report.Scenario{s}})
	}
	for name, want := range map[string]struct {
		write func(io.Writer) error
		says  string
		times int
	}{
		"text":     {func(w io.Writer) error { return r.WriteText(w, report.TextOptions{Failures: report.AllFailures}) }, "3 facts without a result: refused by all\n    facts:    comments.list.ok, comments.get.ok, history.get.ok\n", 1},
		"script":   {func(w io.Writer) error { return r.WriteText(w, report.TextOptions{Failures: report.AllFailures}) }, "curl ", 1},
		"markdown": {r.WriteMarkdown, "`refused by all`\n\n- facts: `comments.list.ok`, `comments.get.ok`, `history.get.ok`\n", 1},
		"html":     {r.WriteHTML, "refused by all", 1},
		"json":     {r.WriteJSON, `"curl": "curl `, 3},
	} {
		var b bytes.Buffer
		require.NoError(t, want.write(&b))
		assert.Equal(t, want.times, bytes.Count(b.Bytes(), []byte(want.says)), "%s: %s", name, b.String())
	}
}
