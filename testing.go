package pocketcheck

import (
	"cmp"
	"context"
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
// the options list as deviations; a deviation that passes fails the test.
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
	key := cmp.Or(os.Getenv("POCKETCHECK_API_KEY"), "pocketcheck")
	target, opts := Target{Handler: handler, Key: NewKey(key)}, Options{}
	for _, c := range configure {
		c(&target, &opts)
	}
	selected, err := opts.selected()
	if err != nil {
		t.Fatal(err)
	}
	// Parallel subtests stop at t.Parallel until all of them have been here:
	// by then the facts are known that go test -run selects.
	opts.Facts, opts.Tiers, opts.Endpoints = nil, nil, nil
	var r *report.Report
	target.afterwards = "; the subtests run after the test's function has returned: close the target by t.Cleanup, not by defer"
	run := sync.OnceValue(func() (err error) {
		ctx, cancel := untilNear(t)
		defer cancel()
		r, err = Run(ctx, target, opts)
		return err
	})
	t.Cleanup(func() { judgeDeviations(t, r) })
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
			if err := run(); err != nil {
				t.Fatal(err)
			}
			judge(t, r, f.ID)
		})
	}
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

// judgeDeviations fails the test for what is no deviation any more. There is no
// report where nothing was run.
func judgeDeviations(t *testing.T, r *report.Report) {
	t.Helper()
	if r == nil {
		return
	}
	for _, problem := range r.Outdated {
		t.Error(problem)
	}
}
