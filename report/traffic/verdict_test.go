package traffic_test

import (
	"bytes"
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/report/traffic"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// outcomesOf gives the facts of a report that were seen.
func outcomesOf(r *report.Report) map[string]report.Outcome {
	all := map[string]report.Outcome{}
	for _, f := range r.Facts {
		if f.Outcome != report.Deselected {
			all[f.Fact.ID] = f.Outcome
		}
	}
	return all
}

func TestVerdictOnAClient(t *testing.T) {
	t.Parallel()
	j := traffic.NewJournal(&traffic.Judge{SeesAll: true})
	assert.Equal(t, report.Inconclusive, j.Client("", "http://mock").Verdict)

	good := exchange("GET", "/api/v2/assets/not-found-id", "", 404, `{"error": "asset not found"}`)
	good.Caller = "ada@example.com"
	j.Add(good)
	r := j.Client("", "http://mock")
	assert.Equal(t, report.Partial, r.Verdict, "of the rest of the document nothing is known")
	assert.Equal(t, report.Passed, outcomesOf(r)["assets.get.not-found"])

	bad := exchange("POST", "/api/v2/assets?api_key=hunter-2-hunter", `{"titel": "x", "tags": "a", "note": "hunter-2-hunter"}`, 422, `{"error": "Missing parameter title"}`)
	j.Add(bad)
	j.Add(bad)
	j.Add(exchange("POST", "/api/v2/asset", `{}`, 404, `{"error": "not found"}`))
	r = j.Client("", "http://mock")
	assert.Equal(t, report.NonConformant, r.Verdict)
	assert.Equal(t, 4, r.Watched.Requests)
	assert.Equal(t, 3, r.Watched.Wrong)
	seen := outcomesOf(r)
	for _, fact := range []string{"assets.create.param-title", "assets.create.valid-tags", traffic.ParameterFact, traffic.PathFact} {
		assert.Equal(t, report.Failed, seen[fact], fact)
	}
	assert.Equal(t, report.Partial, j.Client("ada@example.com", "http://mock").Verdict, "callers are apart")
	for name, write := range report.Formats {
		var b bytes.Buffer
		require.NoError(t, write(r, &b), name)
		assert.NotContains(t, b.String(), "hunter", name)
	}
	var text bytes.Buffer
	require.NoError(t, r.WriteText(&text, report.TextOptions{Failures: 1}))
	assert.Regexp(t, `\d more failures: give --report html=FILE\n`, text.String(), "proxy, which tells some, has no --failures")
}

// TestWhatWasNeededIsNotMet: what fails since nobody met it counts as little as what was
// not asked for.
func TestWhatWasNeededIsNotMet(t *testing.T) {
	t.Parallel()
	j := traffic.NewJournal(&traffic.Judge{})
	j.Add(exchange("GET", "/api/v2/assets/not-found-id", "", 404, `{"error": "asset not found"}`))
	const met = "met: 1 of 23 endpoints, 1 of 65 examples, 1 of 92 error rows, "
	for _, needed := range [][]string{nil, {"assets.get.not-found", "assets.get.ok", "comments.create.ok"}} {
		var text bytes.Buffer
		require.NoError(t, j.Client("", "http://mock", needed...).WriteText(&text, report.TextOptions{}))
		assert.Contains(t, text.String(), met)
	}
}
