package pocketcheck

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report"
)

// Test checks a handler in a test: a subtest for each fact, named by its id, so
// that go test -run selects. What the selection leaves out is not run. Facts
// that can't be checked are skipped, with the reason, and so are failures that
// the options list as deviations; a deviation that passes fails the test. So does, once,
// what keeps the run from its end: the subtests that it did not reach are skipped.
//
// The subtests run after the function that calls Test has returned: what the target
// stands on is to be closed by t.Cleanup, not by defer. The run ends, and cleans up,
// before the deadline of the test.
//
// Requests carry the API key of the environment variable POCKETCHECK_API_KEY, or
// "pocketcheck" without it. configure may change the target, such as its key and
// its provider states, and the options.
func Test(t *testing.T, handler http.Handler, configure ...func(*Target, *Options)) {
	t.Helper()
	target, opts := Target{Handler: handler, Key: NewKey(cmp.Or(os.Getenv(keyVariable), usualKey))}, Options{}
	for _, c := range configure {
		c(&target, &opts)
	}
	selected, err := opts.selected()
	if err = errors.Join(refuse(target, opts), err); err != nil {
		t.Fatal(err)
	}
	// Parallel subtests stop at t.Parallel until all of them have been here:
	// by then the facts are known that go test -run selects.
	opts.Facts, opts.Tiers, opts.Endpoints = nil, nil, nil
	var r *report.Report
	target.hints = hints{
		absent: "; the subtests run after the test's function has returned: close the target by t.Cleanup, not by defer",
		key:    whose(target.Key),
	}
	run := sync.OnceFunc(func() {
		ctx, cancel := untilNear(t)
		defer cancel()
		r, err = Run(ctx, target, opts)
	})
	t.Cleanup(func() { judgeRun(t, r, err) })
	for _, f := range fixtures.Facts() {
		_, checked := selected[f.ID]
		t.Run(f.ID, func(t *testing.T) {
			if f.Untestable != "" {
				t.Skip("untestable: " + f.Untestable)
			}
			if !checked {
				t.Skip("deselected")
			}
			opts.Facts = append(opts.Facts, f.ID)
			t.Parallel()
			if run(); err != nil {
				t.Skip("not reached") // the test itself says why
			}
			judge(t, r, f.ID)
		})
	}
}

const (
	keyVariable = "POCKETCHECK_API_KEY"
	usualKey    = "pocketcheck"
)

// whose says where the key of a test comes from.
func whose(key Key) string {
	switch key.Reveal() {
	case os.Getenv(keyVariable):
		return "; it is that of " + keyVariable
	case usualKey:
		return "; it is the usual one, which the server does not know: give another as " + keyVariable +
			", or as the Target's Key in the function that is the third argument of Test"
	}
	return "; it is the Key that the test gives the Target"
}

// mostTidying is what a run keeps of the time of a test, to clean up in.
const mostTidying = 30 * time.Second

// untilNear gives the context of a run that ends before the deadline of the test: at
// that, go test would end the process, and what the run made would stay.
func untilNear(t *testing.T) (context.Context, context.CancelFunc) {
	deadline, ok := t.Deadline()
	if !ok {
		return context.WithCancel(t.Context())
	}
	left := time.Until(deadline)
	spare := min(left/4, mostTidying)
	return context.WithDeadlineCause(t.Context(), deadline.Add(-spare),
		fmt.Errorf("the test's own deadline is near, and %v are kept for the clean-up; give go test a longer -timeout", spare.Round(time.Second)))
}

// judge lets a subtest end as its fact did.
func judge(t *testing.T, r *report.Report, id string) {
	t.Helper()
	switch text, fails := r.Account(id); {
	case fails:
		t.Error(text)
	case text != "":
		t.Skip(text)
	}
}

// judgeRun fails the test for what stopped the run, and for what is no deviation any
// more. There is neither a report nor an error where nothing was run.
func judgeRun(t *testing.T, r *report.Report, err error) {
	t.Helper()
	switch {
	case err != nil:
		t.Error(err)
		return
	case r == nil:
		return
	case r.Stopped != "":
		t.Error(r.Stopped)
	}
	for _, problem := range r.Outdated {
		t.Error(problem)
	}
}
