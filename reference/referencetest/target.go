// Package referencetest gives tests of the suite the reference as a target, whole
// and broken.
package referencetest

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
)

// Key is the API key of a caller of the default seed who has all permissions.
const Key = "pocketcheck-admin-key"

// Target gives a reference in memory, with the default seed, that offers all
// states.
func Target() pocketcheck.Target {
	seed, err := reference.ReadSeed(bytes.NewReader(fixtures.Seed()))
	if err != nil {
		panic(err) // it is embedded: it is the build that is broken
	}
	server, err := reference.New(memory.New(), reference.Options{Seed: seed})
	if err != nil {
		panic(err)
	}
	return pocketcheck.Target{
		Handler: server, Key: pocketcheck.NewKey(Key),
		States: func(ctx context.Context, state string, params map[string]string) (map[string]string, error) {
			values, err := server.State(ctx, state, params)
			if errors.Is(err, reference.ErrStateNotOffered) {
				err = pocketcheck.ErrStateNotOffered
			}
			return values, err
		},
	}
}

// Broken gives the reference with one endpoint, as documented, that never does its
// work.
func Broken(method, path string) pocketcheck.Target {
	target := Target()
	good := target.Handler
	target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == method && SamePath(path, r.URL.Path) {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		good.ServeHTTP(w, r)
	})
	return target
}

// Faulty gives the reference without states, whose POST of comments fails: a target
// with every outcome that a run can have, but for an answer that is missing.
func Faulty() pocketcheck.Target {
	target := Broken(http.MethodPost, "/api/v2/assets/:asset_id/comments")
	target.States = nil
	return target
}

// SamePath tells whether a path is of the form of a documented one.
func SamePath(documented, path string) bool {
	a, b := strings.Split(documented, "/"), strings.Split(path, "/")
	return slices.EqualFunc(a, b, func(p, s string) bool { return p == s || strings.HasPrefix(p, ":") })
}
