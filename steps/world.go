package steps

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/gavv/httpexpect/v2"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/steps/wire"
	"github.com/tidwall/gjson"
)

// world is what one scenario knows and has done. Steps find it in their context.
type world struct {
	session *session
	expect  *httpexpect.Expect // its client
	judge   judge              // of the answers that it gets
	told    report.Scenario    // what a report will tell of it
	begun   time.Time
	over    bool
	err     error         // that ended it
	patient bool          // the scenario runs again: what it makes gets the time to settle first
	hasty   bool          // an effect was tried that may not have shown yet
	missed  bool          // a thing of its own was not found, which may not show yet
	sticks  bool          // the trouble that it met is that of its request
	tidying bool          // it asks a target that may have gone, too
	waited  time.Duration // for the turn of its requests
	share   *wire.Share   // of the memory for answers

	known    map[string]wire.Part    // "asset id" and the like
	naming   string                  // "other " while a second thing of a kind is made
	caller   wire.Credential         // of what the Givens make
	before   map[string]gjson.Result // what was read first, by what it is
	provided []string                // what provider states gave, in words

	when  when
	trace trace
	own   belongings
}

// trace is what was sent, and belongs to the scenario.
type trace struct {
	exchanges []*wire.Exchange
	asked     map[string]bool // the endpoints, as documented
	paused    bool            // what is sent now is not part of the scenario
	aside     *wire.Exchange  // the last that was not
}

// back forgets what was sent after the first of the exchanges.
func (w *world) back(first int) {
	w.share.Return(w.trace.exchanges[first:]...)
	w.trace.exchanges = w.trace.exchanges[:first]
}

type worldKey struct{}

func worldOf(ctx context.Context) *world {
	return ctx.Value(worldKey{}).(*world)
}

// newWorld starts a scenario.
func (s *session) newWorld(told report.Scenario) *world {
	w := &world{
		session: s, told: told, begun: time.Now(),
		known: map[string]wire.Part{}, before: map[string]gjson.Result{}, trace: trace{asked: map[string]bool{}}, own: belongings{gone: map[string]bool{}},
		caller: s.callerNamed(ownKey), share: s.client.Share(),
	}
	w.expect = httpexpect.WithConfig(httpexpect.Config{Client: s.client, AssertionHandler: &w.judge, TestName: told.Name})
	return w
}

// unique gives a text that no other scenario, and no other run, uses.
func unique() string { return "pocketcheck-" + rand.Text() }

// errUnknown is a fault of a feature, unless the request that should have given
// the value went wrong.
var errUnknown = errors.New("the scenario knows no")

// knows gives a known value.
func (w *world) knows(name string) (wire.Part, error) {
	if name == "external id" {
		if _, ok := w.known[name]; !ok {
			w.known[name] = wire.Part{Text: unique(), Variable: "external_id"}
		}
	}
	v, ok := w.known[name]
	if !ok {
		return wire.Part{}, fmt.Errorf("%w %q; it knows %s", errUnknown, name,
			strings.Join(slices.Sorted(maps.Keys(w.known)), ", "))
	}
	return v, nil
}

// textOf gives the text of a known value, as the matcher asks for it.
func (w *world) textOf(name string) (string, error) {
	v, err := w.knows(name)
	return v.Text, err
}

// look lets check look at an answer. The error is a fault of the feature.
func (w *world) look(a *answer, check func(*answer)) (*broken, error) {
	found := w.judge.of(a, check)
	if found != nil {
		w.shorten(&found.Failure)
	}
	return found, w.judge.fault
}

// settled calls look until it finds nothing, or until what it finds can't change
// any more or has had the time to settle: the document promises no immediacy.
// again runs before each further look.
func (w *world) settled(ctx context.Context, look func() (*broken, error), again func() error) error {
	end := time.Now().Add(w.session.Settle)
	for pause := 20 * time.Millisecond; ; pause = min(2*pause, 250*time.Millisecond) {
		found, err := look()
		if found == nil || err != nil {
			return err
		}
		if found.final || time.Now().Add(pause).After(end) {
			return found
		}
		if !wire.Sleep(ctx, pause) { // it might yet have come right
			return wire.ErrInterrupted
		}
		if err := again(); err != nil {
			return err
		}
	}
}
