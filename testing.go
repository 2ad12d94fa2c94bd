package pocketcheck

import (
	"net/http"
	"os"
	"sync"
	"testing"

	"github.com/pocketcheck/pocketcheck/fixtures"
)

// Test checks a handler in a test: a subtest for each fact, named by its id, so
// that go test -run selects. What the selection leaves out is not run. Facts
// that can't be checked are skipped, with the reason, and so are failures that
// the options list as deviations; a deviation that passes fails the test.
//
// Requests carry the API key of the environment variable POCKETCHECK_API_KEY, or
// "pocketcheck" without it. configure may change the target, such as its key and
// its provider states, and the options.
func Test(t *testing.T, handler http.Handler, configure ...func(*Target, *Options)) {
	t.Helper()
	key := os.Getenv("POCKETCHECK_API_KEY")
	if key == "" {
		key = "pocketcheck"
	}
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
	var report *Report
	run := sync.OnceValue(func() (err error) {
		report, err = Run(t.Context(), target, opts)
		return err
	})
	t.Cleanup(func() { report.judgeDeviations(t) })
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
			report.judge(t, f.ID)
		})
	}
}

// judge lets a subtest end as its fact did.
func (r *Report) judge(t *testing.T, id string) {
	t.Helper()
	for _, f := range r.Facts {
		if f.Fact.ID != id {
			continue
		}
		known := r.accepted(f)
		switch {
		case f.Outcome == Passed:
		case f.Outcome == Unprovisioned || f.Outcome == Untestable:
			t.Skipf("%s: %s", f.Outcome, plain(f.Reason))
		case known != nil:
			t.Skip(plain(known.excuse(f.Reason)))
		default:
			t.Errorf("%s: %s\n%s", f.Outcome, plain(f.Reason), details(f))
		}
	}
}

// judgeDeviations fails the test for what is no deviation any more. There is no
// report where nothing was run.
func (r *Report) judgeDeviations(t *testing.T) {
	t.Helper()
	if r == nil {
		return
	}
	for _, problem := range r.Outdated {
		t.Error(problem)
	}
}
