package report_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// withWrong runs a scenario on a target that changes texts of the answers about
// comments.
func withWrong(t *testing.T, known []report.Deviation, texts ...string) *report.Report {
	t.Helper()
	target := referencetest.Target()
	good := target.Handler
	target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		good.ServeHTTP(answer, r)
		body := answer.Body.Bytes()
		if referencetest.SamePath("/api/v2/assets/:asset_id/comments", r.URL.Path) && r.Method == http.MethodPost {
			for _, text := range texts {
				body = bytes.ReplaceAll(body, []byte(text), []byte(`"other":`))
			}
		}
		w.WriteHeader(answer.Code)
		_, _ = io.Copy(w, bytes.NewReader(body))
	})
	r, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{
		Settle: -1, Facts: []string{"comments.create.ok"}, Deviations: known,
	})
	require.NoError(t, err)
	return r
}

// TestEachWrongMemberIsTold: the first that is wrong hides no other, neither from a
// reader nor behind what is known.
func TestEachWrongMemberIsTold(t *testing.T) {
	t.Parallel()
	one, both := []string{`"updated_at":`}, []string{`"updated_at":`, `"mentioned_users":`}
	result := withWrong(t, nil, both...)
	for _, format := range []string{"txt", "html", "md", "xml", "json"} {
		text := rendered(t, result, format)
		assert.Contains(t, text, "$.comment.updated_at", format)
		assert.Contains(t, text, "$.comment.mentioned_users", format)
	}
	assert.Contains(t, rendered(t, result, "txt"), "\n    also:     $.comment.mentioned_users is missing, want an array\n")
	const first, second = "$.comment.updated_at is missing, want a timestamp YYYY-MM-DDTHH:MM:SS.mmmZ", "$.comment.mentioned_users is missing, want an array"
	known := func(fails ...string) []report.Deviation {
		return []report.Deviation{{Fact: "comments.create.ok", Reason: "known", Fails: fails}}
	}
	assert.Equal(t, report.Partial, withWrong(t, known(first), one...).BesideDeviations())
	assert.Equal(t, report.NonConformant, withWrong(t, known(first), both...).BesideDeviations())
	assert.Equal(t, report.Partial, withWrong(t, known(first, second), both...).BesideDeviations())
	assert.Equal(t, report.Partial, withWrong(t, known(first, second), one...).BesideDeviations(), "one of them was mended")
	var list bytes.Buffer
	require.NoError(t, result.WriteDeviations(&list, "known"))
	assert.Contains(t, list.String(), first)
	assert.Contains(t, list.String(), second)
}
