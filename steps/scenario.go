package steps

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
	"unicode/utf8"
)

// Outcome is what became of a scenario, or of a fact.
type Outcome string

// The outcomes, the worst first.
const (
	Failed        Outcome = "failed"        // the target breaks the fact
	Errored       Outcome = "errored"       // no answer, not reached, or a fault of the suite
	Blocked       Outcome = "blocked"       // a Given failed
	Unprovisioned Outcome = "unprovisioned" // the target does not offer a provider state
	Deselected    Outcome = "deselected"
	Untestable    Outcome = "untestable"
	Passed        Outcome = "passed"
)

// Scenario is the result of one scenario of the features.
type Scenario struct {
	Name    string   // its title
	Feature string   // its file
	Facts   []string // the ids that it is tagged with
	Uses    []string // the endpoints that it asked, as documented, its clean-up aside
	Outcome Outcome
	Step    string   // the step that did not hold
	Reason  string   // why it did not pass
	By      string   // blocked: the fact that its Given relies on
	State   string   // the provider state that it lacks
	Failure *Failure // what was expected, where the outcome is failed or blocked
	Curl    string   // what did not pass, as a shell script that repeats it

	Steps     []Step
	Exchanges []Exchange // in their order, the clean-up's aside
	Duration  time.Duration
}

// Step is a step as the feature has it.
type Step struct {
	Keyword  string // Given, When or Then
	Text     string
	Argument string // the text below it, if any
}

// Exchange is a request of a scenario and its answer, as a report may show them.
type Exchange struct {
	Method, URL, Body string
	Key               string // what a script calls the API key; "" where none or an unknown one was sent
	Status            int    // 0 without an answer
	Answer            string // its body, or why there is none
	Duration          time.Duration
}

// longest is how much of a text a report shows.
const longest = 4000

// clip cuts a text, at a whole character.
func clip(s string) string {
	if len(s) <= longest {
		return s
	}
	cut := longest
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return fmt.Sprintf("%s… (%d bytes)", s[:cut], len(s))
}

// result closes a scenario: err is what its steps came to.
func (w *world) result(feature string, err error) Scenario {
	s := Scenario{
		Name: w.title, Feature: feature, Facts: w.facts, Uses: slices.Sorted(maps.Keys(w.used)),
		Outcome: Passed, Step: w.step, Steps: w.steps, Duration: time.Since(w.begun),
	}
	if f, ok := errors.AsType[*Failure](err); ok {
		f.Actual = w.session.redact.shorten(f.Actual)
		s.Failure = f
	}
	if err != nil {
		s.Reason = w.session.redact.shorten(err.Error())
	}
	block, isBlocked := errors.AsType[*blocked](err)
	lacks, isLacking := errors.AsType[*unprovisioned](err)
	switch {
	case err == nil:
		s.Step = ""
	case isBlocked:
		s.Outcome, s.By = Blocked, block.by
	case isLacking:
		s.Outcome, s.State = Unprovisioned, lacks.state
	case s.Failure != nil:
		s.Outcome = Failed
	default:
		s.Outcome = Errored
	}
	return s
}

// forget lets go of what only the steps needed.
func (w *world) forget() {
	for _, e := range w.exchanges {
		e.response, e.answer = nil, []byte(w.session.redact.shorten(string(e.answer)))
	}
}

// show gives what a report may show of a scenario. Redaction comes before the
// cut, lest half a key be left.
func (w *world) show(s Scenario, redact *redactor) Scenario {
	text := func(t string) string { return clip(redact.text(t)) }
	s.Reason = text(s.Reason)
	if s.Failure != nil {
		f := *s.Failure
		f.Message, f.Expected, f.Actual, f.Path = text(f.Message), text(f.Expected), text(f.Actual), text(f.Path)
		s.Failure = &f
	}
	s.Exchanges = nil
	for _, e := range w.exchanges {
		s.Exchanges = append(s.Exchanges, e.show(text))
	}
	if s.Outcome != Passed {
		s.Curl = redact.text(script(w.exchanges, w.made, w.session.URL))
	}
	return s
}

// uncertain tells that the scenario must run once more: a write of it met
// trouble on the way, or an effect was looked for too early. Neither says
// anything of the target yet.
func (w *world) uncertain() bool {
	return w.hasty || slices.ContainsFunc(w.exchanges, func(e *exchange) bool { return e.uncertain() && !e.states })
}
