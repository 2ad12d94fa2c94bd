// Package crashtest kills, pauses and cuts off what the store stands on, under
// load, and looks for what was lost. It has tests alone.
package crashtest

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"testing"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/fixtures/containers/containertest"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/elastic"
	"github.com/pocketcheck/pocketcheck/reference/postgres"
)

// childMode makes a process of the tests a reference, with the addresses of
// PostgreSQL and Elasticsearch as arguments.
const childMode = "POCKETCHECK_TEST_CHILD"

// key is one of the default seed.
const key = "pocketcheck-admin-key"

func TestMain(m *testing.M) {
	if os.Getenv(childMode) != "" {
		fmt.Fprintln(os.Stderr, serve(context.Background(), os.Args[1], os.Args[2]))
		os.Exit(1)
	}
	os.Exit(containertest.NewM(m).Run())
}

// serve prints the address of a reference, and serves there until it is killed.
func serve(ctx context.Context, databaseURL, elasticsearchURL string) error {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	index, err := elastic.Open(elasticsearchURL, nil)
	if err != nil {
		return err
	}
	store, err := postgres.Open(ctx, databaseURL, index, postgres.Options{Capacity: reference.DefaultCapacity, Log: log})
	if err != nil {
		return err
	}
	seed, err := defaultSeed()
	if err != nil {
		return err
	}
	server, err := reference.New(store, reference.Options{Seed: seed, Log: log})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	return http.Serve(l, server)
}

func defaultSeed() (reference.Seed, error) {
	return reference.ReadSeed(bytes.NewReader(fixtures.Seed()))
}
