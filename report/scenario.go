package report

import "time"

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
	ID      string   // its file and line, or that of its row in an outline: "comments.get.feature:42"
	Name    string   // its title
	Feature string   // its file
	Facts   []string // the ids that it is tagged with
	Uses    []string // the endpoints that it asked, as documented, its clean-up aside
	Outcome Outcome
	Step    string   // the step that did not hold
	Reason  string   // why it did not pass
	By      string   // blocked: the fact that its Given relies on
	State   string   // the provider state that it lacks
	Cause   string   // errored: why no provider state is set up, in the words of all that have the same cause
	Failure *Failure // what was expected, where the outcome is failed or blocked
	Curl    string   // what did not pass, as a shell script that repeats it

	Steps     []Step
	Exchanges []Exchange // in their order, the clean-up's aside
	Duration  time.Duration

	standsForAll bool // that have its cause; the facts are theirs
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

// appearance is the same for one scenario under all facts that it checks, unless
// one of them had another outcome of it.
type appearance struct {
	id      string
	outcome Outcome
}

func (s Scenario) appearance() appearance { return appearance{s.ID, s.Outcome} }
