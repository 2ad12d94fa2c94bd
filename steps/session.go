package steps

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// Config is what a run of scenarios is told: the target, its keys and provider
// states, and how to treat it.
type Config struct {
	URL            string   // scheme, host and prefix of the target
	Key            wire.Key // the caller's; the zero Key sends none
	Connection     wire.Connection
	Passing        bool // the URL ends with the run
	Values         Values
	StatesURL      string
	States         StateFunc
	Facts          map[string]fixtures.Fact // those to check, by id
	Concurrency    int                      // scenarios in flight
	Settle         time.Duration            // how long an effect may take to show
	Timeout        time.Duration            // of one request
	Rate           float64                  // requests a second; 0: no limit
	LenientWording bool
	Shuffle        int64 // seed of the order; 0: the features' order
	Progress       func(report.Scenario)
	Ledger         io.Writer // gets a line at once for each thing that is made or removed
}

// session is one run against one target: what its scenarios share.
type session struct {
	Config
	client  *wire.Client
	states  provider
	redact  *wire.Redactor
	ledger  *ledger
	journal *journal
}

func newSession(c Config) *session {
	c.URL = strings.TrimRight(c.URL, "/")
	s := &session{Config: c, redact: &wire.Redactor{}, ledger: &ledger{}}
	s.client = wire.NewClient(wire.Settings{TLS: c.Connection.TLS, Connections: c.Concurrency, Timeout: c.Timeout, Rate: c.Rate})
	s.states = newProvider(s)
	s.redact.Add(c.Key)
	s.redact.Add(c.Values.keys()...)
	s.redact.Add(wire.Secrets(fixtures.Document(), c.Connection.Header, c.Connection.StatesHeader)...)
	s.journal = newJournal(s, c.Ledger)
	return s
}

func (s *session) close() { s.client.Close() }

// url gives a path of the API at the target.
func (s *session) url(path ...wire.Part) wire.Template {
	base := wire.Part{Text: s.URL}
	if s.Passing {
		base = wire.Base(s.URL)
	}
	return append(wire.Template{base}, path...)
}

// lenient tells whether the wording of a fact's message is free.
func (s *session) lenient(facts []string) bool {
	for _, id := range facts {
		if s.LenientWording && fixtures.FactOf(id).Wording {
			return true
		}
	}
	return false
}

// errTooMany is the end of a target that lets nobody in.
var errTooMany = errors.New("it answers 429 Too Many Requests, again and again; give a lower rate")

// probe asks the target two documented requests, GET of an asset that is not
// there and POST /assets, before any scenario. It returns whether both were
// answered with 401, or the error of a target that answers neither. They go one
// after the other: a target may take one connection at a time.
func (s *session) probe(ctx context.Context) (refused bool, err error) {
	w := s.newWorld(report.Scenario{Name: "is the target there"})
	defer w.tidy(ctx)
	get := &wire.Exchange{Method: http.MethodGet, URL: s.url(wire.Part{Text: "/api/v2/assets/not-found-id"}), Key: w.caller}
	_, getErr := w.do(ctx, get)
	if getErr != nil && !get.Sent {
		return false, getErr
	}
	created, createErr := w.perform(ctx, operationNamed("assets.create"), request{body: wire.Literal(sampleAsset), by: w.caller})
	both := func(status int) bool {
		return get.Status == status && createErr == nil && created.exchange.Status == status
	}
	switch {
	case getErr != nil && createErr != nil:
		return false, getErr
	case both(http.StatusTooManyRequests):
		return false, errTooMany
	}
	return both(http.StatusUnauthorized), nil
}
