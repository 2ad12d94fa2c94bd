package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/spf13/cobra"
)

// readyRun is a run of which all that is asked is right.
type readyRun struct {
	target  pocketcheck.Target
	reports *reports[*report.Report]
}

// ready sees to all that can be wrong before anything is sent.
func (f *runFlags) ready(cmd *cobra.Command) (r readyRun, err error) {
	if r.target, err = f.prepare(cmd); err != nil {
		return r, err
	}
	if err := pocketcheck.Check(r.target, f.options); err != nil {
		return r, err
	}
	f.nameFiles()
	if r.reports, err = f.openReports(cmd.OutOrStdout()); err != nil {
		return r, err
	}
	return r, f.openLedger(r.reports)
}

// check runs it and writes the reports. The error has the exit code; without a result, it
// says why there is none.
func (f *runFlags) check(cmd *cobra.Command, ready readyRun) (*report.Report, error) {
	p := newProgress(ready.reports.text(cmd.ErrOrStderr()), f.known.hide(f.name()), f.quiet)
	f.options.Planned, f.options.Progress = p.planned, p.scenario
	p.start(cmd.Context())
	result, err := pocketcheck.Run(cmd.Context(), ready.target, f.options)
	p.stop()
	if errors.Is(err, pocketcheck.ErrUsage) {
		return nil, err
	}
	if err != nil {
		return nil, exitError{exitInconclusive, err}
	}
	result.Embedded = f.target == "" && f.image == "" && !f.stack
	err = f.finish(cmd.ErrOrStderr(), result, ready.reports, p)
	was := ""
	if f.writeTo != "" && sameFile(f.deviations, f.writeTo) {
		was = ", as it was before it was written anew"
	}
	for _, problem := range result.Outdated {
		fmt.Fprintf(cmd.ErrOrStderr(), "pocketcheck: %s%s: %s\n", f.known.hide(f.deviations), was, problem)
	}
	if err != nil {
		f.contained.explain(cmd.ErrOrStderr(), result.Redact)
	}
	return result, err
}

// finish writes the reports and gives the exit code of the verdict.
func (f *runFlags) finish(stderr io.Writer, result *report.Report, reports *reports[*report.Report], p *progress) error {
	p.begin()
	err := errors.Join(f.print(result, reports, p), reports.write(result), f.written.close())
	if err != nil {
		return exitError{exitInconclusive, err}
	}
	f.tellDeviations(stderr, result)
	verdict := result.BesideDeviations()
	switch {
	case verdict == report.Inconclusive:
		return exitError{exitInconclusive, errors.New(result.Unresolved())}
	case verdict == report.NonConformant || len(result.Outdated) > 0:
		return exitError{exitNonConform, nil}
	case verdict == report.Partial && f.complete:
		return exitError{exitInconclusive, errors.New("not every fact was checked, and --complete wants that")}
	}
	return nil
}

// print writes the report for a person.
func (f *runFlags) print(result *report.Report, reports *reports[*report.Report], p *progress) error {
	if f.quiet {
		return result.WriteVerdict(p.w, p.colour)
	}
	var err error
	if f.verbose {
		err = result.WriteExchanges(p.w)
	}
	return errors.Join(err, result.WriteText(p.w, report.TextOptions{Colour: p.colour, Width: p.width(), Failures: f.told, Written: f.hidden(reports.paths())}))
}
