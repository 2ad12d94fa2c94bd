package pocketcheck

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/steps"
)

// Outcome is what became of a fact.
type Outcome = steps.Outcome

// The outcomes of a fact.
const (
	Passed        = steps.Passed
	Failed        = steps.Failed        // the target breaks it
	Blocked       = steps.Blocked       // a Given of its scenario failed
	Unprovisioned = steps.Unprovisioned // it needs a provider state that the target does not offer
	Deselected    = steps.Deselected
	Errored       = steps.Errored // no answer, not reached, or a fault of the suite
	Untestable    = steps.Untestable
)

// outcomesInOrder is how counts are listed.
var outcomesInOrder = []Outcome{Passed, Failed, Blocked, Errored, Unprovisioned, Deselected, Untestable}

// Verdict is what a run says of its target.
type Verdict string

// The verdicts.
const (
	Conformant    Verdict = "conformant"
	Partial       Verdict = "partial" // nothing fails, but not everything was checked
	NonConformant Verdict = "non-conformant"
	Inconclusive  Verdict = "inconclusive"
)

// Report is the result of a run. It holds no API key.
type Report struct {
	Verdict Verdict
	Stopped string // why the run did not get to its end; "" when it did
	Target  string // its URL
	// What the target says it is: see [Target].
	Implementation, ImplementationVersion string

	Started  time.Time
	Duration time.Duration
	Facts    []Result // each fact of the table once, in the document's order
	CleanUp  steps.Ledger

	// Outdated tells, in a line each, which deviations of the options are none any
	// more, and what to do. They fail a run.
	Outdated []string
	listed   []Deviation // those that still are some

	redact func(string) string
}

// Redact gives a text about the run, such as the target's own log, without the
// keys that the run knew. A report that was read knows none.
func (r *Report) Redact(text string) string {
	if r.redact == nil {
		return text
	}
	return r.redact(text)
}

// Result is what became of one fact.
type Result struct {
	Fact      fixtures.Fact
	Outcome   Outcome
	Reason    string     // why it did not pass
	BlockedBy string     // the fact that blocks it
	State     string     // the provider state that it lacks
	Deviation *Deviation // the known deviation that its failure is, if it is one
	Scenarios []Scenario // those that check it
}

// Count tells how many facts have an outcome.
func (r *Report) Count(o Outcome) int {
	n := 0
	for _, f := range r.Facts {
		if f.Outcome == o {
			n++
		}
	}
	return n
}

// Failed gives the ids of the facts that the target breaks.
func (r *Report) Failed() []string {
	var ids []string
	for _, f := range r.Facts {
		if f.Outcome == Failed {
			ids = append(ids, f.Fact.ID)
		}
	}
	return ids
}

// verdictOf gives the first verdict that holds.
func verdictOf(r *Report) Verdict {
	switch {
	case r.Stopped != "":
		return Inconclusive
	case r.Count(Failed) > 0:
		return NonConformant
	case r.Count(Errored)+r.Count(Blocked) > 0:
		return Inconclusive
	case r.Count(Unprovisioned)+r.Count(Deselected) > 0:
		return Partial
	}
	return Conformant
}

// explainStop gives the facts that a stopped run did not reach its reason.
func (r *Report) explainStop() {
	for i := range r.Facts {
		if f := &r.Facts[i]; f.Outcome == Errored && !slices.ContainsFunc(f.Scenarios, reached) {
			f.Reason = r.Stopped
		}
	}
}

// reached tells whether a run came to the first request of a scenario.
func reached(s Scenario) bool { return s.Outcome != Errored || len(s.Exchanges) > 0 }

// summary is the last line of a report.
func (r *Report) summary() string {
	counts := ""
	for _, o := range outcomesInOrder {
		if n := r.Count(o); n > 0 {
			counts += fmt.Sprintf(", %d %s", n, o)
		}
	}
	why := cmp.Or(r.Stopped, r.knownFailures())
	if why != "" {
		why = " (" + why + ")"
	}
	return fmt.Sprintf("%s%s%s", r.Verdict, why, counts)
}

// broken gives each scenario once that failed, other than as a known deviation,
// or that had no answer. Those that a stopped run did not reach are none.
func (r *Report) broken() (all []Scenario) {
	seen := map[string]bool{}
	for _, f := range r.Facts {
		for _, s := range f.Scenarios {
			id := identityOf(s)
			if f.Deviation != nil || s.Outcome != Failed && s.Outcome != Errored || seen[id] || r.Stopped != "" && !reached(s) {
				continue
			}
			seen[id] = true
			all = append(all, s)
		}
	}
	return all
}

// identityOf is the same for one scenario under all facts that it checks, unless
// they had another outcome of it.
func identityOf(s Scenario) string {
	return strings.Join([]string{s.Feature, s.Name, string(s.Outcome), s.Reason, s.Curl}, "\x00")
}
