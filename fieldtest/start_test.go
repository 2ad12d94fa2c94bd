package fieldtest_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// starting gives a target that brings itself up, and how often it was taken down.
func starting(target pocketcheck.Target, err error) (pocketcheck.Target, *int) {
	stopped := new(int)
	return pocketcheck.Target{Start: func(ctx context.Context) (pocketcheck.Target, func() error, error) {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return target, func() error { *stopped++; return nil }, err
	}}, stopped
}

func TestTargetStarts(t *testing.T) {
	t.Parallel()
	target, stopped := starting(referencetest.Target(), nil)
	result, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{Settle: -1, Facts: []string{"assets.*"}})
	require.NoError(t, err)
	assert.Equal(t, report.Partial, result.Verdict)
	assert.Empty(t, result.Failed())
	assert.Regexp(t, `^http://127\.0\.0\.1:\d+$`, result.Target)
	assert.Equal(t, 1, *stopped)
}

// TestTargetDoesNotStart: there is a report, which says why nothing was checked.
func TestTargetDoesNotStart(t *testing.T) {
	t.Parallel()
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()
	for _, tt := range []struct {
		ctx  context.Context
		want string
	}{
		{t.Context(), "the target did not start: no such image"},
		{interrupted, "the run was interrupted"},
	} {
		target, stopped := starting(pocketcheck.Target{}, errors.New("no such image"))
		result, err := pocketcheck.Run(tt.ctx, target, pocketcheck.Options{})
		require.NoError(t, err)
		assert.Equal(t, report.Inconclusive, result.Verdict)
		assert.Equal(t, tt.want, result.Stopped)
		assert.Zero(t, *stopped)
		for _, f := range result.Facts {
			if f.Outcome != report.Untestable {
				assert.Equal(t, report.Errored, f.Outcome, f.Fact.ID)
				assert.Equal(t, tt.want, f.Reason, f.Fact.ID)
			}
		}
	}
}

func TestTargetStartsWrongly(t *testing.T) {
	t.Parallel()
	nested, _ := starting(referencetest.Target(), nil)
	keyless := referencetest.Target()
	keyless.Key = pocketcheck.Key{}
	for want, started := range map[string]pocketcheck.Target{
		"no target": {}, "target has no API key": keyless, "target's Start gives a target with a Start": nested,
	} {
		target, stopped := starting(started, nil)
		_, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{})
		require.ErrorIs(t, err, pocketcheck.ErrUsage, want)
		require.ErrorContains(t, err, want)
		assert.Equal(t, 1, *stopped, want)
	}
	target, stopped := starting(referencetest.Target(), nil)
	target.URL = "http://127.0.0.1:1"
	_, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{})
	require.ErrorIs(t, err, pocketcheck.ErrUsage)
	assert.Zero(t, *stopped)
}

// TestTargetDoesNotLast: what a run finds on a target that breaks down beneath it
// is no verdict on the target.
func TestTargetDoesNotLast(t *testing.T) {
	t.Parallel()
	result, err := pocketcheck.Run(t.Context(), pocketcheck.Target{Start: func(context.Context) (pocketcheck.Target, func() error, error) {
		broken := pocketcheck.Target{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
		}), Key: pocketcheck.NewKey("canary")}
		return broken, func() error { return errors.New("its database ended; not by canary") }, nil
	}}, pocketcheck.Options{Settle: -1, Facts: []string{"assets.get.*"}})
	require.NoError(t, err)
	require.NotEmpty(t, result.Failed())
	assert.Equal(t, report.Inconclusive, result.Verdict)
	assert.Equal(t, "the target did not last: its database ended; not by REDACTED", result.Stopped)
}
