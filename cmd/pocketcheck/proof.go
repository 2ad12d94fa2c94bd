package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"time"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/fault"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/report"
)

// The kinds of server that the suite is tried on.
const (
	kindFault   = "fault"
	kindFreedom = "freedom"
	kindNull    = "null server"
)

// strictWording is the --wording that faults in texts need which no example shows.
const strictWording = "strict"

// trial is the suite on one server that is not the reference.
type trial struct {
	Kind    string   `json:"kind"`
	Name    string   `json:"name"`
	Fact    string   `json:"fact,omitempty"`   // of a fault: the one that it breaks
	Allows  string   `json:"allows,omitempty"` // of a freedom: what of the document allows it
	Verdict string   `json:"verdict"`
	Failed  []string `json:"failed"`           // the facts that failed
	Wanted  []string `json:"wanted"`           // of a fault: those that should; of a null server: those that hold
	Passed  []string `json:"passed,omitempty"` // of a null server
	Blocked int      `json:"blocked"`
	Wording string   `json:"wording,omitempty"` // that the suite was told
	Holds   bool     `json:"holds"`             // the suite found what it should, and nothing else

	variant fault.Variant
	facts   []string // to check; none: all
	http2   bool     // reached by HTTP/2 over TLS
}

// trials are all servers that the suite is tried on. A fault is in one endpoint,
// so it is tried on the facts whose scenarios ask that: no other ever meets it.
func trials(ctx context.Context) ([]*trial, error) {
	asking, err := factsByEndpoint(ctx)
	if err != nil {
		return nil, err
	}
	var all []*trial
	for _, v := range fault.Faults() {
		wanted := fixtures.SaidAgain(v.Fact)
		if v.Blames != nil {
			wanted = v.Blames
		}
		t := &trial{
			Kind: kindFault, Name: v.Name, Fact: v.Fact, Wanted: wanted, variant: v, facts: asking[fixtures.FactOf(v.Fact).Endpoint],
		}
		all = append(all, t)
		if v.Strict {
			t.Wording = strictWording
			all = append(all, &trial{
				Kind: kindFreedom, Name: "texts/" + v.Name, Allows: "No example of the endpoint shows the text.",
				Wanted: []string{}, variant: v, facts: t.facts,
			})
		}
	}
	for _, v := range fault.Freedoms() {
		all = append(all, &trial{Kind: kindFreedom, Name: v.Name, Allows: v.Allows, Wanted: []string{}, variant: v})
	}
	all = append(all, &trial{
		Kind: kindFreedom, Name: "wire/http2", Allows: "The document says nothing of the version of HTTP.", Wanted: []string{}, http2: true,
	})
	for _, v := range fault.Nulls() {
		all = append(all, &trial{Kind: kindNull, Name: v.Name, Wanted: holding(v), variant: v})
	}
	return all, nil
}

// factsByEndpoint runs the suite on the reference and gives, for each endpoint,
// the facts of which a scenario asks it.
func factsByEndpoint(ctx context.Context) (map[string][]string, error) {
	plain := &trial{Kind: kindFreedom, Name: "the reference"}
	result, err := plain.check(ctx, nil)
	if err != nil {
		return nil, err
	}
	if result.Verdict != report.Conformant {
		return nil, fmt.Errorf("the reference itself is %s: %s", result.Verdict, result.Failed())
	}
	asking := map[string][]string{}
	for _, f := range result.Facts {
		uses := map[string]bool{}
		for _, s := range f.Scenarios {
			for _, endpoint := range s.Uses {
				uses[endpoint] = true
			}
		}
		for endpoint := range uses {
			asking[endpoint] = append(asking[endpoint], f.Fact.ID)
		}
	}
	return asking, nil
}

// holding gives the facts that are true of a null server.
func holding(v fault.Variant) []string {
	ids := []string{}
	for _, f := range fixtures.Facts() {
		if f.Untestable == "" && v.Holds(f.ID) {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// run runs the suite on the server of the trial and judges it. The error says
// that there was no verdict at all.
func (t *trial) run(ctx context.Context) error {
	result, err := t.check(ctx, nil)
	if err != nil {
		return fmt.Errorf("%s %s: %w", t.Kind, t.Name, err)
	}
	t.judge(result)
	return ctx.Err()
}

// check runs the suite, with a list of what is known.
func (t *trial) check(ctx context.Context, known []report.Deviation) (*report.Report, error) {
	seed, err := defaultSeed()
	if err != nil {
		return nil, err
	}
	handler, server, err := t.variant.Server(memory.New(), reference.Options{Seed: seed})
	if err != nil {
		return nil, err
	}
	// One scenario at a time: the trials run side by side already.
	opts := pocketcheck.Options{Facts: t.facts, Settle: -1, Concurrency: 1, Deviations: known, Wording: t.Wording}
	if t.Kind == kindFreedom {
		// To show an effect late is one of the freedoms.
		opts.Settle, opts.Concurrency = 2*time.Second, 0
	}
	target := pocketcheck.Target{Handler: handler, Key: pocketcheck.NewKey(embeddedKey), States: statesOf(server)}
	if t.http2 {
		listener := overHTTP2(handler)
		defer listener.Close()
		pool := x509.NewCertPool()
		pool.AddCert(listener.Certificate())
		target.Handler, target.URL, target.TLS = nil, listener.URL, &tls.Config{RootCAs: pool}
	}
	return pocketcheck.Run(ctx, target, opts)
}

// overHTTP2 serves a handler to those who speak HTTP/2, and no others.
func overHTTP2(handler http.Handler) *httptest.Server {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			w.WriteHeader(http.StatusHTTPVersionNotSupported)
			return
		}
		handler.ServeHTTP(w, r)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	return server
}

func (t *trial) judge(r *report.Report) {
	t.Verdict = string(r.Verdict)
	t.Failed = append([]string{}, r.Failed()...)
	t.Blocked = r.Count(report.Blocked)
	switch t.Kind {
	case kindFault:
		t.Holds = slices.Equal(t.Failed, t.Wanted) && r.Count(report.Errored) == 0
	case kindFreedom:
		t.Holds = r.Verdict == report.Conformant || t.facts != nil && r.Verdict == report.Partial
	case kindNull:
		for _, f := range r.Facts {
			if f.Outcome == report.Passed {
				t.Passed = append(t.Passed, f.Fact.ID)
			}
		}
		t.Holds = r.Verdict != report.Conformant && slices.Equal(append([]string{}, t.Passed...), t.Wanted)
	}
}

// noticed tells of a fault that failed something.
func (t *trial) noticed() bool { return len(t.Failed) > 0 }
