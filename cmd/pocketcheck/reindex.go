package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/pocketcheck/pocketcheck/reference/postgres"
	"github.com/spf13/cobra"
)

func reindexCommand() *cobra.Command {
	var f storeFlags
	var how postgres.Reindexing
	cmd := &cobra.Command{
		Use:   "reindex",
		Short: "Put right what Elasticsearch has of a store's documents",
		Long: `Put right what Elasticsearch has of the documents of a store in PostgreSQL, while it
is served.

All documents are put into new indices, which then take the place of the old ones;
with --missing, what the indices that there are lack, or have otherwise, is put right
in them. What is interrupted goes on where it was when it is run again.`,
		Example: `  pocketcheck reindex --from-environment --missing
  pocketcheck reindex --database-url-file url.txt --elasticsearch-url http://host:9200`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return reindex(cmd, &f, how) },
	}
	f.define(cmd.Flags(), storeEnvironment)
	cmd.Flags().BoolVar(&how.Missing, "missing", false, "put right what is wrong, instead of everything anew")
	cmd.Flags().BoolVar(&how.NewIdentity, "new-identity", false,
		"leave the indices to another database that has the same: a copy of this one's files")
	return cmd
}

// storeEnvironment is what commands that look after a store take.
const storeEnvironment = "take DATABASE_URL and ELASTICSEARCH_URL, as the platform of a container gives them"

func reindex(cmd *cobra.Command, f *storeFlags, how postgres.Reindexing) error {
	if _, err := configure(cmd); err != nil {
		return err
	}
	i, err := f.inspect(cmd, slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil)))
	if err != nil {
		return err
	}
	defer i.Close()
	how.Progress = toldProgress(cmd.ErrOrStderr())
	put, err := i.Reindex(cmd.Context(), how)
	if err != nil {
		if cmd.Context().Err() != nil {
			err = errors.New("interrupted")
		}
		return exitError{exitInconclusive, fmt.Errorf("%w; run it again, and it goes on where it was", err)}
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "documents put right: %d\n", put)
	return err
}

// toldProgress tells how far something is, as often as one would look.
func toldProgress(w io.Writer) func(done, total int) {
	every := 10 * time.Second
	if isTerminal(w) {
		every = time.Second
	}
	last := time.Now()
	return func(done, total int) {
		if time.Since(last) < every && done < total {
			return
		}
		last = time.Now()
		_, _ = fmt.Fprintf(w, "documents looked at: %d of %d\n", done, total) // it goes on, also where nobody reads it
	}
}
