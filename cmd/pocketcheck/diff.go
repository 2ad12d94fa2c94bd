package main

import (
	"bytes"
	"fmt"
	"io"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/spf13/cobra"
)

func diffCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "diff OLD.json NEW.json",
		Short: "Tell what changed from one report to another",
		Long: `Tell what changed from one JSON report to a later one, of another release of a
server or of another server: what was broken, mended, newly untested.

Exit codes: 0 no regression, 1 a regression: a fact broke that is no known
deviation, one fails more gravely, or the later run stopped before it had
checked what was checked before; 2 wrong usage, a file that is no report among
it.`,
		Example: `  pocketcheck diff old.json new.json`,
		Args:    arguments("two JSON reports, the older first", "old.json new.json"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := configure(cmd); err != nil {
				return err
			}
			before, err := readComparable(cmd, args[0])
			if err != nil {
				return err
			}
			later, err := readComparable(cmd, args[1])
			if err != nil {
				return err
			}
			return writeDiff(cmd, before.Diff(later), asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object")
	return cmd
}

func writeDiff(cmd *cobra.Command, changes *report.Changes, asJSON bool) error {
	write := changes.WriteText
	if asJSON {
		write = changes.WriteJSON
	}
	if err := write(cmd.OutOrStdout()); err != nil {
		return exitError{exitInconclusive, err}
	}
	if changes.Regression {
		return exitError{exitNonConform, nil}
	}
	return nil
}

// readComparable gives a JSON report that is whole: of half of one, or of one that was
// changed, a comparison says nothing.
func readComparable(cmd *cobra.Command, path string) (*report.Record, error) {
	record, _, err := readRecord(cmd, path)
	if err != nil {
		return nil, err
	}
	if err := record.Whole(); err != nil {
		return nil, fmt.Errorf("read the report %s: it does not agree with itself: %w; \"pocketcheck verify\" tells all", called(path), err)
	}
	return record, nil
}

// readRecord gives a JSON report and its text.
func readRecord(cmd *cobra.Command, path string) (*report.Record, []byte, error) {
	file, err := openInput(cmd, "read the report", path)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = file.Close() }() // it was read
	var text bytes.Buffer
	record, err := report.ReadJSON(io.TeeReader(file, &text))
	if err != nil {
		return nil, nil, fmt.Errorf("read the report %s: %w", called(path), reason(err))
	}
	return record, bytes.TrimPrefix(text.Bytes(), []byte(byteOrderMark)), nil
}
