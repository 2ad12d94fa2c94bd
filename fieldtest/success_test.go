package fieldtest_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAnotherSuccessBlocksNothing: a server whose requests succeed with 201 breaks
// what the document says of their status, and all else can be checked.
func TestAnotherSuccessBlocksNothing(t *testing.T) {
	t.Parallel()
	target := referencetest.Target()
	good := target.Handler
	target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		good.ServeHTTP(answer, r)
		if answer.Code == http.StatusOK {
			answer.Code = http.StatusCreated
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes()) // the client sees what is missing
	})
	result, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{Settle: -1})
	require.NoError(t, err)
	for _, f := range result.Facts {
		assert.NotEqual(t, report.Blocked, f.Outcome, "%s: %s", f.Fact.ID, f.Reason)
	}
	assert.Zero(t, result.Count(report.Errored))
	for _, id := range result.Failed() {
		assert.Equal(t, http.StatusOK, fixtures.FactOf(id).Status, "%s", id)
	}
	assert.Equal(t, result.CleanUp.Made, result.CleanUp.Removed)
}
