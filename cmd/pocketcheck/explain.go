package main

import (
	"fmt"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/spf13/cobra"
)

func explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain FACT",
		Short: "Tell all about one fact",
		Long: `Tell all about one fact: the document's lines, the scenarios that check it, what
they need, what is asserted and what is free, and how to check it alone.`,
		Example: "  pocketcheck explain comments.create.ok",
		Args:    arguments("one fact", "comments.create.ok"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := configure(cmd); err != nil {
				return err
			}
			f, err := factCalled(args[0])
			if err != nil {
				return err
			}
			return report.WriteFact(cmd.OutOrStdout(), f)
		},
	}
}

// factCalled gives the fact with an id.
func factCalled(id string) (fixtures.Fact, error) {
	var known []string
	for _, f := range fixtures.Facts() {
		if f.ID == id {
			return f, nil
		}
		known = append(known, f.ID)
	}
	return fixtures.Fact{}, fmt.Errorf("unknown fact %q; %s", id, fixtures.Meant(id, `"pocketcheck facts" lists them`, known...))
}
