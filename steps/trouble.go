package steps

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// enough is how often a request must meet the same trouble, alone, while the target
// answers others, until the trouble is its own: of a run through a gateway that loses
// one request of twenty, one in 80 was wrong at 3.
const enough = 4

// tries is how often a scenario runs alone that meets trouble here and there.
const tries = 10

// gaps are the times between requests of a scenario that runs alone since there were
// too many: a limit that was not learned shows by them.
var gaps = [enough]time.Duration{100 * time.Millisecond, 500 * time.Millisecond, 2 * time.Second, 4 * time.Second}

// place is where a scenario met trouble, and which.
type place struct {
	operation string
	trouble   wire.Trouble
}

// met gives the request that the steps of a scenario ended at, where that met
// trouble; nil otherwise.
func (w *world) met() *wire.Exchange {
	if n := len(w.trace.exchanges); w.err != nil && !errors.Is(w.err, wire.ErrInterrupted) && n > 0 && w.trace.exchanges[n-1].Trouble() != "" {
		return w.trace.exchanges[n-1]
	}
	return nil
}

// troubled tells that trouble kept a scenario from its result, and that it is not
// known yet whose that is.
func (w *world) troubled() bool { return w.met() != nil && !w.sticks }

func placeOf(e *wire.Exchange) place { return place{e.Operation, e.Trouble()} }

// sticking is what was seen of scenarios that met trouble and were tried again,
// alone.
type sticking struct {
	times    map[string]int  // by scenario: how often at the same place, in a row
	places   map[place]bool  // where a scenario met trouble often enough
	answered map[string]bool // operations that were answered, whatever they said
	nobody   int             // scenarios in a row after which the target answered nothing else
}

func newSticking() sticking {
	return sticking{times: map[string]int{}, places: map[place]bool{}, answered: map[string]bool{}}
}

// see takes in what was answered to the requests of a scenario.
func (s *sticking) see(w *world) {
	for _, e := range w.trace.exchanges {
		if e.Trouble() == "" {
			s.answered[e.Operation] = true
		}
	}
}

// take takes in a scenario that ran alone after it met trouble. others tells whether
// the target answers others.
func (s *sticking) take(before *wire.Exchange, w *world, others bool) {
	s.see(w)
	e, id := w.met(), w.told.ID
	if others {
		s.nobody = 0
	} else {
		s.nobody++
	}
	if e == nil || !others {
		s.times[id] = 0
		return
	}
	if before == nil || placeOf(before) != placeOf(e) {
		s.times[id] = 0
	}
	s.times[id]++
	if s.times[id] >= enough {
		s.places[placeOf(e)] = true
	}
}

// sticksTo tells that the trouble of a scenario stays with its request: it met it
// again and again, or another one did, of an endpoint, or a states URL, that never
// answers.
func (s *sticking) sticksTo(w *world) bool {
	e := w.met()
	return e != nil && (s.times[w.told.ID] >= enough || s.places[placeOf(e)] && !s.answered[e.Operation])
}

// Documented requests of an asset that is not there, which do no harm.
var (
	harmlessReads  = []string{"assets.get", "comments.list"}
	harmlessWrites = []string{"assets.delete", "trash.restore"}
)

// answersOthers tells whether the target answers other requests than one in trouble:
// a GET, and where a limit may be for writes, a write. Of the states URL nothing else
// is asked.
func (s *session) answersOthers(ctx context.Context, in *wire.Exchange) bool {
	if in.States {
		return true
	}
	if s.client.Await(ctx, wire.Patience) != nil || !s.answersAny(ctx, harmlessReads, in.Operation) {
		return false
	}
	return in.Method == http.MethodGet || in.Failure != nil || s.answersAny(ctx, harmlessWrites, in.Operation)
}

func (s *session) answersAny(ctx context.Context, operations []string, but string) bool {
	w := s.newWorld(report.Scenario{Name: "does the target answer others"})
	defer w.share.Close()
	w.known[anAssetID.name] = wire.Part{Text: "not-found-id"}
	for _, name := range operations {
		if name == but {
			continue
		}
		a, err := w.perform(ctx, operationNamed(name), request{by: w.caller})
		if err == nil && a.exchange.Trouble() == "" {
			return true
		}
	}
	return false
}

// advice is what may help against trouble.
func advice(t wire.Trouble) string {
	if t.Busy() {
		return "give a lower --rate or --concurrency (in Go Options.Rate, Options.Concurrency)"
	}
	return "look at the target and what is between"
}
