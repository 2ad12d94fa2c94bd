package pocketcheck_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	// A run is short-lived garbage, and there are hundreds; so does "prove".
	debug.SetGCPercent(400)
	goleak.VerifyTestMain(m)
}

func outcomesOf(r *report.Report) map[string]report.Outcome {
	all := map[string]report.Outcome{}
	for _, f := range r.Facts {
		all[f.Fact.ID] = f.Outcome
	}
	return all
}

// TestReference is the suite in a test, as a user writes it.
func TestReference(t *testing.T) {
	t.Parallel()
	target := referencetest.Target()
	pocketcheck.Test(t, target.Handler, func(of *pocketcheck.Target, o *pocketcheck.Options) {
		of.Key, of.States, o.Settle = target.Key, target.States, -1
	})
}

func TestReferenceConforms(t *testing.T) {
	t.Parallel()
	result, err := pocketcheck.Run(t.Context(), referencetest.Target(), pocketcheck.Options{})
	require.NoError(t, err)
	assert.Equal(t, report.Conformant, result.Verdict)
	assert.Len(t, result.Facts, len(fixtures.Facts()))
	assert.GreaterOrEqual(t, result.Count(report.Passed), 200)
	assert.Zero(t, result.Count(report.Unprovisioned))
	assert.Equal(t, result.CleanUp.Made, result.CleanUp.Removed)
	assert.Empty(t, result.CleanUp.LeftBehind)
}

// TestOrderAndConcurrencyChangeNothing runs the suite on a target with a fault in
// one endpoint and few states, so that every outcome is there to change.
func TestOrderAndConcurrencyChangeNothing(t *testing.T) {
	referencetest.Again(t)
	t.Parallel()
	var want map[string]report.Outcome
	for _, concurrency := range []int{1, 8, 64} {
		for run := range 2 {
			result, err := pocketcheck.Run(t.Context(), referencetest.Faulty(), pocketcheck.Options{
				Concurrency: concurrency, Settle: -1, Shuffle: int64(100*concurrency + run + 1),
			})
			require.NoError(t, err)
			if want == nil {
				want = outcomesOf(result)
				for _, o := range []report.Outcome{
					report.Passed, report.Failed, report.Blocked, report.Unprovisioned,
				} {
					require.NotZero(t, result.Count(o), "%s", o)
				}
			}
			require.Equal(t, want, outcomesOf(result), "concurrency %d, run %d", concurrency, run)
		}
	}
}

// TestBrokenEndpointIsReportedOnce takes the three endpoints that most others
// need: what needs them is blocked by one of their facts, and fails nothing.
func TestBrokenEndpointIsReportedOnce(t *testing.T) {
	referencetest.Again(t)
	t.Parallel()
	for _, tt := range []struct{ method, path, by string }{
		{http.MethodPost, "/api/v2/assets", "assets.create.ok"},
		{http.MethodPost, "/api/v2/assets/:asset_id/comments", "comments.create.ok"},
		{http.MethodGet, "/api/v2/assets/:asset_id", "assets.get.ok"},
	} {
		endpoint := tt.method + " " + tt.path
		t.Run(endpoint, func(t *testing.T) {
			t.Parallel()
			result, err := pocketcheck.Run(t.Context(), referencetest.Broken(tt.method, tt.path), pocketcheck.Options{Settle: -1})
			require.NoError(t, err)
			assert.Equal(t, report.NonConformant, result.Verdict)
			blocked := 0
			for _, f := range result.Facts {
				switch f.Outcome {
				case report.Failed:
					assert.Equal(t, endpoint, f.Fact.Endpoint, f.Fact.ID)
				case report.Blocked:
					if f.Fact.Endpoint != endpoint {
						blocked++
					}
					assert.True(t, strings.HasPrefix(f.BlockedBy, strings.TrimSuffix(tt.by, "ok")), "%s by %s", f.Fact.ID, f.BlockedBy)
				case report.Errored:
					t.Errorf("%s: %s", f.Fact.ID, f.Reason)
				}
			}
			assert.Positive(t, blocked)
			var text strings.Builder
			require.NoError(t, result.WriteText(&text, report.TextOptions{Failures: report.AllFailures}))
			assert.Equal(t, 1, strings.Count(text.String(), " blocked by "), "one line says so")
			assert.Contains(t, text.String(), " blocked by "+tt.by)
		})
	}
}

// TestGivenThatNothingElseShows: what only a Given meets is no less broken.
func TestGivenThatNothingElseShows(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusBadRequest, http.StatusTooManyRequests} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			target := referencetest.Target()
			good := target.Handler
			target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				if r.Method == http.MethodPost && bytes.Contains(body, []byte("Sample comment for tests")) {
					w.Header().Set("Retry-After", "86400") // beyond the run's deadline
					w.WriteHeader(status)
					return
				}
				r.Body = io.NopCloser(bytes.NewReader(body))
				good.ServeHTTP(w, r)
			})
			result, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{
				Facts: []string{"comments.create.ok", "comments.get.ok"}, Settle: -1,
			})
			require.NoError(t, err)
			assert.Equal(t, report.Failed, outcomesOf(result)["comments.create.ok"])
			assert.Equal(t, report.Blocked, outcomesOf(result)["comments.get.ok"])
			assert.NotEqual(t, report.Partial, result.Verdict)
		})
	}
}

// TestInterruptLeavesNothing ends a run in its middle, many times at different
// places: what was made must be gone.
func TestInterruptLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, after := range []int64{1, 5, 50, 200, 500} {
		target := referencetest.Target()
		good := target.Handler
		ctx, cancel := context.WithCancel(t.Context())
		var requests atomic.Int64
		target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if requests.Add(1) == after {
				cancel()
			}
			good.ServeHTTP(w, r)
		})
		result, err := pocketcheck.Run(ctx, target, pocketcheck.Options{})
		require.NoError(t, err)
		assert.Equal(t, report.Inconclusive, result.Verdict)
		assert.Len(t, result.Facts, len(fixtures.Facts()))
		assert.Equal(t, result.CleanUp.Made, result.CleanUp.Removed, "after %d requests", after)
		assert.Empty(t, result.CleanUp.LeftBehind)
		cancel()
	}
}

// TestGoTestSelectsAFact runs this test binary as go test -run does.
func TestGoTestSelectsAFact(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), os.Args[0],
		"-test.run", "^TestReference$/^comments.get$/^ok$", "-test.v").CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Contains(t, string(out), "--- PASS: TestReference/comments.get/ok ")
	assert.Equal(t, 1, strings.Count(string(out), "TestReference/comments.get/ok "), "%s", out)
	assert.NotContains(t, string(out), "TestReference/comments.list")
	assert.Contains(t, string(out), "verdict: partial, 1 passed, ", "and no other was checked")
}

func TestNothingSelectedIsAnError(t *testing.T) {
	t.Parallel()
	for _, o := range []pocketcheck.Options{
		{Facts: []string{"comments.update.no-such"}},
		{Tiers: []string{"rumoured"}},
		{Endpoints: []string{"GET /nowhere"}},
		{Facts: []string{"comments.list.hdr-content-type"}}, // untestable
		{Concurrency: -1},
	} {
		_, err := pocketcheck.Run(t.Context(), referencetest.Target(), o)
		require.ErrorIs(t, err, pocketcheck.ErrUsage)
	}
}
