package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
)

// embeddedKey is a key of the default seed.
const embeddedKey = "pocketcheck-admin-key"

func defaultSeed() (reference.Seed, error) {
	return reference.ReadSeed(bytes.NewReader(fixtures.Seed()))
}

// embedded gives the reference over a store, in this process and with all its
// states.
func embedded(store reference.Store) (pocketcheck.Target, error) {
	seed, err := defaultSeed()
	if err != nil {
		return pocketcheck.Target{}, err
	}
	server, err := reference.New(store, reference.Options{Seed: seed})
	if err != nil {
		return pocketcheck.Target{}, err
	}
	return pocketcheck.Target{
		Handler: server, Key: pocketcheck.NewKey(embeddedKey), States: statesOf(server),
		Values: pocketcheck.Values{AssetID: seed.Assets[0].ID}, // for --read-only
	}, nil
}

// statesOf offers the provider states of a reference in this process.
func statesOf(server *reference.Server) pocketcheck.StateFunc {
	return func(ctx context.Context, state string, params map[string]string) (map[string]string, error) {
		values, err := server.State(ctx, state, params)
		if errors.Is(err, reference.ErrStateNotOffered) {
			err = fmt.Errorf("%w: %w", pocketcheck.ErrStateNotOffered, err)
		}
		return values, err
	}
}
