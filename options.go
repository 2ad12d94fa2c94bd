package pocketcheck

import (
	"io"
	"math"
	"slices"
	"time"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report"
)

// Options say what a run checks and how it treats the target. The zero value
// checks everything.
type Options struct {
	Facts     []string // ids, with globs: "comments.*"
	Tiers     []string // "documented", "derived", "wording"
	Endpoints []string // as documented, with globs: "POST /api/v2/assets"

	Concurrency int                // scenarios in flight, at most 1000; 0: 16
	Settle      time.Duration      // how long an effect may take to show; 0: 2 s, negative: no time
	Timeout     time.Duration      // of one request; 0: 10 s
	Deadline    time.Duration      // of the whole run; 0: 10 min
	Wait        time.Duration      // how long to wait before the run until a URL answers; 0: not at all
	Rate        float64            // requests a second; 0: no limit
	Deviations  []report.Deviation // failures that are known
	Wording     string             // which texts are asserted to the letter: "lenient", "documented" or "strict"; "": documented
	ReadOnly    bool               // nothing but GET is sent, and no state is set up: for where nothing may be written
	Shuffle     int64              // seed of the order of scenarios; 0: the features' order

	// Ledger gets a line, a JSON object, at once for whatever is made on the target or
	// removed from it. [Clean] reads it after a run that did not come to its clean-up.
	Ledger io.Writer

	// Reports are files that [Test] writes, each as FORMAT=FILE: "html=report.html".
	Reports []string

	Planned  func(scenarios int)   // called before the first of them; some may run again
	Progress func(report.Scenario) // called after each scenario, from several goroutines
}

func (o Options) withDefaults() Options {
	if o.Concurrency == 0 {
		o.Concurrency = 16
	}
	if o.Settle == 0 {
		o.Settle = 2 * time.Second
	}
	if o.Timeout == 0 {
		o.Timeout = 10 * time.Second
	}
	if o.Deadline == 0 {
		o.Deadline = 10 * time.Minute
	}
	return o
}

// mostConcurrent is beyond the number of scenarios: more would only cost.
const mostConcurrent = 1000

// Check returns an error that is [ErrUsage] and says what to give instead.
func (o Options) Check() error {
	switch {
	case o.Concurrency < 0, o.Concurrency > mostConcurrent:
		return usage("concurrency is %d; give 1 to %d", o.Concurrency, mostConcurrent)
	case o.Timeout < 0:
		return usage("timeout is %v; give more than 0", o.Timeout)
	case o.Deadline < 0:
		return usage("deadline is %v; give more than 0", o.Deadline)
	case o.Wait < 0:
		return usage("wait is %v; give more than 0", o.Wait)
	case !slices.Contains([]string{"", "lenient", "documented", "strict"}, o.Wording):
		return usage("wording is %q; give lenient, documented or strict", o.Wording)
	case !(o.Rate >= 0) || math.IsInf(o.Rate, 0):
		return usage("rate is %v; give requests a second, or 0 for no limit", o.Rate)
	}
	if err := report.CheckDeviations(o.Deviations); err != nil {
		return usageError{err}
	}
	_, err := o.selected()
	return err
}

// readable refuses to read nothing. What a target's Start gives is looked at then.
func (o Options) readable(t Target) error {
	if o.ReadOnly && t.Start == nil && t.Values.AssetID == "" {
		return usage("read only, and no asset to read; give the id of one that is there as asset_id, among the values")
	}
	return nil
}

// selected gives the testable facts that the options name, by id. A name that
// matches nothing, and a selection without a testable fact, are errors: nothing
// that ran nothing is green.
func (o Options) selected() (map[string]fixtures.Fact, error) {
	facts := fixtures.Facts()
	for _, c := range []fixtures.Criterion{
		{What: "fact", Hint: `"pocketcheck facts" lists them`, Given: o.Facts, Of: func(f fixtures.Fact) []string { return []string{f.ID} }},
		fixtures.ByEndpoint(o.Endpoints), fixtures.ByTier(o.Tiers),
	} {
		var err error
		if facts, err = c.Select(facts); err != nil {
			return nil, usageError{err}
		}
	}
	byID := map[string]fixtures.Fact{}
	for _, f := range facts {
		if f.Untestable == "" {
			byID[f.ID] = f
		}
	}
	if len(byID) == 0 {
		return nil, usage("the selection has no testable fact")
	}
	return byID, nil
}
