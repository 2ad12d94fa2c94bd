package pocketcheck_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

const seedKey = "pocketcheck-admin-key"

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newReference gives the reference as a target that offers all states.
func newReference() pocketcheck.Target {
	seed, err := reference.ReadSeed(bytes.NewReader(fixtures.Seed()))
	if err != nil {
		panic(err)
	}
	server, err := reference.New(memory.New(), reference.Options{Seed: seed})
	if err != nil {
		panic(err)
	}
	return pocketcheck.Target{
		Handler: server, Key: pocketcheck.NewKey(seedKey),
		States: func(ctx context.Context, state string, params map[string]string) (map[string]string, error) {
			values, err := server.State(ctx, state, params)
			if errors.Is(err, reference.ErrStateNotOffered) {
				err = pocketcheck.ErrStateNotOffered
			}
			return values, err
		},
	}
}

func outcomesOf(r *pocketcheck.Report) map[string]pocketcheck.Outcome {
	all := map[string]pocketcheck.Outcome{}
	for _, f := range r.Facts {
		all[f.Fact.ID] = f.Outcome
	}
	return all
}

// TestReference is the suite in a test, as a user writes it.
func TestReference(t *testing.T) {
	t.Parallel()
	target := newReference()
	pocketcheck.Test(t, target.Handler, func(of *pocketcheck.Target, o *pocketcheck.Options) {
		of.Key, of.States, o.Settle = target.Key, target.States, -1
	})
}

func TestReferenceConforms(t *testing.T) {
	t.Parallel()
	report, err := pocketcheck.Run(t.Context(), newReference(), pocketcheck.Options{})
	require.NoError(t, err)
	assert.Equal(t, pocketcheck.Conformant, report.Verdict)
	assert.Len(t, report.Facts, len(fixtures.Facts()))
	assert.GreaterOrEqual(t, report.Count(pocketcheck.Passed), 200)
	assert.Zero(t, report.Count(pocketcheck.Unprovisioned))
	assert.Equal(t, report.CleanUp.Made, report.CleanUp.Removed)
	assert.Empty(t, report.CleanUp.LeftBehind)
}

// TestOrderAndConcurrencyChangeNothing runs the suite on a target with a fault in
// one endpoint and few states, so that every outcome is there to change.
func TestOrderAndConcurrencyChangeNothing(t *testing.T) {
	t.Parallel()
	var want map[string]pocketcheck.Outcome
	for _, concurrency := range []int{1, 8, 64} {
		for run := range 20 {
			report, err := pocketcheck.Run(t.Context(), faulty(), pocketcheck.Options{
				Concurrency: concurrency, Settle: -1, Shuffle: int64(100*concurrency + run + 1),
			})
			require.NoError(t, err)
			if want == nil {
				want = outcomesOf(report)
				for _, o := range []pocketcheck.Outcome{
					pocketcheck.Passed, pocketcheck.Failed, pocketcheck.Blocked, pocketcheck.Unprovisioned,
				} {
					require.NotZero(t, report.Count(o), "%s", o)
				}
			}
			require.Equal(t, want, outcomesOf(report), "concurrency %d, run %d", concurrency, run)
		}
	}
}

// faulty is the reference without states, whose POST of comments fails.
func faulty() pocketcheck.Target {
	target := broken(http.MethodPost, "/api/v2/assets/:asset_id/comments")
	target.States = nil
	return target
}

// broken is the reference with one endpoint that never does its work.
func broken(method, path string) pocketcheck.Target {
	target := newReference()
	good := target.Handler
	target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == method && samePath(path, r.URL.Path) {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		good.ServeHTTP(w, r)
	})
	return target
}

// TestBrokenEndpointIsReportedOnce takes the three endpoints that most others
// need: what needs them is blocked by one of their facts, and fails nothing.
func TestBrokenEndpointIsReportedOnce(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ method, path, by string }{
		{http.MethodPost, "/api/v2/assets", "assets.create.ok"},
		{http.MethodPost, "/api/v2/assets/:asset_id/comments", "comments.create.ok"},
		{http.MethodGet, "/api/v2/assets/:asset_id", "assets.get.ok"},
	} {
		endpoint := tt.method + " " + tt.path
		t.Run(endpoint, func(t *testing.T) {
			t.Parallel()
			report, err := pocketcheck.Run(t.Context(), broken(tt.method, tt.path), pocketcheck.Options{Settle: -1})
			require.NoError(t, err)
			assert.Equal(t, pocketcheck.NonConformant, report.Verdict)
			blocked := 0
			for _, f := range report.Facts {
				switch f.Outcome {
				case pocketcheck.Failed:
					assert.Equal(t, endpoint, f.Fact.Endpoint, f.Fact.ID)
				case pocketcheck.Blocked:
					if f.Fact.Endpoint != endpoint {
						blocked++
					}
					assert.True(t, strings.HasPrefix(f.BlockedBy, strings.TrimSuffix(tt.by, "ok")), "%s by %s", f.Fact.ID, f.BlockedBy)
				case pocketcheck.Errored:
					t.Errorf("%s: %s", f.Fact.ID, f.Reason)
				}
			}
			assert.Positive(t, blocked)
			var text strings.Builder
			require.NoError(t, report.WriteText(&text, false))
			assert.Equal(t, 1, strings.Count(text.String(), "blocked by "+tt.by+": "), "one line says so")
		})
	}
}

// TestGivenThatNothingElseShows: what only a Given meets is no less broken.
func TestGivenThatNothingElseShows(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status int
		want   pocketcheck.Outcome
	}{{http.StatusBadRequest, pocketcheck.Failed}, {http.StatusTooManyRequests, pocketcheck.Passed}} {
		t.Run(http.StatusText(tt.status), func(t *testing.T) {
			t.Parallel()
			target := newReference()
			good := target.Handler
			target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				if r.Method == http.MethodPost && bytes.Contains(body, []byte("Sample comment for tests")) {
					w.Header().Set("Retry-After", "86400") // beyond the run's deadline
					w.WriteHeader(tt.status)
					return
				}
				r.Body = io.NopCloser(bytes.NewReader(body))
				good.ServeHTTP(w, r)
			})
			report, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{
				Facts: []string{"comments.create.ok", "comments.get.ok"}, Settle: -1,
			})
			require.NoError(t, err)
			assert.Equal(t, tt.want, outcomesOf(report)["comments.create.ok"])
			assert.Equal(t, pocketcheck.Blocked, outcomesOf(report)["comments.get.ok"])
			assert.NotEqual(t, pocketcheck.Partial, report.Verdict)
		})
	}
}

// TestInterruptLeavesNothing ends a run in its middle, many times at different
// places: what was made must be gone.
func TestInterruptLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, after := range []int64{1, 5, 50, 200, 500} {
		target := newReference()
		good := target.Handler
		ctx, cancel := context.WithCancel(t.Context())
		var requests atomic.Int64
		target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if requests.Add(1) == after {
				cancel()
			}
			good.ServeHTTP(w, r)
		})
		report, err := pocketcheck.Run(ctx, target, pocketcheck.Options{})
		require.NoError(t, err)
		assert.Equal(t, pocketcheck.Inconclusive, report.Verdict)
		assert.Len(t, report.Facts, len(fixtures.Facts()))
		assert.Equal(t, report.CleanUp.Made, report.CleanUp.Removed, "after %d requests", after)
		assert.Empty(t, report.CleanUp.LeftBehind)
		cancel()
	}
}

// TestGoTestSelectsAFact runs this test binary as go test -run does.
func TestGoTestSelectsAFact(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), os.Args[0],
		"-test.run", "TestReference/comments.get.ok$", "-test.v").CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Contains(t, string(out), "--- PASS: TestReference/comments.get.ok ")
	assert.Equal(t, 1, strings.Count(string(out), "TestReference/comments.get.ok "), "%s", out)
	assert.NotContains(t, string(out), "TestReference/comments.list.ok")
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
		_, err := pocketcheck.Run(t.Context(), newReference(), o)
		require.ErrorIs(t, err, pocketcheck.ErrUsage)
	}
}
