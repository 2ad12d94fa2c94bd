package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

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

// factFilter is which facts are listed.
type factFilter struct {
	endpoints, tiers, needs []string
	untestable              bool
}

func factsCommand() *cobra.Command {
	var asJSON bool
	var filter factFilter
	cmd := &cobra.Command{
		Use:   "facts",
		Short: "List the facts of the document",
		Long: `List the facts of the document: id, endpoint, lines, tier, the provider states
that each needs, and why some are untestable.`,
		Example: `  pocketcheck facts --endpoint 'POST /api/v2/assets'
  pocketcheck facts --needs 'a project' --json`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := configure(cmd); err != nil {
				return err
			}
			facts, err := filter.of(fixtures.Facts())
			if err != nil {
				return err
			}
			if asJSON {
				return plain.JSON(cmd.OutOrStdout(), factLines(facts))
			}
			return writeFacts(cmd.OutOrStdout(), facts)
		},
	}
	fs := cmd.Flags()
	fs.BoolVar(&asJSON, "json", false, "print a JSON array")
	fs.StringArrayVar(&filter.endpoints, "endpoint", nil, `of these endpoints alone, repeatable, with globs: "POST *"`)
	fs.StringSliceVar(&filter.tiers, "tier", nil, "of these tiers alone: documented, derived, wording")
	fs.StringArrayVar(&filter.needs, "needs", nil, `that need one of these provider states, repeatable: "a project"`)
	fs.BoolVar(&filter.untestable, "untestable", false, "that no request can show")
	return cmd
}

// of gives the facts that are asked for. A word that names none is an error.
func (f factFilter) of(all []fixtures.Fact) ([]fixtures.Fact, error) {
	for _, c := range []fixtures.Criterion{
		fixtures.ByEndpoint(f.endpoints), fixtures.ByTier(f.tiers),
		{What: "provider state", Hint: `such as "a project"`, Given: f.needs, Of: func(fact fixtures.Fact) []string { return fact.Needs }},
	} {
		var err error
		if all, err = c.Select(all); err != nil {
			return nil, err
		}
	}
	all = slices.DeleteFunc(slices.Clone(all), func(fact fixtures.Fact) bool { return f.untestable && fact.Untestable == "" })
	if len(all) == 0 {
		return nil, errors.New("no fact is all of that; leave one of the flags out")
	}
	return all, nil
}

func factLines(facts []fixtures.Fact) []factLine {
	lines := []factLine{}
	for _, f := range facts {
		lines = append(lines, factLine{
			f.ID, f.Endpoint, f.Lines.String(), f.Kind, strings.Join(f.Tiers(), "+"), append([]string{}, f.Needs...), f.Untestable, f.Assertion,
		})
	}
	return lines
}

// writeFacts lists facts by endpoint, in lines that fit a terminal.
func writeFacts(w io.Writer, facts []fixtures.Fact) error {
	b := bufio.NewWriter(w)
	endpoint := ""
	for _, f := range factLines(facts) {
		if f.Endpoint != endpoint {
			if endpoint != "" {
				fmt.Fprintln(b)
			}
			endpoint = f.Endpoint
			fmt.Fprintln(b, endpoint)
		}
		fmt.Fprintf(b, "  %-46s %10s  %s\n", f.ID, f.Lines, f.Tier)
		for _, more := range []struct{ what, text string }{{"needs", strings.Join(f.Needs, "; ")}, {"untestable:", f.Reason}} {
			if more.text == "" {
				continue
			}
			for _, line := range plain.Wrap(more.what+" "+more.text, plain.Width-6) {
				fmt.Fprintln(b, "      "+line)
			}
		}
	}
	return b.Flush()
}
