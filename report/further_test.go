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

// TestAnotherScenarioIsAnotherFailure: that an unknown key is let in is not known by
// that none is needed, though both are a 200 in place of a 401.
func TestAnotherScenarioIsAnotherFailure(t *testing.T) {
	t.Parallel()
	letsIn := func(known []report.Deviation, keys ...string) *report.Report {
		target := referencetest.Target()
		good := target.Handler
		target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			key := r.Header.Get("X-API-KEY")
			isUnknown := key != "" && key != referencetest.Key
			for _, k := range keys {
				if k == "" && key == "" || k == "unknown" && isUnknown {
					r.Header.Set("X-API-KEY", referencetest.Key)
				}
			}
			good.ServeHTTP(w, r)
		})
		r, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{Settle: -1, Facts: []string{"assets.get.err-401"}, Deviations: known})
		require.NoError(t, err)
		return r
	}
	first := letsIn(nil, "")
	known, _ := first.Deviations("known")
	require.Len(t, known, 1)
	assert.Equal(t, []string{"Unauthorized: nobody can get the asset without an API key: status is 200, want 401"}, known[0].Fails)
	assert.Equal(t, report.Partial, letsIn(known, "").BesideDeviations())
	assert.Equal(t, report.NonConformant, letsIn(known, "unknown").BesideDeviations())
	assert.Equal(t, report.NonConformant, letsIn(known, "", "unknown").BesideDeviations())
	both, _ := letsIn(nil, "", "unknown").Deviations("known")
	assert.Equal(t, []string{"status is 200, want 401"}, both[0].Fails, "all scenarios of the fact")
	assert.Equal(t, report.Partial, letsIn(both, "").BesideDeviations())

	read := func(r *report.Report) *report.Record {
		record, err := report.ReadJSON(bytes.NewBufferString(rendered(t, r, "json")))
		require.NoError(t, err)
		return record
	}
	changes := read(first).Diff(read(letsIn(nil, "unknown")))
	require.Len(t, changes.Failures, 1)
	assert.Equal(t, "Unauthorized: nobody can get the asset with an unknown API key: status is 200, want 401", changes.Failures[0].Fails)
}
