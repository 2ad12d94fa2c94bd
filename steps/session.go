package steps

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"golang.org/x/time/rate"
)

// Config is what a run of scenarios is told: the target, its keys and provider
// states, and how to treat it.
type Config struct {
	URL            string // scheme, host and prefix of the target
	Key            Key    // the caller's; the zero Key sends none
	TLS            *tls.Config
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
	Progress       func(Scenario)
}

// session is one run against one target: what its scenarios share.
type session struct {
	Config
	client   *http.Client
	recorder *recorder
	states   provider
	redact   *redactor
	ledger   *ledger
}

func newSession(c Config) *session {
	c.URL = strings.TrimRight(c.URL, "/")
	transport := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		TLSClientConfig:        c.TLS,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    max(c.Concurrency, 2),
		IdleConnTimeout:        30 * time.Second,
		MaxResponseHeaderBytes: headerLimit,
	}
	s := &session{Config: c, redact: &redactor{}, ledger: &ledger{}}
	s.recorder = &recorder{base: transport, timeout: c.Timeout}
	if c.Rate > 0 {
		s.recorder.limit = rate.NewLimiter(rate.Limit(c.Rate), 1)
	}
	s.client = &http.Client{
		Transport:     s.recorder,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	s.states = newProvider(s)
	s.redact.add(c.Key)
	s.redact.add(c.Values.keys()...)
	return s
}

func (s *session) close() { s.client.CloseIdleConnections() }

// newWorld starts a scenario.
func (s *session) newWorld(title string, facts []string) *world {
	return &world{
		session: s, title: title, facts: facts,
		known: map[string]part{}, used: map[string]bool{},
		caller: credential{s.Key, "POCKETCHECK_API_KEY"},
	}
}

// unique gives a text that no other scenario, and no other run, uses.
func unique() string { return "pocketcheck-" + rand.Text() }

// lenient tells whether the wording of a fact's message is free.
func (s *session) lenient(facts []string) bool {
	for _, id := range facts {
		if s.LenientWording && s.Facts[id].Wording {
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
	w := s.newWorld("is the target there", nil)
	defer w.tidy(ctx)
	get := &exchange{method: http.MethodGet, url: s.api("/api/v2/assets/not-found-id"), key: w.caller}
	getErr := w.do(ctx, get)
	if getErr != nil && !get.sent {
		return false, getErr
	}
	create, createErr := w.perform(ctx, operationNamed("create an asset"), request{body: literal(sampleAsset), by: w.caller})
	both := func(status int) bool { return get.status == status && create.status == status }
	switch {
	case getErr != nil && createErr != nil:
		return false, getErr
	case both(http.StatusTooManyRequests):
		return false, errTooMany
	}
	return both(http.StatusUnauthorized), nil
}

// api gives the whole URL of a path of the API.
func (s *session) api(path string) template {
	return template{{text: s.URL}, {text: path}}
}
