package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/pocketcheck/pocketcheck/reference/control"
	"github.com/pocketcheck/pocketcheck/report/plain"
	"github.com/pocketcheck/pocketcheck/report/traffic"
	"github.com/spf13/cobra"
)

// journalFlags are which entries are meant, and how they are printed.
type journalFlags struct {
	traffic.Filter
	since          string
	wait           time.Duration
	count          int
	follow, asText bool
}

func (c *ctl) journalCommand() *cobra.Command {
	f := &journalFlags{}
	cmd := &cobra.Command{
		Use: "journal", Short: "Print what clients sent, and what the document finds wrong with it", Args: subcommand,
		Example: `  pocketcheck ctl journal --wrong --text
  pocketcheck ctl journal --user admin@example.com --count 2 --wait 3s`,
	}
	fs := cmd.Flags()
	fs.StringVar(&f.Caller, "user", "", `e-mail address of a caller; also "no key" and "unknown key"`)
	fs.StringVar(&f.Endpoint, "endpoint", "", `as documented, with globs: "POST *"`)
	fs.StringVar(&f.since, "since", "", "time, such as 2026-01-31T12:00:00Z")
	fs.Int64Var(&f.After, "after", 0, "only entries with higher numbers")
	fs.BoolVar(&f.WrongOnly, "wrong", false, "only those with which the document finds something wrong")
	fs.IntVar(&f.count, "count", 0, "wait until there are so many; exit 3 where they don't come in time")
	fs.DurationVar(&f.wait, "wait", 10*time.Second, "how long to wait for --count")
	fs.BoolVar(&f.follow, "follow", false, "go on with what comes, until interrupted")
	fs.BoolVar(&f.asText, "text", false, "a line each, in place of JSON")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return c.journal(cmd, f) }
	var user string
	clearing := &cobra.Command{
		Use: "clear", Short: "Empty the journal, or let go of what one caller sent", Args: noArguments,
		RunE: c.works(func(ctx context.Context, l *control.Client, _ []string) (any, error) {
			return nil, l.ClearJournal(ctx, user)
		}),
	}
	clearing.Flags().StringVar(&user, "user", "", "e-mail address of a caller")
	cmd.AddCommand(clearing)
	return cmd
}

func (c *ctl) journal(cmd *cobra.Command, f *journalFlags) error {
	levers, err := c.client(cmd)
	if err != nil {
		return err
	}
	if f.since != "" {
		if f.Since, err = time.Parse(time.RFC3339, f.since); err != nil {
			return fmt.Errorf("--since %s: want a time such as 2026-01-31T12:00:00Z", mistyped(f.since))
		}
	}
	if f.follow {
		return c.followed(cmd, levers, f)
	}
	entries, err := f.waited(cmd.Context(), levers)
	if err != nil {
		return worked(levers, err)
	}
	if err := f.print(cmd.OutOrStdout(), entries); err != nil {
		return err
	}
	if len(entries) < f.count {
		return exitError{exitInconclusive, fmt.Errorf("there are %d entries after %v, want %d", len(entries), f.wait, f.count)}
	}
	return nil
}

func (f *journalFlags) waited(ctx context.Context, levers *control.Client) ([]traffic.Shown, error) {
	if f.count == 0 {
		return levers.Journal(ctx, f.Filter)
	}
	timed, cancel := context.WithTimeout(ctx, f.wait)
	defer cancel()
	entries, err := levers.Wait(timed, f.Filter, f.count)
	if timed.Err() != nil && ctx.Err() == nil {
		return levers.Journal(ctx, f.Filter)
	}
	return entries, err
}

// followed prints entries as they come.
func (c *ctl) followed(cmd *cobra.Command, levers *control.Client, f *journalFlags) error {
	for {
		entries, err := levers.Wait(cmd.Context(), f.Filter, 1)
		if cmd.Context().Err() != nil {
			return nil
		}
		if err != nil {
			return worked(levers, err)
		}
		if err := f.print(cmd.OutOrStdout(), entries); err != nil {
			return err
		}
		f.After = entries[len(entries)-1].Number
	}
}

func (f *journalFlags) print(w io.Writer, entries []traffic.Shown) error {
	if !f.asText {
		return plain.JSON(w, entries)
	}
	for _, e := range entries {
		if _, err := fmt.Fprintln(w, e.Line()); err != nil {
			return err
		}
	}
	return nil
}
