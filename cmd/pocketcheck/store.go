package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/cmd/pocketcheck/health"
	"github.com/pocketcheck/pocketcheck/cmd/pocketcheck/tracing"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/elastic"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/reference/postgres"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// storeFlags are where the reference keeps its rows: in memory without them.
type storeFlags struct {
	database, databaseFile, elasticsearch string
	fromEnvironment                       bool
}

func (f *storeFlags) define(fs *pflag.FlagSet, environment string) {
	fs.StringVar(&f.database, "database-url", "", "PostgreSQL: postgres://user:password@host:5432/name")
	fs.StringVar(&f.databaseFile, "database-url-file", "", "file that holds what --database-url would, with its password")
	fs.StringVar(&f.elasticsearch, "elasticsearch-url", "", "Elasticsearch: http://host:9200")
	fs.BoolVar(&f.fromEnvironment, "from-environment", false, environment)
}

// take completes the addresses by the file and the environment, and tells which is
// missing. isKept is false where there are none.
func (f *storeFlags) take(cmd *cobra.Command) (isKept bool, err error) {
	if err := f.checkGiven(cmd.Flags()); err != nil {
		return false, err
	}
	if f.databaseFile != "" {
		if f.database != "" {
			return false, errors.New("--database-url and --database-url-file: give one of them")
		}
		text, err := readText(cmd, "read --database-url-file", f.databaseFile)
		if err != nil {
			return false, err
		}
		if f.database = strings.TrimSpace(string(text)); f.database == "" {
			return false, errors.New("the file of --database-url-file is empty; write the address of PostgreSQL into it")
		}
	}
	if f.fromEnvironment {
		f.database = cmp.Or(f.database, os.Getenv("DATABASE_URL"))
		f.elasticsearch = cmp.Or(f.elasticsearch, os.Getenv("ELASTICSEARCH_URL"))
	}
	const both = "PostgreSQL has the rows and the documents, Elasticsearch an index of them"
	switch {
	case f.database == "" && f.elasticsearch != "":
		return false, errors.New("--elasticsearch-url needs --database-url too: " + both)
	case f.database != "" && f.elasticsearch == "":
		return false, errors.New("--database-url needs --elasticsearch-url too: " + both)
	}
	return f.database != "", nil
}

// checkGiven refuses an address that is given and empty: what is to be kept would be in
// memory alone.
func (f *storeFlags) checkGiven(fs *pflag.FlagSet) error {
	for _, name := range []string{"database-url", "database-url-file", "elasticsearch-url"} {
		if flag := fs.Lookup(name); flag.Changed && flag.Value.String() == "" {
			return fmt.Errorf("--%s is empty; give an address, or leave it out to keep everything in memory", name)
		}
	}
	for _, name := range []string{"DATABASE_URL", "ELASTICSEARCH_URL"} {
		if address, isSet := os.LookupEnv(name); f.fromEnvironment && isSet && address == "" {
			return fmt.Errorf("%s is empty; give an address, or unset it to keep everything in memory", name)
		}
	}
	return nil
}

// inspect is for commands that need a store which outlives them.
func (f *storeFlags) inspect(cmd *cobra.Command, log *slog.Logger) (*postgres.Inspection, error) {
	isKept, err := f.take(cmd)
	if err != nil {
		return nil, err
	}
	if !isKept {
		return nil, errors.New("no store; give --database-url and --elasticsearch-url, or --from-environment")
	}
	index, err := elastic.Open(f.elasticsearch, nil)
	if err != nil {
		return nil, fmt.Errorf("--elasticsearch-url: %w", err)
	}
	i, err := postgres.Inspect(cmd.Context(), f.database, index, log)
	if errors.Is(err, postgres.ErrAddress) {
		return nil, fmt.Errorf("--database-url: %w", err)
	}
	if err != nil {
		return nil, exitError{exitInconclusive, err}
	}
	return i, nil
}

// servedStore is a store that serves.
type servedStore struct {
	storeFlags
	maxAssets        int
	readers, writers int
}

func (f *servedStore) define(fs *pflag.FlagSet) {
	f.storeFlags.define(fs, "take DATABASE_URL, ELASTICSEARCH_URL, PORT and API_KEY, as the platform of a container gives them")
	fs.IntVar(&f.maxAssets, "max-assets", reference.DefaultCapacity.Assets, "how many assets there may be; 507 for more")
	fs.IntVar(&f.readers, "database-readers", 10, "connections to PostgreSQL that read, at most")
	fs.IntVar(&f.writers, "database-writers", 10, "connections to PostgreSQL that write, at most")
}

func (f *servedStore) check() error {
	for _, flag := range []struct {
		name  string
		value int
	}{{"max-assets", f.maxAssets}, {"database-readers", f.readers}, {"database-writers", f.writers}} {
		if flag.value < 1 {
			return fmt.Errorf("--%s is %d; give more than 0", flag.name, flag.value)
		}
	}
	return nil
}

// kept is a store, with what there is to know of it.
type kept struct {
	reference.Store
	database *postgres.Store // nil in memory
	checks   []health.Check
	close    func()
}

// open opens the store. No error has a password.
func (f *servedStore) open(ctx context.Context, log *slog.Logger, traces *tracing.Tracing) (kept, error) {
	if f.database == "" {
		store := memory.Within(reference.CapacityOf(f.maxAssets))
		return kept{Store: store, close: func() {}}, nil
	}
	index, err := elastic.Open(f.elasticsearch, traces.Elasticsearch())
	if err != nil {
		return kept{}, fmt.Errorf("--elasticsearch-url: %w", err)
	}
	store, err := postgres.Open(ctx, f.database, index, postgres.Options{
		Capacity: reference.CapacityOf(f.maxAssets), Log: log, Readers: f.readers, Writers: f.writers, Tracer: traces.PostgreSQL(),
	})
	if errors.Is(err, postgres.ErrAddress) {
		err = fmt.Errorf("--database-url: %w", err)
	}
	if err != nil {
		return kept{}, err
	}
	return kept{store, store, checksOf(store, index), store.Close}, nil
}

// longestPending is how old a pending document may become before that is told: what the
// index can take at all it has after one or two attempts, which are up to 30 seconds apart.
const longestPending = time.Minute

// checksOf are what a server on PostgreSQL and Elasticsearch needs. It answers without the
// latter, since PostgreSQL has all that an answer needs.
func checksOf(store *postgres.Store, index *elastic.Index) []health.Check {
	return []health.Check{
		{Name: "postgresql", Needed: true, Says: "it does not answer", Ask: store.Ping},
		{Name: "schema", Needed: true, Says: "the tables can't be read, or are not of this version", Ask: store.CheckSchema},
		{Name: "elasticsearch", Says: "it does not answer; what is read comes from PostgreSQL", Ask: index.Ping},
		{Name: "outbox", Says: "documents wait for Elasticsearch for more than " + longestPending.String(), Ask: func(ctx context.Context) error {
			pending, err := store.Pending(ctx)
			if err == nil && pending.Oldest > longestPending {
				err = fmt.Errorf("%d documents wait for Elasticsearch, the oldest for %v", pending.Documents, pending.Oldest.Round(time.Second))
			}
			return err
		}},
	}
}
