package steps

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// Config is what a run of scenarios is told: the target, its keys and provider
// states, and how to treat it.
type Config struct {
	URL         string   // scheme, host and prefix of the target
	Key         wire.Key // the caller's; the zero Key sends none
	Connection  wire.Connection
	Passing     bool // the URL ends with the run
	Values      Values
	StatesURL   string
	States      StateFunc
	Facts       map[string]fixtures.Fact // those to check, by id
	Concurrency int                      // scenarios in flight
	Settle      time.Duration            // how long an effect may take to show
	Timeout     time.Duration            // of one request
	Rate        float64                  // requests a second; 0: no limit
	Wording     string                   // which texts are asserted to the letter: "lenient", "strict", or the document's
	ReadOnly    bool                     // nothing but GET is sent, and the values name what is read
	Shuffle     int64                    // seed of the order; 0: the features' order
	Planned     func(scenarios int)
	Progress    func(report.Scenario)
	Ledger      io.Writer // gets a line at once for each thing that is made or removed

	transport http.RoundTripper // in the network's place, for tests
}

// session is one run against one target: what its scenarios share.
type session struct {
	Config
	client  *wire.Client
	states  provider
	redact  *wire.Redactor
	ledger  *ledger
	journal *journal
	waiting atomic.Int64 // scenarios of a round that are not begun
	present
}

func newSession(c Config) *session {
	c.URL = strings.TrimRight(c.URL, "/")
	s := &session{Config: c, redact: &wire.Redactor{}, ledger: &ledger{}, present: present{known: map[string]bool{}}}
	s.client = wire.NewClient(wire.Settings{URL: c.URL, TLS: c.Connection.TLS, Connections: c.Concurrency, Timeout: c.Timeout, Rate: c.Rate, ReadOnly: c.ReadOnly, Transport: c.transport})
	s.states = newProvider(s)
	s.redact.Add(c.Key)
	s.redact.Add(c.Values.keys()...)
	s.redact.Add(wire.SecretsOf(c.StatesURL)...)
	s.redact.Add(wire.SecretsOfProxies()...)
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
