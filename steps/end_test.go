package steps

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/steps/wire"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// forty gives a feature of forty scenarios, each with one write.
func forty() string {
	rows := ""
	for n := range 40 {
		rows += fmt.Sprintf("      | %d |\n", n)
	}
	return strings.Replace(scenario(with("When I create an asset with:", `{"title": "row <n>"}`), "Then the request succeeds"),
		"Scenario:", "Scenario Outline:", 1) + "    Examples:\n      | n |\n" + rows
}

// TestEndpointThatNeverAnswers fails all of its scenarios, and is not asked again for
// each of them: that it sticks to the endpoint was seen.
func TestEndpointThatNeverAnswers(t *testing.T) {
	t.Parallel()
	target := newTarget(t, func(w http.ResponseWriter, r *http.Request) bool {
		return r.Method == http.MethodPut && reset(w)
	})
	feature := strings.Replace(forty(), "When I create an asset with:", "Given an asset\n    When I update the asset with:", 1)
	result := target.run(t.Context(), t, feature, nil)
	require.NoError(t, result.Unreachable)
	require.Len(t, result.Scenarios, 40)
	for _, s := range result.Scenarios {
		require.Equal(t, report.Failed, s.Outcome, s.Reason)
		require.Equal(t, "no answer", s.Failure.Fails)
	}
	assert.Len(t, target.requests("PUT", ""), 40+enough)
}

// TestInterruptLetsAWriteEnd: what a POST in flight made must be known, so that
// it can be removed.
func TestInterruptLetsAWriteEnd(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(t.Context())
	target := newTarget(t, func(_ http.ResponseWriter, r *http.Request) bool {
		if isOwnAsset(r) {
			interrupt()
			select {
			case <-r.Context().Done(): // the client has gone
			case <-time.After(200 * time.Millisecond): // it would have, by now
			}
		}
		return false
	})
	result := target.run(ctx, t, scenario(with("Given an asset with:", `{"title": "t"}`), "When I get the asset",
		"Then the request succeeds"), nil)
	assert.True(t, result.Interrupted)
	assert.Equal(t, report.Ledger{Made: 2, Removed: 2}, result.Ledger, "the probe's and the scenario's")
	require.Len(t, result.Scenarios, 1)
	assert.Equal(t, report.Errored, result.Scenarios[0].Outcome)
	assert.Contains(t, result.Scenarios[0].Reason, wire.ErrInterrupted.Error())
}

// TestInterruptIsNoFailure: an effect that is still awaited when the run ends may
// yet come.
func TestInterruptIsNoFailure(t *testing.T) {
	t.Parallel()
	late, final := &broken{Failure: report.Failure{Message: "late"}}, &broken{report.Failure{Message: "final"}, true}
	for _, tt := range []struct {
		name   string
		settle time.Duration
		found  *broken
		end    time.Duration // of the run; 0: as the check returns
		want   error
		waited time.Duration
	}{
		{"interrupted", time.Minute, late, 0, wire.ErrInterrupted, 0},
		{"interrupted, but nothing can mend it", time.Minute, final, 0, final, 0},
		{"interrupted, but without time to settle", 0, late, 0, late, 0},
		{"the deadline comes first", time.Minute, late, time.Second, wire.ErrInterrupted, 800 * time.Millisecond},
		{"the time to settle is over first", time.Second, late, time.Minute, late, 800 * time.Millisecond},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), max(tt.end, time.Nanosecond))
				defer cancel()
				w, begun := newSession(Config{Settle: tt.settle}).newWorld(report.Scenario{}), time.Now()
				err := w.settled(ctx, func() (*broken, error) { return tt.found, nil }, func() error { return nil })
				assert.Equal(t, tt.want, err)
				assert.Equal(t, tt.waited, time.Since(begun))
			})
		})
	}
}

// TestNoTurnBeforeTheEnd: requests that the rate lets through only after the
// run's deadline say nothing of the target.
func TestNoTurnBeforeTheEnd(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	target := newTarget(t, nil)
	result := target.run(ctx, t, forty(), func(c *Config) { c.Rate = 0.001 })
	assert.NoError(t, result.Unreachable)
	require.Len(t, result.Scenarios, 40)
	for _, s := range result.Scenarios {
		require.Equal(t, report.Errored, s.Outcome)
		require.Equal(t, wire.ErrInterrupted.Error(), s.Reason)
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	unauthorized := func(w http.ResponseWriter) bool { return reply(w, http.StatusUnauthorized, "") }
	for _, tt := range []struct {
		name      string
		post, get func(http.ResponseWriter) bool
		refused   bool
		reachable bool
	}{
		{"401 to both", unauthorized, unauthorized, true, true},
		{"401 to the write", unauthorized, nil, false, true},
		{"401 to the read", nil, unauthorized, false, true},
		{"silence to both", reset, reset, false, false},
		{"silence to the write", reset, nil, false, true},
		{"silence to the read", nil, reset, false, true},
		{"silence and 401", reset, unauthorized, false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			target := newTarget(t, func(w http.ResponseWriter, r *http.Request) bool {
				switch {
				case isAssets(r):
					return tt.post != nil && tt.post(w)
				case isProbe(r):
					return tt.get != nil && tt.get(w)
				}
				return false
			})
			result := target.run(t.Context(), t, scenario(`Given no asset has the id "not-found-id"`, "When I list the media",
				"Then the request is refused with 404"), nil)
			assert.Equal(t, tt.refused, result.Refused)
			assert.Equal(t, tt.reachable, result.Unreachable == nil)
			assert.Equal(t, tt.reachable && !tt.refused, len(result.Scenarios) == 1)
		})
	}
}

// TestProbeThatIsNeverItsTurn: a target that answers 429 alone lets nobody in.
func TestProbeThatIsNeverItsTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // the pauses take no time
		s := newSession(Config{URL: "http://example.com", Timeout: time.Minute})
		s.client = wire.NewClient(wire.Settings{Timeout: time.Minute, Transport: busy{}})
		require.ErrorContains(t, s.preflight(t.Context()), "give a lower --rate")
		assert.Empty(t, s.ledger.book)
	})
}

// busy answers 429 alone.
type busy struct{}

func (busy) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{}, Body: http.NoBody}, nil
}

// TestNothingToRun: where no feature is selected, godog would run what it finds
// in a folder "features".
func TestNothingToRun(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.Mkdir("features", 0o700))
	require.NoError(t, os.WriteFile("features/own.feature", []byte("nonsense"), 0o600))
	target := newTarget(t, nil)
	config := target.config("@of.no.feature")
	result, err := Run(t.Context(), fstest.MapFS{"f.feature": {Data: []byte(scenario("Given an asset"))}}, config)
	require.NoError(t, err)
	assert.Empty(t, result.Scenarios)
	_, err = Run(t.Context(), fstest.MapFS{"f.feature": {Data: []byte("@of.no.feature nonsense")}}, config)
	require.ErrorContains(t, err, "fault of the suite")
}
