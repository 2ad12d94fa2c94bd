package steps

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// collector takes in what became of the scenarios, from several goroutines.
type collector struct {
	mu       sync.Mutex
	done     map[string]*world // by the scenario's id
	sticking sticking
}

// take takes in a scenario. One that will run again is not told yet.
func (c *collector) take(w *world) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done[w.told.ID] = w
	c.sticking.see(w)
	if !w.tooEarly() && !w.troubled() {
		w.session.tell(w)
	}
}

// again takes in one that ran alone since it had met trouble.
func (c *collector) again(w *world, others bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sticking.take(c.done[w.told.ID].met(), w, others)
	c.done[w.told.ID] = w
	if !w.troubled() && !w.tooEarly() {
		w.session.tell(w)
	}
}

// tell lets the caller of the run know how it goes. What the end of the run cut off is
// no progress.
func (s *session) tell(w *world) {
	if of := w.told; s.Progress != nil && !errors.Is(w.err, wire.ErrInterrupted) {
		s.Progress(report.Scenario{
			ID: of.ID, Name: of.Name, Feature: of.Feature, Facts: of.Facts, Outcome: of.Outcome, Duration: of.Duration,
		})
	}
}

// which gives the scenarios of which something holds.
func (c *collector) which(holds func(*world) bool) map[string]bool {
	ids := map[string]bool{}
	for id, w := range c.done {
		if holds(w) {
			ids[id] = true
		}
	}
	return ids
}

// undecided tells of a scenario in trouble that more tries alone may decide.
func (c *collector) undecided(w *world) bool { return w.troubled() && !c.sticking.sticksTo(w) }

// decide gives scenarios that met trouble their outcomes: what sticks to a request to
// the target is that request's failure.
func (c *collector) decide() {
	for _, w := range c.done {
		if w.troubled() {
			w.sticks = c.sticking.sticksTo(w) && !w.met().States
			w.conclude()
			w.session.tell(w)
		}
	}
}

// interrupted tells of a run whose end came before a request's turn.
func (c *collector) interrupted() bool {
	for _, w := range c.done {
		if errors.Is(w.err, wire.ErrInterrupted) {
			return true
		}
	}
	return false
}

// scenarios gives the results, in the features' order.
func (c *collector) scenarios() []report.Scenario {
	all := make([]report.Scenario, 0, len(c.done))
	for _, w := range c.done {
		all = append(all, w.show())
	}
	slices.SortFunc(all, func(a, b report.Scenario) int {
		return cmp.Or(cmp.Compare(a.Feature, b.Feature), cmp.Compare(lineOf(a), lineOf(b)))
	})
	return all
}

func lineOf(s report.Scenario) int {
	line, _ := strconv.Atoi(strings.TrimPrefix(s.ID, s.Feature+":")) // it is made of both
	return line
}
