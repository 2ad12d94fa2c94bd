package fieldtest_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestOverBeforeItBegan: a run whose time is over before its first answer has a report,
// which tells that.
func TestOverBeforeItBegan(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	handler := referencetest.Target()
	server := httptest.NewServer(handler.Handler)
	t.Cleanup(server.Close)
	url := pocketcheck.Target{URL: server.URL, Key: handler.Key, Values: pocketcheck.Values{AssetID: "rSkRlq2Aiw4wJvjvlqSm"}}
	reading := pocketcheck.Options{ReadOnly: true}
	for name, tt := range map[string]struct {
		ctx     context.Context
		target  pocketcheck.Target
		options pocketcheck.Options
		want    string
	}{
		"handler":         {ended, handler, pocketcheck.Options{}, "the run was interrupted"},
		"url":             {ended, url, pocketcheck.Options{}, "the run was interrupted"},
		"reading":         {ended, url, reading, "the run was interrupted"},
		"waiting":         {ended, url, pocketcheck.Options{Wait: time.Minute}, "the run was interrupted"},
		"deadline":        {t.Context(), handler, pocketcheck.Options{Deadline: time.Nanosecond}, "the deadline of 1ns is over; give a longer --deadline, in Go Options.Deadline"},
		"deadline of url": {t.Context(), url, pocketcheck.Options{Deadline: time.Nanosecond}, "the deadline of 1ns is over; give a longer --deadline, in Go Options.Deadline"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result, err := pocketcheck.Run(tt.ctx, tt.target, tt.options)
			require.NoError(t, err)
			assert.Equal(t, report.Inconclusive, result.Verdict)
			assert.Equal(t, tt.want, result.Stopped)
			assert.Zero(t, result.CleanUp.Made)
		})
	}
}

// TestOverInTheBeginning: whichever of the first requests the end of a run comes
// with, there is a report, and nothing is left behind. A refusal then is no result.
func TestOverInTheBeginning(t *testing.T) {
	t.Parallel()
	for n := range int64(10) {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			target := referencetest.Target()
			reference := target.Handler
			var requests atomic.Int64
			target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if requests.Add(1) == n%5+1 {
					if cancel(); n >= 5 {
						w.WriteHeader(http.StatusTooManyRequests)
						return
					}
				}
				reference.ServeHTTP(w, r)
			})
			result, err := pocketcheck.Run(ctx, target, pocketcheck.Options{Facts: []string{"assets.get.ok"}, Settle: -1})
			require.NoError(t, err)
			assert.Equal(t, report.Inconclusive, result.Verdict)
			assert.Equal(t, "the run was interrupted", result.Stopped)
			assert.Equal(t, result.CleanUp.Made, result.CleanUp.Removed)
			assert.Empty(t, result.CleanUp.LeftBehind)
			if n >= 5 {
				assert.Zero(t, result.Count(report.Blocked))
				var text strings.Builder
				require.NoError(t, result.WriteText(&text, report.TextOptions{Failures: report.AllFailures}))
				assert.NotContains(t, text.String(), "is 429")
			}
		})
	}
}

// TestDeadlineIsNamed: a run whose time was too short says so, once, and counts what it
// did not come to.
func TestDeadlineIsNamed(t *testing.T) {
	t.Parallel()
	target := referencetest.Target()
	reference := target.Handler
	var requests atomic.Int64
	target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests.Add(1) > 60 && r.Method == http.MethodGet {
			<-r.Context().Done()
			return
		}
		reference.ServeHTTP(w, r)
	})
	var told atomic.Int64
	result, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{
		Deadline: 3 * time.Second, Settle: -1, Progress: func(report.Scenario) { told.Add(1) },
	})
	require.NoError(t, err)
	assert.Equal(t, "the deadline of 3s is over; give a longer --deadline, in Go Options.Deadline", result.Stopped)
	assert.Less(t, told.Load(), int64(100), "what was cut off is no progress")
	var text strings.Builder
	require.NoError(t, result.WriteText(&text, report.TextOptions{Failures: report.AllFailures}))
	assert.NotContains(t, text.String(), "interrupted")
	assert.Regexp(t, `(?m)^not reached: [12]\d\d facts$`, text.String())
	assert.Less(t, strings.Count(text.String(), "\n"), 40, "%s", text.String())
	for _, f := range result.Facts {
		assert.NotContains(t, f.Reason, "interrupted", f.Fact.ID)
	}
}

// TestWhatNeverLeftMadeNothing: a request whose turn did not come before the end is none
// that may have made something.
func TestWhatNeverLeftMadeNothing(t *testing.T) {
	t.Parallel()
	target := referencetest.Target()
	server := httptest.NewServer(target.Handler)
	t.Cleanup(server.Close)
	target.Handler, target.URL = nil, server.URL
	var ledger bytes.Buffer
	result, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{Rate: 0.001, Deadline: time.Minute, Ledger: &ledger})
	require.NoError(t, err)
	assert.Equal(t, "the deadline is too near for the turn of the last requests; give a longer --deadline, in Go Options.Deadline", result.Stopped)
	assert.Empty(t, result.CleanUp.LeftBehind)
	require.Contains(t, ledger.String(), `"event":"asks"`)
	cleaned, err := pocketcheck.Clean(t.Context(), &ledger, target, pocketcheck.Options{})
	require.NoError(t, err)
	assert.Empty(t, cleaned.Unanswered)
}
