package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/report/plain"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/spf13/cobra"
)

// mostProblems is how many of a check are shown.
const mostProblems = 5

func verifyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "verify REPORT.json",
		Short: "Check a report that someone else made",
		Long: `Check, without any target, that a JSON report is whole and agrees with itself
and with the document, the scenarios and the table of facts of this pocketcheck.
It can't tell whether the run took place.

Exit codes: 0 verified, 1 not verified, 2 wrong usage or no report.`,
		Example: `  pocketcheck verify report.json`,
		Args:    arguments("one JSON report", "report.json"),
		RunE: func(cmd *cobra.Command, args []string) error {
			record, text, err := readRecord(cmd, args[0])
			if err != nil {
				return err
			}
			schema, err := checkSchema(text)
			if err != nil {
				return exitError{exitInconclusive, err}
			}
			wrong, err := writeChecks(cmd.OutOrStdout(), record, append([]report.Check{schema}, record.Verify()...))
			switch {
			case err != nil:
				return exitError{exitInconclusive, err}
			case wrong > 0:
				return exitError{exitNonConform, nil}
			}
			return nil
		},
	}
}

// checkSchema tells whether the report has the form that `pocketcheck schema`
// gives. The error is a fault of that.
func checkSchema(text []byte) (report.Check, error) {
	const name = "report.schema.json"
	check := report.Check{Holds: "its form is that of the JSON schema"}
	form, err := jsonschema.UnmarshalJSON(bytes.NewReader(report.Schema()))
	if err != nil {
		return check, err
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(name, form); err != nil {
		return check, err
	}
	schema, err := c.Compile(name)
	if err != nil {
		return check, err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return check, err
	}
	if err := schema.Validate(value); err != nil {
		var wrong *jsonschema.ValidationError
		if !errors.As(err, &wrong) {
			return check, err
		}
		_, places, _ := strings.Cut(wrong.Error(), "\n") // the first line names the schema
		check.Problems = strings.Split(strings.TrimSpace(places), "\n")
	}
	return check, nil
}

// writeChecks prints a line a check, and tells how many do not hold.
func writeChecks(w io.Writer, record *report.Record, checks []report.Check) (wrong int, err error) {
	b := bufio.NewWriter(w)
	for _, c := range checks {
		word := "ok"
		if len(c.Problems) > 0 {
			word = "wrong"
			wrong++
		}
		fmt.Fprintf(b, "%-6s %s\n", word, c.Holds)
		for i, problem := range c.Problems {
			if i == mostProblems {
				fmt.Fprintf(b, "       and %d more\n", len(c.Problems)-i)
				break
			}
			fmt.Fprintf(b, "       %s\n", plain.Line(problem))
		}
	}
	if wrong == 0 {
		fmt.Fprintf(b, "verified: %s\n", record.Summary())
	} else {
		fmt.Fprintf(b, "not verified: %d of %d checks failed\n", wrong, len(checks))
	}
	return wrong, b.Flush()
}
