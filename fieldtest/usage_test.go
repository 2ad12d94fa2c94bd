package fieldtest_test

import (
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestUsage: a target or an option that is wrong is named before anything is
// sent, and without a key or a password.
func TestUsage(t *testing.T) {
	t.Parallel()
	asked := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("asked for %s", r.URL) })
	key := pocketcheck.NewKey(canary)
	at := func(url string) pocketcheck.Target { return pocketcheck.Target{URL: url, Key: key} }
	good := pocketcheck.Target{Handler: asked, Key: key}
	tests := []struct {
		name   string
		target pocketcheck.Target
		opts   pocketcheck.Options
		want   string
	}{
		{"no target", at(""), pocketcheck.Options{}, "no target; give a URL such as http://localhost:8080, or in Go a handler"},
		{"no scheme", at("localhost:80"), pocketcheck.Options{}, `target "localhost:80" has no scheme; write http://localhost:80`},
		{"other scheme", at("ftp://localhost"), pocketcheck.Options{}, `target "ftp://localhost" has the scheme "ftp"; write http:// or https://`},
		{"no host", at("http:///api"), pocketcheck.Options{}, `target "http:///api" has no host`},
		{"query", at("http://localhost?a=b"), pocketcheck.Options{}, `target "http://localhost" has a query or a fragment; give scheme, host and prefix only`},
		{"password", at("http://u:CANARY/01234567@localhost"), pocketcheck.Options{}, "target has credentials in its URL; the only credential is the API key, which is configured apart"},
		{"URL and handler", pocketcheck.Target{URL: "http://localhost", Handler: asked, Key: key}, pocketcheck.Options{}, "target has both a URL and a handler; give one"},
		{"no key", pocketcheck.Target{Handler: asked}, pocketcheck.Options{}, "target has no API key; every documented request carries one"},
		{"another user's key of two lines", pocketcheck.Target{Handler: asked, Key: pocketcheck.NewKey("k"), Values: pocketcheck.Values{OtherKey: pocketcheck.NewKey(canary + "\n")}},
			pocketcheck.Options{}, "the key of the other user has a control character, such as a line break"},
		{"a viewer's key with a delete", pocketcheck.Target{Handler: asked, Key: pocketcheck.NewKey("k"), Values: pocketcheck.Values{NoActionsViewKey: pocketcheck.NewKey(canary + "\x7f")}},
			pocketcheck.Options{}, "the key without ACTIONS_VIEW has a control character, such as a line break"},
		{"a starter's key with a tab", pocketcheck.Target{Handler: asked, Key: pocketcheck.NewKey("k"), Values: pocketcheck.Values{NoActionsStartKey: pocketcheck.NewKey(canary + "\t")}},
			pocketcheck.Options{}, "the key without ACTIONS_START has a control character, such as a line break"},
		{"key of two lines", pocketcheck.Target{Handler: asked, Key: pocketcheck.NewKey(canary + "\n")}, pocketcheck.Options{}, "the API key has a control character, such as a line break"},
		{"own key of another", pocketcheck.Target{Handler: asked, Key: key, Values: pocketcheck.Values{OtherKey: key}}, pocketcheck.Options{}, "the key of the other user is the target's own API key; give another user's"},
		{"no project", pocketcheck.Target{Handler: asked, Key: key, Values: pocketcheck.Values{ProjectIDs: []string{"a", ""}}}, pocketcheck.Options{}, "a project id is empty; leave it out"},
		{"no URL", at("http://[::1"), pocketcheck.Options{}, `target "http://[::1" is not a URL; write one such as http://localhost:8080`},
		{"port", at("http://localhost:99999"), pocketcheck.Options{}, `target "http://localhost:99999" has the port 99999; a port is a number from 1 to 65535`},
		{"endless rate", good, pocketcheck.Options{Rate: math.Inf(1)}, "rate is +Inf; give requests a second, or 0 for no limit"},
		{"states URL", pocketcheck.Target{Handler: asked, Key: key, StatesURL: "localhost"}, pocketcheck.Options{}, `states URL "localhost" has no scheme; write http://localhost`},
		{"fact", good, pocketcheck.Options{Facts: []string{"assets.get.ok", "nope"}}, `unknown fact "nope"; "pocketcheck facts" lists them`},
		{"bad glob", good, pocketcheck.Options{Facts: []string{"["}}, `unknown fact "["; "pocketcheck facts" lists them`},
		{"tier", good, pocketcheck.Options{Tiers: []string{"nope"}}, `unknown tier "nope"; the tiers are documented, derived and wording`},
		{"endpoint", good, pocketcheck.Options{Endpoints: []string{"GET /"}}, `unknown endpoint "GET /"; write it as documented, such as "POST /api/v2/assets"`},
		{"untestable only", good, pocketcheck.Options{Facts: []string{"comments.list.hdr-content-type"}}, "the selection has no testable fact"},
		{"nothing in common", good, pocketcheck.Options{Facts: []string{"assets.get.ok"}, Tiers: []string{"derived"}}, "the selection has no testable fact"},
		{"concurrency", good, pocketcheck.Options{Concurrency: -1}, "concurrency is -1; give 1 to 1000"},
		{"concurrency without bounds", good, pocketcheck.Options{Concurrency: 1001}, "concurrency is 1001; give 1 to 1000"},
		{"timeout", good, pocketcheck.Options{Timeout: -time.Second}, "timeout is -1s; give more than 0"},
		{"deadline", good, pocketcheck.Options{Deadline: -time.Second}, "deadline is -1s; give more than 0"},
		{"deviation from nothing", good, pocketcheck.Options{Deviations: []report.Deviation{{Fact: "nope", Reason: "known"}}}, `no testable fact is called "nope"; "pocketcheck facts" lists them`},
		{"deviation from what is untestable", good, pocketcheck.Options{Deviations: []report.Deviation{{Fact: "comments.list.hdr-content-type", Reason: "known"}}}, `no testable fact is called "comments.list.hdr-content-type"; "pocketcheck facts" lists them`},
		{"deviation without a reason", good, pocketcheck.Options{Deviations: []report.Deviation{{Fact: "assets.get.ok", Reason: " "}}}, "assets.get.ok has no reason; say why its failure is accepted"},
		{"deviation twice", good, pocketcheck.Options{Deviations: []report.Deviation{{Fact: "assets.*", Reason: "a"}, {Fact: "assets.*", Reason: "b"}}}, `the deviation "assets.*" is listed twice`},
		{"wording", good, pocketcheck.Options{Wording: "rough"}, `wording is "rough"; give lenient, documented or strict`},
		{"nothing to read", good, pocketcheck.Options{ReadOnly: true}, "read only, and no asset to read; give the id of one that is there as asset_id, among the values"},
		{"rate", good, pocketcheck.Options{Rate: -1}, "rate is -1; give requests a second, or 0 for no limit"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			result, err := pocketcheck.Run(t.Context(), tt.target, tt.opts)
			require.EqualError(t, err, tt.want)
			assert.ErrorIs(t, err, pocketcheck.ErrUsage)
			assert.Nil(t, result)
			assert.Empty(t, leak(err.Error()))
		})
	}
}

// TestGlobsOfEndpoints: a path has slashes, and a star is for any of them.
func TestGlobsOfEndpoints(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]func(fixtures.Fact) bool{
		"DELETE *":       func(f fixtures.Fact) bool { return strings.HasPrefix(f.Endpoint, "DELETE ") },
		"GET */comments": func(f fixtures.Fact) bool { return f.Endpoint == "GET /api/v2/assets/:asset_id/comments" },
	} {
		t.Run(pattern, func(t *testing.T) {
			t.Parallel()
			result, err := pocketcheck.Run(t.Context(), referencetest.Target(), pocketcheck.Options{Endpoints: []string{pattern}, Settle: -1})
			require.NoError(t, err)
			for _, f := range result.Facts {
				if f.Outcome != report.Untestable {
					assert.Equal(t, want(f.Fact), f.Outcome != report.Deselected, f.Fact.ID)
				}
			}
		})
	}
}
