package pocketcheck_test

import (
	"bytes"
	"context"
	"fmt"
	"log"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/report"
)

// One endpoint of a handler is checked; here it is the reference's.
func ExampleRun() {
	seed, err := reference.ReadSeed(bytes.NewReader(fixtures.Seed()))
	if err != nil {
		log.Fatal(err)
	}
	server, err := reference.New(memory.New(), reference.Options{Seed: seed})
	if err != nil {
		log.Fatal(err)
	}
	result, err := pocketcheck.Run(context.Background(), pocketcheck.Target{
		Handler: server,
		Key:     pocketcheck.NewKey("pocketcheck-admin-key"),
	}, pocketcheck.Options{
		Endpoints: []string{"POST /api/v2/assets/:asset_id/comments"},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Verdict, result.Count(report.Failed), "failed")
	// Output: partial 0 failed
}
