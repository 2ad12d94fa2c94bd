package main

import (
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/pocketcheck/pocketcheck/reference/postgres"
	"github.com/spf13/cobra"
)

func checkStoreCommand() *cobra.Command {
	var f storeFlags
	cmd := &cobra.Command{
		Use:   "check-store",
		Short: "Compare a store's documents in PostgreSQL and Elasticsearch",
		Long: `Compare what PostgreSQL and Elasticsearch have of a store's documents, while it is
served. Nothing is changed; "pocketcheck reindex" puts Elasticsearch right.

It exits with 1 where there is a difference, and with 3 where it can't compare.`,
		Example: `  pocketcheck check-store --from-environment
  pocketcheck check-store --database-url-file url.txt --elasticsearch-url http://host:9200`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return checkStore(cmd, &f) },
	}
	f.define(cmd.Flags(), storeEnvironment)
	return cmd
}

func checkStore(cmd *cobra.Command, f *storeFlags) error {
	if _, err := configure(cmd); err != nil {
		return err
	}
	i, err := f.inspect(cmd, slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil)))
	if err != nil {
		return err
	}
	defer i.Close()
	d, err := i.Check(cmd.Context())
	if err != nil {
		return exitError{exitInconclusive, err}
	}
	if err := writeDifference(cmd.OutOrStdout(), d); err != nil {
		return err
	}
	if !d.IsNone() {
		return exitError{exitNonConform, nil}
	}
	return nil
}

// idsTold is how many ids of each kind of difference are told.
const idsTold = 5

func writeDifference(w io.Writer, d postgres.Difference) error {
	var text strings.Builder
	fmt.Fprintf(&text, "documents in PostgreSQL %d, on their way to Elasticsearch %d\n", d.Documents, d.Pending)
	for _, kind := range []struct {
		name, what string
		ids        []string
	}{
		{"missing", "not in Elasticsearch", d.Missing},
		{"stale", "otherwise in Elasticsearch", d.Stale},
		{"surplus", "in Elasticsearch alone", d.Surplus},
		{"lost", "in neither: an earlier version kept them in Elasticsearch alone, which has them no more", d.Lost},
	} {
		fmt.Fprintf(&text, "%-8s %d", kind.name, len(kind.ids))
		if len(kind.ids) > 0 {
			fmt.Fprintf(&text, " (%s): %s", kind.what, strings.Join(kind.ids[:min(len(kind.ids), idsTold)], ", "))
		}
		if len(kind.ids) > idsTold {
			text.WriteString(", …")
		}
		text.WriteString("\n")
	}
	if len(d.Missing)+len(d.Stale)+len(d.Surplus) > 0 {
		text.WriteString("Requests are answered all the same. \"pocketcheck reindex --missing\" puts it right.\n")
	}
	_, err := io.WriteString(w, text.String())
	return err
}
