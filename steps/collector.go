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
	mu   sync.Mutex
	done map[string]*world // by the scenario's id
}

// first takes a scenario of the first round. One that will run again is not told
// yet.
func (c *collector) first(w *world) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done[w.told.ID] = w
	if !w.runsAgain() {
		w.session.tell(w.told)
	}
}

// second takes one of the second round, which counts.
func (c *collector) second(w *world) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done[w.told.ID] = w
	w.session.tell(w.told)
}

// tell lets the caller of the run know how it goes.
func (s *session) tell(of report.Scenario) {
	if s.Progress != nil {
		s.Progress(report.Scenario{
			ID: of.ID, Name: of.Name, Feature: of.Feature, Facts: of.Facts, Outcome: of.Outcome, Duration: of.Duration,
		})
	}
}

func (w *world) runsAgain() bool { return w.told.Outcome != report.Passed && w.uncertain() }

func (c *collector) uncertain() map[string]bool {
	again := map[string]bool{}
	for id, w := range c.done {
		if w.runsAgain() {
			again[id] = true
		}
	}
	return again
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
