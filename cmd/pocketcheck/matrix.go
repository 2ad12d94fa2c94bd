package main

import (
	"errors"
	"fmt"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/spf13/cobra"
)

// matrixFormats are the reports of a matrix.
var matrixFormats = formats[*report.Matrix]{
	"html": (*report.Matrix).WriteHTML, "markdown": (*report.Matrix).WriteMarkdown, "json": (*report.Matrix).WriteJSON,
}

func matrixCommand() *cobra.Command {
	var specs []string
	var differences bool
	cmd := &cobra.Command{
		Use:   "matrix A.json B.json ...",
		Short: "Put reports of several implementations side by side",
		Long: `Put JSON reports side by side: implementations across, endpoints and facts down.
Reports of one implementation (run --implementation NAME) stand together, the
oldest first, so that those of its releases are its history. Each is verified
before, as "pocketcheck verify" does.

Exit codes: 0 written, 1 a report that does not verify, 2 wrong usage or no
report.`,
		Example: `  pocketcheck matrix a.json b.json --report html=matrix.html
  pocketcheck matrix releases/*.json --differences`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("give the JSON reports: pocketcheck matrix a.json b.json")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := configure(cmd); err != nil {
				return err
			}
			return matrix(cmd, args, specs, differences)
		},
	}
	cmd.Flags().StringArrayVar(&specs, "report", nil, "html=FILE, markdown=FILE or json=FILE, repeatable; - is standard output")
	cmd.Flags().BoolVar(&differences, "differences", false, "leave out what is the same of all")
	return cmd
}

func matrix(cmd *cobra.Command, paths, specs []string, differences bool) error {
	reports, err := openReports(specs, matrixFormats, cmd.OutOrStdout())
	if err != nil {
		return err
	}
	m, err := readMatrix(cmd, paths)
	if err != nil {
		return err
	}
	if differences {
		m = m.Differing()
	}
	return writeMatrix(cmd, m, reports)
}

func readMatrix(cmd *cobra.Command, paths []string) (*report.Matrix, error) {
	var records []*report.Record
	for _, path := range paths {
		record, text, err := readRecord(cmd, path)
		if err != nil {
			return nil, err
		}
		schema, err := checkSchema(text)
		switch {
		case err != nil:
			return nil, exitError{exitInconclusive, err}
		case len(schema.Problems) > 0:
			return nil, unverified(path, errors.New(schema.Problems[0]))
		}
		records = append(records, record)
	}
	m, err := report.NewMatrix(records...)
	if wrong, ok := errors.AsType[*report.UnverifiedError](err); ok {
		return nil, unverified(paths[wrong.Index], err)
	}
	return m, err
}

func unverified(path string, err error) error {
	return exitError{exitNonConform, fmt.Errorf("%s is not verified: %w; \"pocketcheck verify %s\" tells all", called(path), err, called(path))}
}

// writeMatrix prints a table where nothing else goes to standard output.
func writeMatrix(cmd *cobra.Command, m *report.Matrix, reports *reports[*report.Matrix]) error {
	if !reports.has("-") {
		if err := m.WriteText(cmd.OutOrStdout()); err != nil {
			return exitError{exitInconclusive, err}
		}
	}
	if err := reports.write(m); err != nil {
		return exitError{exitInconclusive, err}
	}
	return nil
}
