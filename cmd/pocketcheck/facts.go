package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report/plain"
	"github.com/spf13/cobra"
)

// factLine is a fact as "facts --json" prints it.
type factLine struct {
	ID        string   `json:"id"`
	Endpoint  string   `json:"endpoint"`
	Lines     string   `json:"lines"`
	Kind      string   `json:"kind"`
	Tier      string   `json:"tier"`
	Needs     []string `json:"needs"`
	Reason    string   `json:"reason,omitempty"` // why it is untestable
	Assertion string   `json:"assertion,omitempty"`
}

func factsCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "facts",
		Short: "List the facts of the document",
		Long: `List the facts of the document: id, endpoint, lines, tier, the provider states
that each needs, and why some are untestable.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := configure(cmd); err != nil {
				return err
			}
			if asJSON {
				return plain.JSON(cmd.OutOrStdout(), factLines())
			}
			return writeFacts(cmd.OutOrStdout())
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	return cmd
}

func factLines() []factLine {
	lines := []factLine{}
	for _, f := range fixtures.Facts() {
		tier := f.Tier
		if f.Wording {
			tier += "+wording"
		}
		lines = append(lines, factLine{
			f.ID, f.Endpoint, f.Lines.String(), f.Kind, tier, append([]string{}, f.Needs...), f.Untestable, f.Assertion,
		})
	}
	return lines
}

func writeFacts(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "ID\tENDPOINT\tLINES\tTIER\tNEEDS\tUNTESTABLE, SINCE")
	for _, f := range factLines() {
		fmt.Fprintln(t, strings.Join([]string{f.ID, f.Endpoint, f.Lines, f.Tier, strings.Join(f.Needs, "; "), f.Reason}, "\t"))
	}
	return t.Flush()
}
