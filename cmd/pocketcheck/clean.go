package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/report/plain"
	"github.com/spf13/cobra"
)

func cleanCommand(known *keyring) *cobra.Command {
	f := targetFlags{known: known}
	var ledger string
	cmd := &cobra.Command{
		Use:   "clean --ledger FILE",
		Short: "Remove what a killed run left on a target",
		Long: `Remove from a target what a run wrote into --ledger that it made there, and did
not remove: a run that was killed did not come to its clean-up. The target is
described as for run.

Exit codes: 0 nothing is left, 2 wrong usage, a ledger of another target among
it, 3 something is left behind.`,
		Example: `  pocketcheck clean --ledger ledger.jsonl --target http://localhost:8080`,
		Args:    noArguments,
		PreRun:  boundMemory,
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.clean(cmd, ledger) },
	}
	f.add(cmd.Flags())
	cmd.Flags().StringVar(&ledger, "ledger", "", "file that run --ledger wrote")
	return cmd
}

func (f *targetFlags) clean(cmd *cobra.Command, ledger string) error {
	given, err := configure(cmd)
	if err != nil {
		return err
	}
	target, err := f.described(cmd, given)
	if err != nil {
		return err
	}
	if ledger == "" {
		return errors.New("no ledger; give --ledger, the file that run --ledger wrote")
	}
	text, err := readText(cmd, "read --ledger", ledger)
	if err != nil {
		return err
	}
	written := &ledgerFile{path: ledger}
	if ledger != "-" && tryPath(ledger) == nil { // what is removed need not be looked for again
		f.options.Ledger = written
	}
	cleaned, err := pocketcheck.Clean(cmd.Context(), bytes.NewReader(text), target, f.options)
	if errors.Is(err, pocketcheck.ErrUsage) {
		return fmt.Errorf("--ledger %s: %w", called(ledger), err)
	}
	if err == nil {
		err = errors.Join(writeCleaned(cmd.OutOrStdout(), f.known.hide(f.target), cleaned), written.close())
	}
	if err != nil {
		return exitError{exitInconclusive, err}
	}
	switch n := len(cleaned.LeftBehind); {
	case n > 0 && cleaned.Refused == n:
		return exitError{exitInconclusive, fmt.Errorf("assets left behind: %d: the target refuses the API key with 401; give the key of the run that made them", n)}
	case n > 0:
		return exitError{exitInconclusive, fmt.Errorf("assets left behind: %d", n)}
	}
	return nil
}

// writeCleaned tells what became of the assets of a ledger.
func writeCleaned(w io.Writer, target string, c *pocketcheck.Cleaned) error {
	var b strings.Builder
	fmt.Fprintf(&b, "cleaned %s\n", plain.Line(target))
	fmt.Fprintf(&b, "assets: %d made, %d removed by the run, %d removed now, %d left behind\n", c.Made, c.Before, c.Removed, len(c.LeftBehind))
	for _, l := range c.LeftBehind {
		if c.Refused == len(c.LeftBehind) {
			break // which is said once
		}
		fmt.Fprintf(&b, "    left behind: %s\n", plain.Line(l))
	}
	if n := len(c.Unanswered); n > 0 {
		fmt.Fprintf(&b, "unanswered: %d requests for an asset, from %s on; what they made, if anything, can't be found\n",
			n, c.Unanswered[0].UTC().Format(time.RFC3339))
	}
	if c.Torn > 0 {
		fmt.Fprintf(&b, "torn lines of the ledger, which say nothing: %d\n", c.Torn)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
