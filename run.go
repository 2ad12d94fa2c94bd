package pocketcheck

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pocketcheck/pocketcheck/features"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/steps"
)

// Run runs every scenario that opts selects against target and returns a report
// with one [Result] for each fact, in the document's order. A broken fact, a
// target that can't be reached and the end of ctx are verdicts in the report,
// not errors. The error says why there is no report: a bad target or option
// (it is [ErrUsage]) or a fault of the suite.
func Run(ctx context.Context, target Target, opts Options) (*Report, error) {
	opts = opts.withDefaults()
	if err := errors.Join(target.Check(), opts.check()); err != nil {
		return nil, err
	}
	facts, err := opts.selected()
	if err != nil {
		return nil, err
	}
	deadline, cancel := context.WithTimeoutCause(ctx, opts.Deadline, fmt.Errorf("the run took longer than %v", opts.Deadline))
	defer cancel()
	report := &Report{
		Started: time.Now(), Implementation: target.Implementation, ImplementationVersion: target.ImplementationVersion,
	}
	result, err := report.check(deadline, target, opts, facts)
	if err != nil {
		return nil, err
	}
	report.Duration, report.Facts, report.CleanUp = time.Since(report.Started), outcomes(facts, result), result.Ledger
	report.Verdict = verdictOf(report)
	report.accept(opts.Deviations)
	if report.Stopped != "" {
		report.explainStop()
	}
	return report, nil
}

// check brings the target up, runs the scenarios and takes it down. What kept
// them from running is in the report, not an error.
func (r *Report) check(ctx context.Context, target Target, opts Options, facts map[string]fixtures.Fact) (*steps.Result, error) {
	target, closeTarget, err := target.open(ctx)
	if notStarted, ok := errors.AsType[*startError](err); ok {
		r.Stopped = notStarted.Error()
		if errors.Is(context.Cause(ctx), context.Canceled) {
			r.Stopped = interrupted
		}
		return &steps.Result{}, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() {
		if lost := closeTarget(); lost != nil && r.Stopped == "" {
			r.Stopped = r.Redact("the target did not last: " + lost.Error())
		}
	}()
	result, err := steps.Run(ctx, features.All(), steps.Config{
		URL: target.URL, Key: target.Key, TLS: target.TLS, Values: target.Values,
		StatesURL: target.StatesURL, States: target.States, Facts: facts,
		Concurrency: opts.Concurrency, Settle: opts.Settle, Timeout: opts.Timeout, Rate: opts.Rate,
		LenientWording: opts.LenientWording, Shuffle: opts.Shuffle, Progress: opts.Progress,
	})
	if err != nil {
		return nil, err
	}
	r.redact = result.Redact
	r.Target, r.Implementation, r.ImplementationVersion = r.redact(target.URL), r.redact(r.Implementation), r.redact(r.ImplementationVersion)
	r.Stopped = r.redact(stopped(ctx, result, target.URL))
	return result, nil
}

const interrupted = "the run was interrupted"

// stopped says what kept a run from its end; "" where nothing did.
func stopped(ctx context.Context, r *steps.Result, url string) string {
	switch {
	case r.Interrupted && errors.Is(context.Cause(ctx), context.Canceled):
		return interrupted
	case r.Interrupted && ctx.Err() != nil:
		return context.Cause(ctx).Error()
	case r.Interrupted:
		return "the deadline of the run came before the turn of its last requests"
	case r.Unreachable != nil:
		return fmt.Sprintf("the target %s is unreachable: %v", url, r.Unreachable)
	case r.Refused:
		return fmt.Sprintf("the target %s refuses the API key: POST /api/v2/assets and GET of an unknown asset both answer 401", url)
	}
	return ""
}

// outcomes gives the result of each fact of the table.
func outcomes(selected map[string]fixtures.Fact, r *steps.Result) []Result {
	byFact := attribute(r.Scenarios)
	var results []Result
	for _, f := range fixtures.Facts() {
		_, isSelected := selected[f.ID]
		switch {
		case f.Untestable != "":
			results = append(results, Result{Fact: f, Outcome: Untestable, Reason: f.Untestable})
		case !isSelected:
			results = append(results, Result{Fact: f, Outcome: Deselected, Reason: "not selected"})
		default:
			results = append(results, summarize(f, byFact[f.ID]))
		}
	}
	return results
}

// severity orders outcomes: a fact with several scenarios has the worst of
// theirs.
var severity = map[Outcome]int{Passed: 0, Unprovisioned: 1, Blocked: 2, Errored: 3, Failed: 4}

func summarize(f fixtures.Fact, scenarios []Scenario) Result {
	r := Result{Fact: f, Outcome: Errored, Reason: "its scenario was not reached", Scenarios: scenarios}
	for i, s := range scenarios {
		if i == 0 || severity[s.Outcome] > severity[r.Outcome] {
			r.Outcome, r.Reason, r.BlockedBy, r.State = s.Outcome, s.Reason, s.By, s.State
		}
	}
	if r.Outcome == Unprovisioned && r.State == internalFailure {
		r.Outcome, r.State = Untestable, ""
		r.Reason = fmt.Sprintf("no documented request makes a server fail, and the target does not offer the provider state %q", internalFailure)
	}
	return r
}

// internalFailure is the state without which a row of status 500 is untestable.
const internalFailure = "an internal failure"
