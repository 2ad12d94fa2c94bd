package report_test

import (
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/joshdk/go-junit"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func junitSuites(t *testing.T, r *report.Report) map[string]junit.Suite {
	t.Helper()
	suites, err := junit.Ingest([]byte(rendered(t, r, "xml")))
	require.NoError(t, err)
	byName := map[string]junit.Suite{}
	for _, s := range suites {
		byName[s.Name] = s
	}
	require.Len(t, byName, len(suites), "a suite is there twice")
	return byName
}

func TestJUnitReportParses(t *testing.T) {
	t.Parallel()
	result := everyOutcome()
	assertPlain(t, rendered(t, result, "xml"))
	statuses := map[string]junit.Status{}
	for name, s := range junitSuites(t, result) {
		for _, c := range s.Tests {
			statuses[c.Name] = c.Status
			assert.True(t, strings.HasPrefix(c.Name, c.Classname+"."), "%s in %s", c.Name, c.Classname)
			assert.Equal(t, c.Status == junit.StatusPassed, c.Message == "", c.Name)
		}
		assert.Equal(t, "1.2.3", s.Properties["implementation version"], name)
		assert.Equal(t, "non-conformant", s.Properties["verdict"], name)
		assert.Len(t, s.Properties["document SHA-256"], 64, name)
		assert.Contains(t, s.Properties["target"], "http://127.0.0.1:8080/", name)
	}
	assert.Equal(t, map[string]junit.Status{
		"comments.list.hdr-content-type": junit.StatusSkipped, "comments.list.ok": junit.StatusPassed,
		"comments.list.err-404": junit.StatusSkipped, "comments.list.other-users.effect": junit.StatusPassed,
		"comments.update.ok": junit.StatusFailed, "comments.update.ok.effect": junit.StatusError,
		"dag_actions.start.ok": junit.StatusSkipped, "assets.get.ok": junit.StatusError,
		"comments.delete.not-owner": junit.StatusSkipped, // known
	}, statuses)
}

func TestJUnitTellsOfAFailure(t *testing.T) {
	t.Parallel()
	suites := junitSuites(t, everyOutcome())
	change := suites["POST /api/v2/assets/:asset_id/comments/:comment_id"]
	assert.Equal(t, junit.Totals{Tests: 2, Failed: 1, Error: 1, Duration: 1500 * time.Millisecond}, change.Totals)
	assert.Equal(t, "1.500", change.Tests[0].Properties["time"])
	failure, ok := change.Tests[0].Error.(junit.Error)
	require.True(t, ok)
	assert.Equal(t, "failed", failure.Type)
	assert.Contains(t, failure.Message, "$.comment.message: is ")
	assert.Contains(t, failure.Body, "path:     $.comment.message")
	assert.Contains(t, failure.Body, "]]> <script>alert(1)</script> &")

	known := suites["DELETE /api/v2/assets/:asset_id/comments/:comment_id"].Tests[0].Message
	assert.True(t, strings.HasPrefix(known, "known deviation: DAM-7: "), known)
	assert.True(t, strings.HasSuffix(known, " (until 2024-06-30): status of DELETE x: is 200 OK, want 403 Forbidden"), known)
}

// TestJUnitIsAsGreenAsTheRun: what a known deviation blocks is known too, and a
// list of deviations that is out of date is not green.
func TestJUnitIsAsGreenAsTheRun(t *testing.T) {
	t.Parallel()
	result := everyOutcome()
	result.Facts = result.Facts[3:5] // a failure, and what it blocks
	result.Facts[0].Deviation = &report.Deviation{Reason: "DAM-8"}
	for _, s := range junitSuites(t, result) {
		assert.Equal(t, junit.Totals{Tests: 2, Skipped: 2, Duration: 1500 * time.Millisecond}, s.Totals)
	}
	result.Outdated = []string{"comments.list.ok passes", hostile}
	outdated := junitSuites(t, result)["known deviations"]
	require.Equal(t, 1, outdated.Totals.Failed)
	assert.Contains(t, outdated.Tests[0].Error.Error(), "comments.list.ok passes\n")
	assertPlain(t, rendered(t, result, "xml"))
	var root struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
	}
	require.NoError(t, xml.Unmarshal([]byte(rendered(t, result, "xml")), &root))
	assert.Equal(t, []int{3, 1, 0}, []int{root.Tests, root.Failures, root.Errors})
}

// TestJUnitReportIsValid asks xmllint, of Debian's libxml2-utils.
func TestJUnitReportIsValid(t *testing.T) {
	t.Parallel()
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed; Debian has it in libxml2-utils")
	}
	validate := func(text string) error {
		path := filepath.Join(t.TempDir(), "report.xml")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		out, err := exec.CommandContext(t.Context(), xmllint, "--noout", "--schema", "testdata/junit.xsd", path).CombinedOutput()
		if err != nil {
			t.Logf("%s", out)
		}
		return err
	}
	outdated := everyOutcome()
	outdated.Outdated = []string{hostile}
	for name, result := range map[string]*report.Report{"every outcome": everyOutcome(), "outdated": outdated, "empty": {}} {
		require.NoError(t, validate(rendered(t, result, "xml")), name)
	}
	good := rendered(t, everyOutcome(), "xml")
	for old, bad := range map[string]string{
		` time="1.500"`: ` time="1.5 s"`, ` skipped="2"`: ``, ` type="failed"`: ``, `<skipped `: `<ignored `, `classname=`: `class=`,
	} {
		broken := strings.Replace(good, old, bad, 1)
		require.NotEqual(t, good, broken, old)
		assert.Error(t, validate(broken), "%s for %s", bad, old)
	}
}
