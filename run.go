package pocketcheck

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/features"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/steps"
	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// Run runs every scenario that opts selects against target and returns a report
// with one [report.Result] for each fact, in the document's order. A broken fact,
// a target that can't be reached and the end of ctx are verdicts in the report,
// not errors. The error says why there is no report: a bad target or option
// (it is [ErrUsage]) or a fault of the suite.
func Run(ctx context.Context, target Target, opts Options) (*report.Report, error) {
	if err := Check(target, opts); err != nil {
		return nil, err
	}
	opts = opts.withDefaults()
	facts, err := opts.selected()
	if err != nil {
		return nil, err
	}
	r := &report.Report{
		Started: time.Now(), Implementation: target.Implementation, ImplementationVersion: target.ImplementationVersion,
		ReadOnly: opts.ReadOnly, Wording: strings.TrimPrefix(opts.Wording, usualWording),
	}
	result, err := check(ctx, target, opts, facts, r)
	if err != nil {
		return nil, err
	}
	r.Duration, r.CleanUp = time.Since(r.Started), result.Ledger
	r.Judge(result.Scenarios, facts, opts.Deviations, result.Redact)
	return r, nil
}

// Check returns the error that is [ErrUsage] with which [Run] refuses a target or options,
// and asks no target.
func Check(target Target, opts Options) error {
	return errors.Join(target.Check(), opts.Check(), opts.readable(target))
}

// check waits for the target or brings it up, runs the scenarios and takes it down.
// What kept them from running is in the report, not an error.
func check(
	ctx context.Context, target Target, opts Options, facts map[string]fixtures.Fact, r *report.Report,
) (result *steps.Result, err error) {
	if target.URL != "" && opts.Wait > 0 {
		if silent := steps.Await(ctx, target.config(opts, facts), opts.Wait); silent != nil {
			describe(ctx, r, target, silent)
			return silent, nil
		}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, opts.Deadline, fmt.Errorf("the deadline of %v is over; %s", opts.Deadline, giveMore))
	defer cancel()
	isPassing := target.Start != nil || target.Handler != nil
	target, closeTarget, err := target.open(ctx)
	if notStarted, ok := errors.AsType[*startError](err); ok {
		result := &steps.Result{}
		r.Stopped = result.Told(notStarted.Error())
		if errors.Is(context.Cause(ctx), context.Canceled) {
			r.Stopped = interrupted
		}
		return result, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() {
		if lost := closeTarget(); lost != nil && err == nil && r.Stopped == "" {
			r.Stopped = result.Told("the target did not last: " + lost.Error())
		}
	}()
	if err := opts.readable(target); err != nil {
		return nil, err
	}
	config := target.config(opts, facts)
	config.Passing = isPassing
	result, err = steps.Run(ctx, features.All(), config)
	if err != nil {
		return nil, err
	}
	describe(ctx, r, target, result)
	return result, nil
}

// describe says in the report what was checked, and what kept the run from its end.
func describe(ctx context.Context, r *report.Report, target Target, result *steps.Result) {
	r.Target, r.Implementation, r.ImplementationVersion =
		result.Redact(target.URL), result.Redact(r.Implementation), result.Redact(r.ImplementationVersion)
	r.Missing, r.Refusals, r.Unoffered = result.Missing, result.Refusals, result.Unoffered
	r.Insecure = target.TLS != nil && target.TLS.InsecureSkipVerify
	r.Stopped = result.Told(stopped(ctx, result, target, r.ReadOnly))
}

func (t Target) config(opts Options, facts map[string]fixtures.Fact) steps.Config {
	return steps.Config{
		URL: t.URL, Key: t.Key, Values: steps.Values(t.Values),
		Connection: wire.Connection{TLS: t.TLS, Files: t.TLSFiles, Header: t.Header, StatesHeader: t.StatesHeader},
		StatesURL:  t.StatesURL, States: steps.StateFunc(t.States), Facts: facts,
		Concurrency: opts.Concurrency, Settle: opts.Settle, Timeout: opts.Timeout, Rate: opts.Rate,
		Wording: opts.Wording, ReadOnly: opts.ReadOnly, Shuffle: opts.Shuffle, Planned: opts.Planned, Progress: opts.Progress, Ledger: opts.Ledger,
	}
}

// usualWording is what no report needs to tell.
const usualWording = "documented"

const (
	interrupted = "the run was interrupted"
	giveMore    = "give a longer --deadline, in Go Options.Deadline"
)

// stopped says what kept a run from its end; "" where nothing did.
func stopped(ctx context.Context, r *steps.Result, target Target, readOnly bool) string {
	url := target.URL
	switch {
	case r.Interrupted && errors.Is(context.Cause(ctx), context.Canceled):
		return interrupted
	case r.Interrupted && ctx.Err() != nil && r.Silent != nil:
		return fmt.Sprintf("the target %s is silent: %v; %v", url, r.Silent, context.Cause(ctx))
	case r.Interrupted && ctx.Err() != nil:
		return context.Cause(ctx).Error()
	case r.Interrupted:
		return "the deadline is too near for the turn of the last requests; " + giveMore
	case r.Unreachable != nil:
		return fmt.Sprintf("the target %s is unreachable: %v", url, r.Unreachable)
	case r.Unfit != nil && target.Handler != nil:
		return fmt.Sprintf("the handler can't be checked: %v; it is asked for the documented paths, /api/v2/assets and so on", r.Unfit)
	case r.Unfit != nil:
		return fmt.Sprintf("the target %s can't be checked: %v", url, r.Unfit)
	case r.Refused && readOnly:
		return fmt.Sprintf("the target %s refuses the API key: GET of the asset that asset_id names answers 401%s", url, target.hints.key)
	case r.Absent:
		return fmt.Sprintf("the target %s answers 404 to GET of the asset that asset_id names; name one that is there", url)
	case readOnly && !slices.ContainsFunc(r.Scenarios, func(s report.Scenario) bool { return s.Outcome != report.Deselected }):
		return "read only, and nothing that was asked for can be checked so"
	case r.Refused:
		return fmt.Sprintf("the target %s refuses the API key: POST /api/v2/assets and GET of an unknown asset both answer 401%s", url, target.hints.key)
	}
	return ""
}
