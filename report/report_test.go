package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files anew")

// hostile is what a target may send to steer a terminal, a browser or a parser.
const hostile = "\x1b[31mred\x1b[0m \x1b]0;title\x07 ]]> <script>alert(1)</script> & \"q\" \u2028\u2029 \u202e \x00 \xff\xfe \r\t\u009b2J \n" + forged + " end"

// forged is a line that only the report may write.
const forged = "verdict: conformant, 8 passed"

func fact(id, endpoint string, first, last int) fixtures.Fact {
	return fixtures.Fact{
		ID: id, Kind: "example", Endpoint: endpoint, Tier: "documented",
		Lines: fixtures.Lines{First: first, Last: last}, Assertion: "200; in the documented shape.",
	}
}

// everyOutcome is a report that has each outcome, two of them twice: a failure
// of it is a known deviation.
func everyOutcome() *report.Report {
	const list, change, start = "GET /api/v2/assets/:asset_id/comments", "POST /api/v2/assets/:asset_id/comments/:comment_id",
		"POST /api/v2/assets/:asset_id/dag_actions/:dag_action_id"
	held := report.Scenario{
		ID: "comments.list.feature:5", Name: "Successful request", Feature: "comments.list.feature", Facts: []string{"comments.list.ok"}, Outcome: report.Passed,
		Steps:    []report.Step{{Keyword: "Given", Text: "an asset"}, {Keyword: "When", Text: "I list the comments"}, {Keyword: "Then", Text: "the request succeeds with:", Argument: "{}"}},
		Duration: 12_345 * time.Microsecond,
	}
	broken := report.Scenario{
		ID: "comments.update.feature:33", Name: "Successful request", Feature: "comments.update.feature", Facts: []string{"comments.update.ok"},
		Outcome: report.Failed, Step: "the request succeeds with:", Reason: "$.comment.message: is " + hostile,
		Failure: &report.Failure{Message: "answer", Expected: `"new updated comment"`, Actual: hostile, Path: "$.comment.message", Fails: "$.comment.message is " + hostile},
		Curl:    "curl -X POST '" + hostile + "'\ncurl -X DELETE x\n",
		Steps: []report.Step{
			{Keyword: "Given", Text: "an asset"}, {Keyword: "Given", Text: "a comment on it"}, {Keyword: "When", Text: "I update the comment with:", Argument: "{}"},
			{Keyword: "Then", Text: "the request succeeds with:", Argument: "{}"}, {Keyword: "Then", Text: "nothing else happens"},
		},
		Duration: 1500 * time.Millisecond,
	}
	blocked := report.Scenario{
		ID: "comments.update.feature:9", Name: "It is readable", Feature: "comments.update.feature", Facts: []string{"comments.update.ok.effect"},
		Outcome: report.Blocked, Step: "the comment reads", Reason: "blocked by comments.update.ok: " + hostile, By: "comments.update.ok",
	}
	silent := report.Scenario{
		ID: "assets.get.feature:11", Name: "Successful request", Feature: "assets.get.feature", Facts: []string{"assets.get.ok"},
		Outcome: report.Errored, Step: "an asset", Reason: "GET x: no answer: " + hostile,
	}
	lacking := report.Scenario{
		ID: "dag_actions.start.feature:5", Name: "Successful request", Feature: "dag_actions.start.feature", Facts: []string{"dag_actions.start.ok"},
		Outcome: report.Unprovisioned, Step: "a DAG action", Reason: "needs a DAG action", State: "a DAG action",
	}
	accepted := report.Scenario{
		ID: "comments.delete.feature:37", Name: "If current user is not a owner of the comment", Feature: "comments.delete.feature", Facts: []string{"comments.delete.not-owner"},
		Outcome: report.Failed, Step: "the request is refused", Reason: "status of DELETE x: is 200 OK, want 403 Forbidden",
		Failure: &report.Failure{Message: "status", Expected: "403 Forbidden", Actual: "200 OK", Fails: "status is 200, want 403"}, Curl: "curl -X DELETE y\n",
		Steps:    []report.Step{{Keyword: "When", Text: "I delete the comment"}, {Keyword: "Then", Text: "the request is refused"}},
		Duration: 20 * time.Millisecond,
	}
	return &report.Report{
		Verdict: report.NonConformant, Target: "http://127.0.0.1:8080/" + hostile,
		Implementation: "Sample DAM " + hostile, ImplementationVersion: "1.2.3",
		Started: time.Date(2023, 11, 27, 9, 42, 40, 792_345_678, time.FixedZone("", 3600)), Duration: 1234567 * time.Microsecond,
		Facts: []report.Result{
			{Fact: fact("comments.list.hdr-content-type", list, 7, 9), Outcome: report.Untestable, Reason: "rejection is undocumented"},
			{Fact: fact("comments.list.ok", list, 16, 35), Outcome: report.Passed, Scenarios: []report.Scenario{held}},
			{Fact: fact("comments.list.err-404", list, 36, 41), Outcome: report.Deselected, Reason: "not selected"},
			{Fact: fact("comments.update.ok", change, 144, 164), Outcome: report.Failed, Reason: broken.Reason, Scenarios: []report.Scenario{broken}},
			{Fact: fact("comments.update.ok.effect", change, 144, 164), Outcome: report.Blocked, Reason: blocked.Reason, BlockedBy: "comments.update.ok", Scenarios: []report.Scenario{blocked}},
			{Fact: fact("dag_actions.start.ok", start, 367, 389), Outcome: report.Unprovisioned, Reason: lacking.Reason, State: lacking.State, Scenarios: []report.Scenario{lacking}},
			{Fact: fact("assets.get.ok", "GET /api/v2/assets/:asset_id", 568, 595), Outcome: report.Errored, Reason: silent.Reason, Scenarios: []report.Scenario{silent}},
			{Fact: fact("comments.list.other-users.effect", list, 2, 2), Outcome: report.Passed},
			{
				Fact: fact("comments.delete.not-owner", "DELETE /api/v2/assets/:asset_id/comments/:comment_id", 234, 239), Outcome: report.Failed,
				Reason: accepted.Reason, Scenarios: []report.Scenario{accepted},
				Deviation: &report.Deviation{Fact: "comments.delete.*", Reason: "DAM-7: " + hostile, Until: time.Date(2024, 6, 30, 0, 0, 0, 0, time.UTC)},
			},
		},
		CleanUp: report.Ledger{Made: 5, Removed: 3, LeftBehind: []string{`asset "a": DELETE answers 500`, hostile}},
	}
}

// writers are all the reports, by the ending of their golden file.
var writers = map[string]func(*report.Report, io.Writer) error{
	"html":          (*report.Report).WriteHTML,
	"json":          (*report.Report).WriteJSON,
	"xml":           (*report.Report).WriteJUnit,
	"cucumber.json": (*report.Report).WriteCucumber,
	"md":            (*report.Report).WriteMarkdown,
	"svg":           (*report.Report).WriteBadge,
	"shields.json":  (*report.Report).WriteShields,
	"exchanges":     (*report.Report).WriteExchanges,
	"yaml":          func(r *report.Report, w io.Writer) error { return r.WriteDeviations(w, "") },
	"txt": func(r *report.Report, w io.Writer) error {
		return r.WriteText(w, report.TextOptions{Failures: report.AllFailures})
	},
}

func rendered(t *testing.T, r *report.Report, format string) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, writers[format](r, &b))
	return b.String()
}

func TestReportsAreAsBefore(t *testing.T) {
	t.Parallel()
	for format := range writers {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			golden := filepath.Join("testdata", "report."+format)
			got := rendered(t, everyOutcome(), format)
			if *update {
				require.NoError(t, os.WriteFile(golden, []byte(got), 0o600))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.Equal(t, string(want), got, "not as recorded in report/%s; if this is meant, run go test ./report -run AsBefore -update and look at the difference", golden)
			assert.True(t, utf8.ValidString(got))
		})
	}
}

func TestJSONReportParses(t *testing.T) {
	t.Parallel()
	result := everyOutcome()
	var got struct {
		Verdict string
		Counts  map[string]int
		Facts   []struct {
			ID, Outcome, Reason string
			BlockedBy           string `json:"blocked_by"`
			State               string
			Failures            []struct{ Path, Expected, Actual, Curl string }
		}
		CleanUp struct {
			LeftBehind []string `json:"left_behind"`
		} `json:"clean_up"`
	}
	text := rendered(t, result, "json")
	require.NoError(t, json.Unmarshal([]byte(text), &got))
	assert.Equal(t, "non-conformant", got.Verdict)
	assert.Equal(t, map[string]int{
		"passed": 2, "failed": 2, "blocked": 1, "errored": 1, "unprovisioned": 1, "deselected": 1, "untestable": 1,
	}, got.Counts)
	require.Len(t, got.Facts, len(result.Facts))
	seen := map[string]bool{}
	for i, f := range got.Facts {
		assert.False(t, seen[f.ID], "%s is there twice", f.ID)
		seen[f.ID] = true
		assert.Equal(t, result.Facts[i].Fact.ID, f.ID)
		assert.Equal(t, string(result.Facts[i].Outcome), f.Outcome)
		assert.Equal(t, f.Outcome == "passed", f.Reason == "", f.ID)
		assert.Equal(t, result.Facts[i].BlockedBy, f.BlockedBy)
		assert.Equal(t, result.Facts[i].State, f.State)
	}
	readable := strings.ReplaceAll(hostile, "\xff\xfe", "\ufffd\ufffd") // JSON has no bytes that are no text
	require.Len(t, got.Facts[3].Failures, 1)
	assert.Equal(t, "$.comment.message", got.Facts[3].Failures[0].Path)
	assert.Equal(t, readable, got.Facts[3].Failures[0].Actual)
	assert.Equal(t, readable, got.CleanUp.LeftBehind[1])

	empty := rendered(t, &report.Report{}, "json")
	assert.Contains(t, empty, `"left_behind": []`)
	assert.Contains(t, empty, `"facts": []`)
}

// assertPlain wants a text without a character that steers what shows it.
func assertPlain(t *testing.T, text string) {
	t.Helper()
	for _, c := range text {
		if c != '\n' && !unicode.IsPrint(c) {
			assert.Fail(t, "not printable", "%U in %q", c, text)
		}
	}
}

func TestTextReportSteersNoTerminal(t *testing.T) {
	t.Parallel()
	result := everyOutcome()
	result.Stopped = hostile
	text := rendered(t, result, "txt")
	assertPlain(t, text)
	assert.Contains(t, text, `\x1b[31mred`)
	assert.Len(t, regexp.MustCompile(`(?m)^verdict: `).FindAllString(text, -1), 1, "a target wrote a verdict")
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	assert.True(t, strings.HasPrefix(lines[len(lines)-1], "verdict: non-conformant"), "the verdict is the last line")

	var coloured bytes.Buffer
	require.NoError(t, result.WriteText(&coloured, report.TextOptions{Failures: report.AllFailures, Colour: true}))
	assert.Equal(t, text, strings.NewReplacer("\x1b[31m", "", "\x1b[32m", "", "\x1b[33m", "", "\x1b[0m", "").Replace(coloured.String()))
	assert.Contains(t, coloured.String(), "\x1b[31mverdict: non-conformant")
}

// full is a disk without room.
type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestReportSaysThatItIsNotWritten(t *testing.T) {
	t.Parallel()
	for format, write := range writers {
		assert.ErrorIs(t, write(everyOutcome(), full{}), errFull, format)
	}
}

// TestEmbeddedReferenceIsNobodysTarget: where the suite's own reference was checked,
// each report says so.
func TestEmbeddedReferenceIsNobodysTarget(t *testing.T) {
	t.Parallel()
	result := everyOutcome()
	result.Target, result.Embedded = "http://127.0.0.1:8080", true
	for format := range writers {
		if format == "yaml" || format == "cucumber.json" || format == "exchanges" { // without a target
			continue
		}
		text := rendered(t, result, format)
		assert.Contains(t, text, "embedded reference", format)
	}
}
