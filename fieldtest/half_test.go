package fieldtest_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
)

// halfWritten is a server that lacks endpoints, and has a wrong status in one.
func halfWritten() pocketcheck.Target {
	target := referencetest.Target()
	reference := target.Handler
	target.States = nil
	target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, end := range []string{"/media", "/trash_bin", "/assign", "/unassign", "/dag_actions", "/file_metadata", "/collections"} {
			if strings.HasSuffix(r.URL.Path, end) {
				http.NotFound(w, r)
				return
			}
		}
		if r.Method == http.MethodPut {
			w = created{w}
		}
		reference.ServeHTTP(w, r)
	})
	return target
}

// created has one status, whatever comes.
type created struct{ http.ResponseWriter }

func (c created) WriteHeader(int) { c.ResponseWriter.WriteHeader(http.StatusCreated) }

// TestHalfWrittenServerIsToldShortly: who has half of the endpoints sees on a few screens
// what is missing and what is wrong, and a cause once.
func TestHalfWrittenServerIsToldShortly(t *testing.T) {
	t.Parallel()
	result, err := pocketcheck.Run(t.Context(), halfWritten(), pocketcheck.Options{Settle: -1})
	require.NoError(t, err)
	require.Greater(t, result.Count(report.Failed), 30)
	var b strings.Builder
	require.NoError(t, result.WriteText(&b, report.TextOptions{Failures: 5}))
	text := b.String()
	assert.LessOrEqual(t, strings.Count(text, "\n"), 120, "%s", text)
	assert.Equal(t, 5, strings.Count(text, "\n    repeat:\n"))
	assert.Regexp(t, `(?m)^Update asset: \d+ scenarios: 201, want 200  assets\.update\.\S+ and \d+ more$`, text)
	assert.Equal(t, 1, strings.Count(text, ": 201, want 200 "), "of one cause")
	assert.Regexp(t, `(?m)^Update asset: .*: 201, want 404  `, text, "another refusal that is missing")
	assert.Regexp(t, `(?m)^Add media to asset: \d+ scenarios: 404, want 200, 400, 401 or 422  `, text, "whatever is wanted where nothing is done")
	assert.Regexp(t, `(?m)^\d+ more failures: give --failures all, or --report html=FILE$`, text)

	b.Reset()
	require.NoError(t, result.WriteText(&b, report.TextOptions{Failures: report.AllFailures, Width: 80}))
	assert.Greater(t, strings.Count(b.String(), "\n    repeat:\n"), 30)
	assert.Regexp(t, `(?m)^(Update asset: )?\d+ scenarios: 201, want 200  assets\.update\.\S+ and \d+ more$`, b.String())
	_, causes, _ := strings.Cut(b.String(), "\n\n")
	causes, _, _ = strings.Cut(causes, "\n\n")
	for line := range strings.Lines(causes) {
		assert.LessOrEqual(t, utf8.RuneCountInString(line), 80+len("\n"), "cut to the terminal: %s", line)
	}
	assert.Regexp(t, `(?m)^    so with:  true, \["x"\]$`, b.String(), "rows of an outline share what is told")
}

// TestHalfWrittenServerInGoTest: go test tells as little of it, in subtests that editors
// fold, and writes the page.
func TestHalfWrittenServerInGoTest(t *testing.T) {
	t.Parallel()
	page := filepath.Join(t.TempDir(), "reports", "page.html")
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestInnerHalf$")
	cmd.Env = append(os.Environ(), inAnother+"=1", "POCKETCHECK_REPORT=html="+page)
	out, err := cmd.CombinedOutput()
	require.Error(t, err)
	text := string(out)
	assert.LessOrEqual(t, strings.Count(text, "\n"), 200, "%s", text)
	assert.Regexp(t, `(?m)^    --- FAIL: TestInnerHalf/assets.update \(`, text)
	assert.Regexp(t, `(?m)^        --- FAIL: TestInnerHalf/assets.update/ok \(`, text)
	assert.Equal(t, 5, strings.Count(text, "repeat:\n"))
	assert.Regexp(t, `(?m)^        --- FAIL: \S+ \(.*\n            \S+: the same as \S+$`, text)
	assert.NotRegexp(t, `(?m)^        --- FAIL: \S+ \(.*\n {0,8}---`, text, "each says why")
	assert.NotContains(t, text, "blocked by", "what only fails with another is no failure of its own")
	assert.Regexp(t, `(?m)^    \S+: verdict: non-conformant, \d+ passed, .*\nFAIL\n$`, text, "at the end")
	html, err := os.ReadFile(page)
	require.NoError(t, err)
	assert.Contains(t, string(html), "<h1>")

	cmd = exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestInnerHalf$/^assets.update$/^ok$", "-test.v")
	cmd.Env = append(os.Environ(), inAnother+"=1")
	out, err = cmd.CombinedOutput()
	require.Error(t, err)
	assert.Contains(t, string(out), ", 1 failed, ", "what go test was not asked for is not run")

	cmd = exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestInnerHalf$/assets.update.ok")
	cmd.Env = append(os.Environ(), inAnother+"=1")
	out, err = cmd.CombinedOutput()
	require.Error(t, err)
	assert.Contains(t, string(out), `did you mean "assets.update/ok"?`)

	cmd = exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestInnerHalf$")
	cmd.Env = append(os.Environ(), inAnother+"=1", "POCKETCHECK_REPORT=pdf=x")
	out, err = cmd.CombinedOutput()
	require.Error(t, err)
	assert.Contains(t, string(out), `report "pdf=x": want FORMAT=FILE; the formats are badge, cucumber, html, json, `)
}

func TestInnerHalf(t *testing.T) {
	if os.Getenv(inAnother) == "" {
		t.Skip("is run by TestHalfWrittenServerInGoTest")
	}
	target := halfWritten()
	pocketcheck.Test(t, target.Handler, func(of *pocketcheck.Target, o *pocketcheck.Options) {
		of.Key, o.Settle = target.Key, -1
	})
}
