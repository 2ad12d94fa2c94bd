package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/elastic"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/reference/postgres"
)

// storeFlags are where the reference keeps its rows: both empty for memory.
type storeFlags struct {
	database, elasticsearch string
	maxAssets               int
}

// open gives the store, and a function that closes it. No error has a password.
func (f storeFlags) open(ctx context.Context, log *slog.Logger) (reference.Store, func(), error) {
	switch {
	case f.database == "" && f.elasticsearch == "":
		return memory.Within(reference.CapacityOf(f.maxAssets)), func() {}, nil
	case f.database == "":
		return nil, nil, errors.New("--elasticsearch-url needs --database-url too: PostgreSQL has the rows, Elasticsearch the documents")
	case f.elasticsearch == "":
		return nil, nil, errors.New("--database-url needs --elasticsearch-url too: PostgreSQL has the rows, Elasticsearch the documents")
	}
	index, err := elastic.Open(ctx, f.elasticsearch)
	if err != nil {
		return nil, nil, fmt.Errorf("--elasticsearch-url: %w", err)
	}
	store, err := postgres.Open(ctx, f.database, index, reference.CapacityOf(f.maxAssets), log)
	if err != nil {
		return nil, nil, fmt.Errorf("--database-url: %w", err)
	}
	return store, store.Close, nil
}
