package report

import (
	"fmt"
	"slices"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report/plain"
)

// Judge completes the report of a run: it gives each fact of the table its
// outcome by the scenarios that were run, and the run its verdict. selected are
// the facts that were asked for, known the failures that are listed, and redact
// takes the run's keys out of a text.
func (r *Report) Judge(scenarios []Scenario, selected map[string]fixtures.Fact, known []Deviation, redact func(string) string) {
	r.redact = redact
	r.Facts = outcomes(scenarios, selected)
	r.Verdict = verdictOf(r)
	r.accept(known)
	if r.Stopped != "" {
		r.explainStop()
	}
}

// outcomes gives the result of each fact of the table.
func outcomes(scenarios []Scenario, selected map[string]fixtures.Fact) []Result {
	table := fixtures.Facts()
	byFact := attribute(table, lacking(scenarios))
	results := make([]Result, len(table))
	for i, f := range table {
		_, isSelected := selected[f.ID]
		switch {
		case f.Untestable != "":
			results[i] = Result{Fact: f, Outcome: Untestable, Reason: f.Untestable}
		case !isSelected:
			results[i] = Result{Fact: f, Outcome: Deselected, Reason: notSelected}
		default:
			results[i] = summarize(f, byFact[f.ID])
		}
	}
	return results
}

// lacking gives the scenarios with those unprovisioned that a failure kept from
// asking for a state which is not offered, as others saw: which comes first in a
// scenario tells nothing of its fact.
func lacking(scenarios []Scenario) []Scenario {
	reasons := map[string]string{} // by state
	for _, s := range scenarios {
		if s.Outcome == Unprovisioned {
			reasons[s.State] = s.Reason
		}
	}
	all := slices.Clone(scenarios)
	for i, s := range all {
		for _, need := range fixtures.FactOf(s.Facts[0]).Needs {
			if reason, isLacking := reasons[need]; isLacking && s.Outcome == Blocked {
				all[i].Outcome, all[i].By, all[i].State, all[i].Reason, all[i].Failure = Unprovisioned, "", need, reason, nil
			}
		}
	}
	return all
}

const notSelected = "not selected"

// severity orders outcomes: a fact with several scenarios has the worst of
// theirs.
var severity = map[Outcome]int{Passed: 0, Deselected: 1, Unprovisioned: 2, Blocked: 3, Errored: 4, Failed: 5}

func summarize(f fixtures.Fact, scenarios []Scenario) Result {
	r := Result{Fact: f, Outcome: Errored, Reason: "its scenario was not reached", Scenarios: scenarios}
	for i, s := range scenarios {
		if i == 0 || severity[s.Outcome] > severity[r.Outcome] {
			r.Outcome, r.Reason, r.BlockedBy, r.State = s.Outcome, s.Reason, s.By, s.State
		}
	}
	if r.Outcome == Deselected { // it takes more than the run may send
		r.Scenarios = nil
	}
	if r.Outcome == Unprovisioned && r.State == internalFailure {
		r.Outcome, r.State = Untestable, ""
		r.Reason = fmt.Sprintf("no documented request makes a server fail, and the target does not offer the provider state %q", internalFailure)
	}
	return r
}

// internalFailure is the state without which a row of status 500 is untestable.
const internalFailure = "an internal failure"

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
		if f := &r.Facts[i]; r.missed(*f) {
			f.Reason = r.Stopped
		}
	}
}

// missed tells of a fact that a stopped run did not reach, or not all of: it has no
// reason of its own to be without a result.
func (r *Report) missed(f Result) bool {
	hasOwn := func(s Scenario) bool { return s.Outcome == Errored && reached(s) }
	return r.Stopped != "" && f.Outcome == Errored && !slices.ContainsFunc(f.Scenarios, hasOwn)
}

// nothingReached tells of a run that was stopped before it checked a fact, or made anything.
func (r *Report) nothingReached() bool {
	isChecked := func(f Result) bool {
		return f.Outcome != Untestable && f.Outcome != Deselected && !r.missed(f)
	}
	return r.Stopped != "" && r.CleanUp.Made == 0 && len(r.CleanUp.LeftBehind) == 0 && !slices.ContainsFunc(r.Facts, isChecked)
}

// reached tells whether a run came to the requests of a scenario, and was not ended
// among them.
func reached(s Scenario) bool { return s.Outcome != Errored || len(s.Exchanges) > 0 }

// Unresolved says why a run is inconclusive, on one line; "" where nothing stopped
// it and each fact that was asked for has a result.
func (r *Report) Unresolved() string {
	if r.Stopped != "" {
		return plain.Line(r.Stopped)
	}
	var open []Result
	for _, f := range r.Facts {
		if f.Outcome == Errored || f.Outcome == Blocked && r.accepted(f) == nil {
			open = append(open, f)
		}
	}
	if len(open) == 0 {
		return ""
	}
	return plain.Line(fmt.Sprintf("%s had no result; the first is %s: %s", count(len(open), "fact"), open[0].Fact.ID, open[0].Reason))
}
