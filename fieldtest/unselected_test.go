package fieldtest_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestUnselectedBlockerIsShown: whoever asks for one fact sees what blocks it, also
// where it is a fact that was not asked for; and once.
func TestUnselectedBlockerIsShown(t *testing.T) {
	t.Parallel()
	target := withFault(t, "comments.create.ok/without-id")
	run := func(facts ...string) *report.Report {
		result, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{Facts: facts, Settle: -1})
		require.NoError(t, err)
		return result
	}
	alone, both := run("comments.update.ok*"), run("comments.update.ok*", "comments.create.ok")
	assert.Equal(t, report.Inconclusive, alone.Verdict)
	const script = "curl -sS -i -X POST "
	for _, tt := range []struct {
		name  string
		write func(*report.Report, io.Writer) error
		shows []string
	}{
		{"text", func(r *report.Report, w io.Writer) error {
			return r.WriteText(w, report.TextOptions{Failures: report.AllFailures})
		}, []string{
			"comments.update.ok: Successful request", "    blocked:  by comments.create.ok: answer to POST ", "    request:  POST ", `    answer:   200 OK {"comment"`,
			"    document: POST /api/v2/assets/:asset_id/comments, lines 78–98: Successful request | 200", ": is missing, want an id", "        " + script,
		}},
		{"markdown", (*report.Report).WriteMarkdown, []string{
			"<summary>comments.update.ok</summary>\n\n`blocked by comments.create.ok: answer to POST ", "- request: `POST ", "- answer: `200 OK {", "\n" + script,
		}},
		{"html", (*report.Report).WriteHTML, []string{"\n" + script, "Sample comment for tests"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var text, whole bytes.Buffer
			require.NoError(t, tt.write(alone, &text))
			for _, shown := range tt.shows {
				assert.Contains(t, text.String(), shown)
			}
			require.NoError(t, tt.write(both, &whole))
			if tt.name == "html" { // where each fact shows what it is about
				return
			}
			assert.Equal(t, strings.Count(text.String(), script), strings.Count(whole.String(), script), "the fact to blame shows it then")
		})
	}
}
