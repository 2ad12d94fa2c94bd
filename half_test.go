package pocketcheck_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
)

// TestHalfWrittenServerIsToldShortly: who has half of the endpoints sees on a few screens
// what is missing and what is wrong, and a cause once.
func TestHalfWrittenServerIsToldShortly(t *testing.T) {
	t.Parallel()
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
			w.WriteHeader(http.StatusCreated) // whatever comes
		}
		reference.ServeHTTP(w, r)
	})
	result, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{Settle: -1})
	require.NoError(t, err)
	require.Greater(t, result.Count(report.Failed), 30)
	var b strings.Builder
	require.NoError(t, result.WriteText(&b, report.TextOptions{Failures: 5}))
	text := b.String()
	assert.LessOrEqual(t, strings.Count(text, "\n"), 120, "%s", text)
	assert.Equal(t, 5, strings.Count(text, "\n    repeat:\n"))
	assert.Regexp(t, `(?m)^Update asset: \d+ scenarios: 201, want .*  assets\.update\.\S+ and \d+ more$`, text)
	assert.Equal(t, 1, strings.Count(text, ": 201, want "), "of one cause")
	assert.Regexp(t, `(?m)^\d+ more failures: give --failures all, or --report html=FILE$`, text)

	b.Reset()
	require.NoError(t, result.WriteText(&b, report.TextOptions{Failures: report.AllFailures, Width: 80}))
	assert.Greater(t, strings.Count(b.String(), "\n    repeat:\n"), 30)
	assert.Regexp(t, `(?m)^Update asset: .{0,66}$`, b.String(), "cut to the terminal")
	assert.Regexp(t, `(?m)^    so with:  true, \["x"\]$`, b.String(), "rows of an outline share what is told")
}
