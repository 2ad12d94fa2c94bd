package pocketcheck_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// TestProvidedCommentIsTheTargets: what a state makes is the target's, its text too.
func TestProvidedCommentIsTheTargets(t *testing.T) {
	t.Parallel()
	target := referencetest.Target()
	offered := target.States
	target.States = func(ctx context.Context, state string, params map[string]string) (map[string]string, error) {
		if state != "another user's comment" {
			return offered(ctx, state, params)
		}
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/api/v2/assets/"+params["asset_id"]+"/comments", strings.NewReader(`{"comment": "a text of the target's"}`))
		r.Header.Set("X-API-KEY", "pocketcheck-editor-key")
		answer := httptest.NewRecorder()
		target.Handler.ServeHTTP(answer, r)
		return map[string]string{"comment_id": gjson.Get(answer.Body.String(), "comment.id").Raw}, nil
	}
	result, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{Settle: -1})
	require.NoError(t, err)
	assert.Equal(t, report.Conformant, result.Verdict, "%v", result.Failed())
}
