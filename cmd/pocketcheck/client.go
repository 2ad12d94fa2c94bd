package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/pocketcheck/pocketcheck/reference/control"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/report/traffic"
	"github.com/spf13/cobra"
)

// clientFlags are what the flags of client say.
type clientFlags struct {
	leverFlags
	user    string
	need    []string
	reports []string
}

// verdictOn is the verdict on a client, which the mock writes in each format.
type verdictOn struct {
	*report.Record
	ctx    context.Context
	levers *control.Client
	user   string
	needed []string
}

func clientCommand(known *keyring) *cobra.Command {
	f := &clientFlags{leverFlags: leverFlags{controlFlags: controlFlags{known: known}}}
	cmd := &cobra.Command{
		Use:   "client",
		Short: "Print the verdict on the clients of a mock",
		Long: `Print what the document says of the requests that a mock got: which of its
endpoints, examples and errors they met, and which requests broke it. It says
nothing of what was not met.

Exit codes: 0 no request broke the document, 1 one did, or something of --need
was not met, 2 wrong usage, 3 no request came, or no mock there.`,
		Example: `  pocketcheck client --control 127.0.0.1:9001
  pocketcheck client --user admin@example.com --need 'comments.*' --report junit=client.xml`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	f.add(cmd.Flags())
	fs := cmd.Flags()
	fs.StringVar(&f.user, "user", "", "e-mail address of the caller; all without it")
	fs.StringSliceVar(&f.need, "need", nil, "facts that must have been met, with globs: comments.*.ok")
	fs.StringArrayVar(&f.reports, "report", nil, "FORMAT=FILE, repeatable; - is standard output; html, json, junit, markdown")
	return cmd
}

func (f *clientFlags) run(cmd *cobra.Command) error {
	if _, err := traffic.Meetable(f.need); err != nil {
		return fmt.Errorf("--need %w", err)
	}
	known := formats[*verdictOn]{}
	for _, format := range []string{"html", "json", "junit", "markdown"} {
		known[format] = func(v *verdictOn, w io.Writer) error { return v.write(format, w) }
	}
	reports, err := openReports(f.reports, known, cmd.OutOrStdout())
	if err != nil {
		return err
	}
	levers, err := f.client(cmd)
	if err != nil {
		return err
	}
	record, err := levers.Verdict(cmd.Context(), f.user, f.need...)
	if err != nil {
		return worked(levers, err)
	}
	v := &verdictOn{record, cmd.Context(), levers, f.user, f.need}
	if err := v.write("text", reports.text(cmd.ErrOrStderr())); err != nil {
		return exitError{exitInconclusive, err}
	}
	if err := reports.write(v); err != nil {
		return exitError{exitInconclusive, err}
	}
	return v.code()
}

func (v *verdictOn) write(format string, w io.Writer) error {
	text, err := v.levers.Report(v.ctx, format, v.user, v.needed...)
	if err == nil {
		_, err = w.Write(text)
	}
	return err
}

// code is what the verdict comes to.
func (v *verdictOn) code() error {
	switch {
	case v.Verdict == report.Inconclusive:
		return exitError{exitInconclusive, errors.New("no request came" + from(v.user))}
	case v.Verdict == report.NonConformant:
		return exitError{exitNonConform, nil}
	}
	return nil
}

func from(user string) string {
	if user == "" {
		return ""
	}
	return " from " + user
}
