package report_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/features"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// cucumber is a feature as Cucumber's JSON has it.
type cucumber struct {
	URI, Name string
	Elements  []struct {
		Name string
		Line int
		Tags []struct {
			Name string
			Line int
		}
		Steps []struct {
			Keyword, Name string
			Line          int
			DocString     *struct{ Line int } `json:"doc_string"`
			Result        struct {
				Status   string
				Duration int64
				Error    string `json:"error_message"`
			}
		}
	}
}

// statuses gives the results of the steps of a report, by file and scenario.
func statuses(t *testing.T, r *report.Report) map[string][]string {
	t.Helper()
	var all []cucumber
	require.NoError(t, json.Unmarshal([]byte(rendered(t, r, "cucumber.json")), &all))
	results := map[string][]string{}
	for _, f := range all {
		for _, e := range f.Elements {
			var steps []string
			for _, s := range e.Steps {
				steps = append(steps, s.Result.Status)
				assert.Equal(t, s.Result.Status == "failed", strings.Contains(s.Result.Error, "document: lines"), e.Name)
			}
			name := f.URI + ": " + e.Name
			assert.Nil(t, results[name], "%s is there twice", name)
			results[name] = steps
		}
	}
	return results
}

func TestCucumberReportHasEachScenario(t *testing.T) {
	t.Parallel()
	assert.Equal(t, map[string][]string{
		"features/comments.list.feature: Successful request":                              {"passed", "passed", "passed"},
		"features/comments.update.feature: Successful request":                            {"passed", "passed", "passed", "failed", "skipped"},
		"features/comments.update.feature: It is readable":                                {"failed"},
		"features/assets.get.feature: Successful request":                                 {"failed"},
		"features/dag_actions.start.feature: Successful request":                          {"skipped"},
		"features/comments.delete.feature: If current user is not a owner of the comment": {"passed", "skipped"},
	}, statuses(t, everyOutcome()))
	assertPlain(t, rendered(t, everyOutcome(), "cucumber.json"))
	assert.Equal(t, "[]\n", rendered(t, &report.Report{}, "cucumber.json"))
}

// TestCucumberReportOfAStoppedRunIsNotGreen: what was not reached failed.
func TestCucumberReportOfAStoppedRunIsNotGreen(t *testing.T) {
	t.Parallel()
	lost := everyOutcome().Facts[6]
	lost.Scenarios, lost.Reason = nil, "interrupted"
	got := statuses(t, &report.Report{Stopped: "interrupted", Facts: []report.Result{lost}})
	assert.Equal(t, map[string][]string{"features/assets.get.feature: assets.get.ok": {"failed"}}, got)
}

// TestCucumberReportSharesScenarios: a scenario of two facts is there once, and
// is no known deviation while one of the facts is none.
func TestCucumberReportSharesScenarios(t *testing.T) {
	t.Parallel()
	result := everyOutcome()
	result.Facts = result.Facts[3:5]
	known := &result.Facts[0]
	known.Scenarios[0].Facts = []string{known.Fact.ID, "comments.update.ok.effect"}
	result.Facts[1].Outcome, result.Facts[1].Scenarios = report.Failed, known.Scenarios
	known.Deviation = &report.Deviation{Reason: "known"}
	name := "features/comments.update.feature: Successful request"
	assert.Equal(t, map[string][]string{name: {"passed", "passed", "passed", "failed", "skipped"}}, statuses(t, result))
	result.Facts[1].Deviation = known.Deviation
	assert.Equal(t, map[string][]string{name: {"passed", "passed", "passed", "skipped", "skipped"}}, statuses(t, result))
	known.Outcome, known.Scenarios, known.Deviation = report.Deselected, nil, nil
	assert.Len(t, statuses(t, result), 1, "the other fact still has it")
}

// TestCucumberReportKnowsItsLines runs all scenarios; each line that the report
// gives is where the feature has that scenario, tag or step.
// placeholder is what the rows of an outline fill.
var placeholder = regexp.MustCompile(`<\w+>`)

func TestCucumberReportKnowsItsLines(t *testing.T) {
	t.Parallel()
	r, err := pocketcheck.Run(t.Context(), referencetest.Target(), pocketcheck.Options{Settle: -1})
	require.NoError(t, err)
	var all []cucumber
	require.NoError(t, json.Unmarshal([]byte(rendered(t, r, "cucumber.json")), &all))
	files, err := fs.Glob(features.All(), "*.feature")
	require.NoError(t, err)
	assert.Len(t, all, len(files))
	scenarios := map[string]bool{}
	for _, f := range all {
		text, err := features.All().(interface{ ReadFile(string) ([]byte, error) }).ReadFile(strings.TrimPrefix(f.URI, "features/"))
		require.NoError(t, err)
		lines := append([]string{""}, strings.Split(string(text), "\n")...)
		assert.Contains(t, lines[1:3], "Feature: "+f.Name)
		for _, e := range f.Elements {
			scenarios[f.URI+e.Name] = true
			assert.Contains(t, lines[e.Line], "Scenario", e.Name)
			for _, tag := range e.Tags {
				assert.Contains(t, lines[tag.Line], tag.Name)
			}
			for _, s := range e.Steps {
				_, text, _ := strings.Cut(strings.TrimSpace(lines[s.Line]), " ") // behind the steps of a background, Given becomes And
				assert.Regexp(t, "^"+placeholder.ReplaceAllString(regexp.QuoteMeta(text), ".*")+"$", s.Name, "%s:%d", f.URI, s.Line)
				if s.DocString != nil {
					assert.Contains(t, lines[s.DocString.Line], `"""`)
				}
			}
		}
	}
	for _, f := range r.Facts {
		for _, s := range f.Scenarios {
			assert.True(t, scenarios["features/"+s.Feature+s.Name], s.Name)
		}
	}
}

// scenarioCounts tells how many scenarios passed, failed and were skipped: the
// n-th scenario of a fact is that of the others that it checks.
func scenarioCounts(r *report.Report) []int {
	seen, counts := map[string]bool{}, make([]int, 3)
	for _, f := range r.Facts {
		for i, s := range f.Scenarios {
			id := fmt.Sprint(s.Feature, s.Facts, i)
			if seen[id] || !slices.Contains(s.Facts, f.Fact.ID) {
				continue
			}
			seen[id] = true
			switch {
			case s.Outcome == report.Passed:
				counts[0]++
			case s.Outcome == report.Unprovisioned || f.Deviation != nil:
				counts[2]++
			default:
				counts[1]++
			}
		}
	}
	return counts
}

// cucumberReporter is a report tool for Cucumber, as npm has it.
const cucumberReporter = "multiple-cucumber-html-reporter@3.10.0"

// TestCucumberReportIsRead by a report tool that Cucumber's users have.
func TestCucumberReportIsRead(t *testing.T) {
	t.Parallel()
	npm, err := exec.LookPath("npm")
	if err != nil {
		t.Skip("npm is not installed")
	}
	dir := t.TempDir()
	command := func(name string, args ...string) ([]byte, error) {
		cmd := exec.CommandContext(t.Context(), name, args...)
		cmd.Dir = dir
		return cmd.CombinedOutput()
	}
	if out, err := command(npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", dir, cucumberReporter); err != nil {
		t.Skipf("%s can't be had: %v: %s", cucumberReporter, err, out)
	}
	faulty, err := pocketcheck.Run(t.Context(), referencetest.Broken(http.MethodPost, "/api/v2/assets/:asset_id/comments"), pocketcheck.Options{Settle: -1})
	require.NoError(t, err)
	for name, r := range map[string]*report.Report{"every": everyOutcome(), "faulty": faulty} {
		in := filepath.Join(dir, name)
		require.NoError(t, os.Mkdir(in, 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(in, "report.json"), []byte(rendered(t, r, "cucumber.json")), 0o600))
		out, err := command("node", "-e", `require("multiple-cucumber-html-reporter").generate({jsonDir: "`+name+`", reportPath: "`+name+`", saveCollectedJSON: true})`)
		require.NoError(t, err, "%s", out)
		var read struct {
			Scenarios struct{ Failed, Passed, Skipped, Pending, NotDefined, Ambiguous, Total int }
		}
		enriched, err := os.ReadFile(filepath.Join(in, "enriched-output.json"))
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(enriched, &read))
		got := read.Scenarios
		assert.Equal(t, scenarioCounts(r), []int{got.Passed, got.Failed, got.Skipped}, name)
		assert.Equal(t, got.Total, got.Passed+got.Failed+got.Skipped, name)
	}
	page, err := os.ReadFile(filepath.Join(dir, "every", "index.html"))
	require.NoError(t, err)
	assert.Contains(t, string(page), "comments/:comment_id")
}
