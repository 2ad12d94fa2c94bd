// Package mocktest gives a test of a client a mock of the Media Pocket API v2 of its own:
//
//	mock := mocktest.New(t)
//	client := myclient.New(mock.URL, mock.Key)
//	// …
//	mock.Journal(t).NoViolations()
package mocktest

import (
	"bytes"
	"context"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/control"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/reference/mock"
	"github.com/pocketcheck/pocketcheck/report/plain"
	"github.com/pocketcheck/pocketcheck/report/traffic"
)

// Mock is one that listens on this machine until the end of its test.
type Mock struct {
	URL    string          // of the API, without a path: "http://127.0.0.1:41234"
	Key    string          // an API key of a caller who may do everything
	User   string          // the e-mail address of that caller
	Asset  string          // the id of an asset that is there at first
	Levers *control.Client // rules, faults, clock, rows, callers
}

// New starts a mock with the rows of the default seed, for the test alone. Where it can't
// be started the test ends.
func New(t testing.TB) *Mock {
	t.Helper()
	seed, err := reference.ReadSeed(bytes.NewReader(fixtures.Seed()))
	if err != nil {
		t.Fatalf("mocktest: %v", err) // it is embedded: it is the build that is broken
	}
	const key = "pocketcheck-admin-key" // of the seed's first user
	m, err := mock.New(memory.New(), mock.Options{Seed: seed, Keys: []string{key}, Prefer: true})
	if err != nil {
		t.Fatalf("mocktest: %v", err)
	}
	api, levers := httptest.NewServer(m), httptest.NewServer(m.Control())
	t.Cleanup(levers.Close)
	t.Cleanup(api.Close)
	t.Cleanup(m.End)
	return &Mock{
		URL: api.URL, Key: key, User: seed.Users[0].Email, Asset: seed.Assets[0].ID,
		Levers: &control.Client{URL: levers.URL, HTTP: levers.Client()},
	}
}

// Caller makes a further caller, such as one for each of several subtests that share the
// mock: rules and resets can be for their requests alone. Without permissions it has all.
func (m *Mock) Caller(t testing.TB, permissions ...string) control.Caller {
	t.Helper()
	c, err := m.Levers.AddCaller(t.Context(), control.Caller{Permissions: permissions})
	if err != nil {
		t.Fatalf("mocktest: %v", err)
	}
	return c
}

// Rule lets the mock answer some requests otherwise, those of [Mock.Key] where the rule
// names no other caller. It is removed at the end of t.
func (m *Mock) Rule(t testing.TB, r control.Rule) {
	t.Helper()
	if r.User == "" && r.APIKey == "" && !r.Everyone {
		r.User = m.User
	}
	r, err := m.Levers.AddRule(t.Context(), r)
	if err != nil {
		t.Fatalf("mocktest: %v", err)
	}
	t.Cleanup(func() { _ = m.Levers.RemoveRule(context.WithoutCancel(t.Context()), r.ID) }) // it may be removed already
}

// Journal is what a mock was sent, for assertions.
type Journal struct {
	Entries []traffic.Shown // the oldest first

	t testing.TB
}

// Journal gives what was sent so far, by some callers (their e-mail addresses) or by all. It
// may be asked in a t.Cleanup, too, once parallel subtests have ended.
func (m *Mock) Journal(t testing.TB, users ...string) Journal {
	t.Helper()
	entries, err := m.Levers.Journal(context.WithoutCancel(t.Context()), traffic.Filter{})
	if err != nil {
		t.Fatalf("mocktest: %v", err)
	}
	isOther := func(e traffic.Shown) bool { return len(users) > 0 && !slices.Contains(users, e.Caller) }
	return Journal{slices.DeleteFunc(entries, isOther), t}
}

// NoViolations fails the test where a request broke the document, with a line for each
// such request.
func (j Journal) NoViolations() {
	j.t.Helper()
	for _, e := range j.Entries {
		var wrong []string
		for _, w := range e.Wrong {
			wrong = append(wrong, fmt.Sprintf("%s (%s)", w.Text, w.Fact))
		}
		if len(wrong) > 0 {
			j.t.Errorf("%s breaks the document: %s", plain.Line(e.Method+" "+e.Path), plain.Line(strings.Join(wrong, "; ")))
		}
	}
}

// Met fails the test where no request was about one of these facts of the document, such
// as "comments.create.ok"; they may have globs.
func (j Journal) Met(facts ...string) {
	j.t.Helper()
	for _, pattern := range facts {
		isMet := func(e traffic.Shown) bool {
			return slices.ContainsFunc(e.Facts, func(id string) bool { return fixtures.Glob(pattern, id) })
		}
		if !slices.ContainsFunc(j.Entries, isMet) {
			j.t.Errorf("no request met %s", pattern)
		}
	}
}
