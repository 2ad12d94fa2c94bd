package fieldtest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference/fault"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// production gives a server with things of its own that nothing may be changed on:
// it fails the test on anything but a GET, and where a state is set up.
func production(t *testing.T, target pocketcheck.Target) pocketcheck.Target {
	t.Helper()
	good := target.Handler
	write := func(path, body string) gjson.Result {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v2/assets"+path, strings.NewReader(body))
		r.Header.Set("X-API-KEY", "pocketcheck-editor-key")
		answer := httptest.NewRecorder()
		good.ServeHTTP(answer, r)
		require.Equal(t, http.StatusOK, answer.Code, answer.Body)
		return gjson.ParseBytes(answer.Body.Bytes())
	}
	v := &target.Values
	v.AssetID = write("", `{"title": "Ours", "tags": ["A"], "media_type": "article"}`).Get("asset.id").String()
	v.CommentID = write("/"+v.AssetID+"/comments", `{"comment": "Ours, too"}`).Get("comment.id").Raw
	write("/"+v.AssetID+"/media", `{"file_url": "http://www.example.com/jpgfile.jpg", "filename": "a.jpg"}`)
	media, err := target.States(t.Context(), "a media file on the asset", map[string]string{"asset_id": v.AssetID})
	require.NoError(t, err)
	v.MediaID, v.DAGActionID, v.ProjectIDs = media["media_id"], "1", []string{"mJebz2r3ck0CTGIExPa4"}
	v.OtherKey = pocketcheck.NewKey("pocketcheck-editor-key")
	v.NoActionsViewKey = pocketcheck.NewKey("pocketcheck-without-actions-view-key")
	v.NoActionsStartKey = pocketcheck.NewKey("pocketcheck-without-actions-start-key")
	target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			t.Errorf("read only, and %s %s was sent", r.Method, r.URL)
		}
		good.ServeHTTP(w, r)
	})
	target.States = func(_ context.Context, state string, _ map[string]string) (map[string]string, error) {
		t.Errorf("read only, and the state %q was set up", state)
		return nil, pocketcheck.ErrStateNotOffered
	}
	return target
}

// readable are the facts that a run can check which only reads.
func readable(t *testing.T) []string {
	t.Helper()
	result, err := pocketcheck.Run(t.Context(), production(t, referencetest.Target()), pocketcheck.Options{ReadOnly: true, Settle: -1})
	require.NoError(t, err)
	assert.Equal(t, report.Partial, result.Verdict, "%v", result.Failed())
	assert.Zero(t, result.CleanUp)
	var ids []string
	for _, f := range result.Facts {
		switch f.Outcome {
		case report.Passed:
			ids = append(ids, f.Fact.ID)
		case report.Deselected:
			assert.True(t, strings.HasPrefix(f.Reason, "read only: it takes "), "%s: %s", f.Fact.ID, f.Reason)
		default:
			assert.Equal(t, report.Untestable, f.Outcome, "%s: %s", f.Fact.ID, f.Reason)
		}
	}
	return ids
}

// TestReadOnly: a run that may not write checks shapes and refusals on what the
// configuration names, and nothing but GET is sent.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	ids := readable(t)
	for _, id := range []string{
		"comments.list.ok", "comments.get.ok", "dag_actions.list.ok", "dag_actions.list.no-permission", "dag_runs.list.no-permission",
		"history.get.ok", "history.get.bad-cursor", "assets.get.ok", "assets.get.not-found", "assets.get.err-401", "file_metadata.get.existing.effect",
		"media.list.ok", "media.list.some.effect", "media.download_url.ok", "media.download_url.param-filename",
	} {
		assert.Contains(t, ids, id)
	}
	for _, id := range ids {
		assert.True(t, strings.HasPrefix(fixtures.FactOf(id).Endpoint, "GET "), id)
	}
}

// TestReadOnlyNoticesFaults: what is checked so is checked. Each fact has a fault that
// fails it.
func TestReadOnlyNoticesFaults(t *testing.T) {
	t.Parallel()
	noticed, all := map[string]bool{}, readable(t)
	for _, v := range fault.Faults() {
		isRead := slices.ContainsFunc(fixtures.SaidAgain(v.Fact), func(id string) bool { return slices.Contains(all, id) })
		if v.Strict || noticed[v.Fact] || !isRead {
			continue
		}
		result, err := pocketcheck.Run(t.Context(), production(t, withFault(t, v.Name)),
			pocketcheck.Options{ReadOnly: true, Settle: -1, Facts: fixtures.SaidAgain(v.Fact)})
		require.NoError(t, err)
		for _, id := range result.Failed() {
			noticed[id] = true
		}
	}
	for _, id := range all {
		assert.True(t, noticed[id], "no fault of %s is noticed", id)
	}
}

// TestReadOnlyReportsVerify: whatever GET is answered, nothing in the report looks as if
// something had been written.
func TestReadOnlyReportsVerify(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"/comments", "/media", "/history/", "/dag_actions", "/collections", "/file_metadata"} {
		for _, status := range []int{http.StatusOK, http.StatusNotFound, http.StatusInternalServerError} {
			t.Run(fmt.Sprintf("%d to %s", status, part), func(t *testing.T) {
				t.Parallel()
				target := production(t, referencetest.Target())
				whole := target.Handler
				target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if strings.Contains(r.URL.Path, part) {
						w.WriteHeader(status)
						_, _ = io.WriteString(w, `{"x": 1}`) // the client may go
						return
					}
					whole.ServeHTTP(w, r)
				})
				result, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{ReadOnly: true, Settle: -1})
				require.NoError(t, err)
				require.NotEmpty(t, result.Failed())
				var text strings.Builder
				require.NoError(t, result.WriteJSON(&text))
				record, err := report.ReadJSON(strings.NewReader(text.String()))
				require.NoError(t, err)
				for _, c := range record.Verify() {
					assert.Empty(t, c.Problems, c.Holds)
				}
			})
		}
	}
}

// TestReadOnlyWithoutAnAsset: there is nothing to read, and that is no verdict.
func TestReadOnlyWithoutAnAsset(t *testing.T) {
	t.Parallel()
	target := production(t, referencetest.Target())
	run := func(change func(*pocketcheck.Target, *pocketcheck.Options)) (*report.Report, error) {
		of, opts := target, pocketcheck.Options{ReadOnly: true, Settle: -1}
		change(&of, &opts)
		return pocketcheck.Run(t.Context(), of, opts)
	}
	_, err := run(func(of *pocketcheck.Target, _ *pocketcheck.Options) { of.Values.AssetID = "" })
	require.ErrorIs(t, err, pocketcheck.ErrUsage)
	for _, tt := range []struct {
		name, says string
		change     func(*pocketcheck.Target, *pocketcheck.Options)
	}{
		{"another's asset", "answers 404 to GET of the asset that asset_id names", func(of *pocketcheck.Target, _ *pocketcheck.Options) { of.Values.AssetID = "gone" }},
		{"a wrong key", "refuses the API key", func(of *pocketcheck.Target, _ *pocketcheck.Options) { of.Key = pocketcheck.NewKey("wrong") }},
		{"nothing to check", "nothing that was asked for can be checked so", func(_ *pocketcheck.Target, o *pocketcheck.Options) { o.Facts = []string{"comments.create.*"} }},
		{"another's comment", `answers 404 for the value comment_id, "0"`, func(of *pocketcheck.Target, _ *pocketcheck.Options) { of.Values.CommentID = "0" }},
		{"another's media file", `answers 404 for the value media_id, "0"`, func(of *pocketcheck.Target, _ *pocketcheck.Options) { of.Values.MediaID = "0" }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			result, err := run(tt.change)
			require.NoError(t, err)
			assert.Equal(t, report.Inconclusive, result.Verdict)
			assert.Contains(t, result.Unresolved(), tt.says)
		})
	}
}

// TestEveryReportSaysReadOnly: a verdict on a part must not be taken for one on all.
func TestEveryReportSaysReadOnly(t *testing.T) {
	t.Parallel()
	result, err := pocketcheck.Run(t.Context(), production(t, referencetest.Target()), pocketcheck.Options{ReadOnly: true, Settle: -1})
	require.NoError(t, err)
	for name, write := range report.Formats {
		if slices.Contains([]string{"badge", "shields", "cucumber"}, name) { // a count alone; scenarios alone
			continue
		}
		var text strings.Builder
		require.NoError(t, write(result, &text))
		assert.Regexp(t, "(?i)read[ _]only", text.String(), name)
	}
	var text strings.Builder
	require.NoError(t, result.WriteVerdict(&text, false))
	assert.Contains(t, text.String(), "verdict: partial (read only), ")
}
