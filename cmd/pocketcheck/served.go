package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/cmd/pocketcheck/tracing"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/mock"
	"github.com/pocketcheck/pocketcheck/reference/sample"
	"github.com/pocketcheck/pocketcheck/report/traffic"
	"github.com/spf13/cobra"
)

// checkFault refuses the name of a fault that there is not; without a name there is none.
func checkFault(name string) error {
	if name == "" {
		return nil
	}
	if _, err := mock.FaultNamed(name); err != nil {
		return fmt.Errorf("--fault %w", err)
	}
	return nil
}

// readSeed also returns the keys of a seed, unless everybody knows them: a client may put
// one in a wrong place before anybody has used it.
func readSeed(cmd *cobra.Command, path string) (seed reference.Seed, secrets []string, err error) {
	if path == "" {
		seed, err = defaultSeed()
		return seed, nil, err
	}
	f, err := openInput(cmd, "open --seed", path)
	if err != nil {
		return reference.Seed{}, nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	var text bytes.Buffer
	seed, err = reference.ReadSeed(io.TeeReader(f, &text))
	if err != nil {
		return reference.Seed{}, nil, fmt.Errorf("--seed %s: %w", called(path), err)
	}
	var has struct{ Users []struct{ Keys []string } }
	_ = json.Unmarshal(bytes.TrimPrefix(text.Bytes(), []byte("\ufeff")), &has) // it is a seed
	for _, user := range has.Users {
		secrets = append(secrets, user.Keys...)
	}
	return seed, secrets, nil
}

// sampleFlags are which sample the store gets.
type sampleFlags struct {
	size string
	seed uint64
}

func (f sampleFlags) check(cmd *cobra.Command) error {
	if f.size == "" && cmd.Flags().Changed("sample-seed") {
		return errors.New("--sample-seed belongs to --sample; give that too")
	}
	if _, known := sample.Assets[f.size]; f.size != "" && !known {
		return fmt.Errorf("--sample %q: no such sample; give small or large", f.size)
	}
	return nil
}

// plant gives a store its sample, where it is to have one, and tells what came of it.
func (f sampleFlags) plant(ctx context.Context, store reference.Store, b *banner) error {
	if f.size == "" {
		return nil
	}
	o := sample.Options{Assets: sample.Assets[f.size], Seed: f.seed, Now: time.Now(), Users: b.seed.Users, AtOnce: 1}
	if _, isInMemory := store.(reference.Rewriter); !isInMemory {
		o.AtOnce = 16 // each write waits for two servers
	}
	s := sample.New(o)
	isNew, err := s.Plant(ctx, store)
	if err != nil {
		return fmt.Errorf("--sample %s: %w", f.size, err)
	}
	if b.sample = "the store has a sample from before, which stays as it is"; isNew {
		b.assetID, b.sample = s.AssetID(), fmt.Sprintf("sample of %d assets", sample.Assets[f.size])
	}
	return nil
}

// traced is how traces see requests to the API.
var traced = tracing.Requests{
	Key: traffic.KeyHeader, Quiet: healthPath,
	Route: func(r *http.Request) string {
		endpoint, _ := traffic.EndpointOf(r)
		_, route, _ := strings.Cut(endpoint, " ")
		return route
	},
}

// purgeEvery is how often the trash bin is emptied of what was there 14 days.
const purgeEvery = time.Hour

func purge(ctx context.Context, server *mock.Mock, log *slog.Logger) {
	tick := time.NewTicker(purgeEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := caught(func() error { return server.Purge(ctx) }); err != nil && ctx.Err() == nil {
				log.ErrorContext(ctx, "empty the trash bin", "error", err)
			}
		case <-ctx.Done():
			return
		}
	}
}
