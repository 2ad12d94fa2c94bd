package steps

import (
	"errors"
	"fmt"

	"github.com/cucumber/godog"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// broken is a failure on its way to the end of its step.
type broken struct {
	report.Failure
	final bool // more time can't mend it
}

// blocked says that a Given failed, so that the scenario says nothing of its
// fact.
type blocked struct {
	by    string // the fact that the Given relies on
	cause error
}

func (b *blocked) Error() string { return fmt.Sprintf("blocked by %s: %v", b.by, b.cause) }
func (b *blocked) Unwrap() error { return b.cause }

// unprovisioned says that a Given needs a provider state that the target does
// not offer.
type unprovisioned struct{ state string }

func (u *unprovisioned) Error() string {
	return fmt.Sprintf("needs the provider state %q, which the target does not offer", u.state)
}

// Is lets godog skip the scenario.
func (u *unprovisioned) Is(target error) bool { return target == godog.ErrSkip }

// notSetUp says that a provider state could not be set up.
type notSetUp struct {
	state string
	cause error
}

func (n *notSetUp) Error() string {
	return fmt.Sprintf("set up provider state %q: %v", n.state, n.cause)
}
func (n *notSetUp) Unwrap() error { return n.cause }

// why says so whichever the state, and whatever the connection.
func (n *notSetUp) why() string {
	if silent, ok := errors.AsType[*noAnswer](n.cause); ok {
		return "the states URL gives no answer: " + wire.Plainly(silent.cause)
	}
	return n.cause.Error()
}

// errSameTwice tells of a state that gave one thing where two are needed.
var errSameTwice = errors.New("the second setup gave the same as the first")

// noAnswer says that a request got no whole answer.
type noAnswer struct {
	request  string // method and path
	endpoint string // as documented; "" for the states URL
	cause    error
}

func (n *noAnswer) Error() string { return fmt.Sprintf("%s: no answer: %v", n.request, n.cause) }
func (n *noAnswer) Unwrap() error { return n.cause }

// isUnread tells of an answer of which the suite knows nothing, so that it breaks no fact.
func (n *noAnswer) isUnread() bool { return errors.Is(n.cause, wire.ErrHeaders) }

const anAnswer = "an answer"

// failure is what a report tells of a request that never gets an answer.
func (n *noAnswer) failure() report.Failure {
	return report.Failure{Message: "answer to " + n.request, Expected: anAnswer, Actual: "none: " + n.cause.Error(), Endpoint: n.endpoint}
}

// errUnreachable is the outcome of a scenario that was not tried any more since
// the target stopped to answer.
var errUnreachable = errors.New("the target stopped to answer")

// fault is one of the suite's own: a feature that asks for what there is not.
type fault struct{ error }

func (f fault) Error() string { return "fault of the suite: " + f.error.Error() }
func (f fault) Unwrap() error { return f.error }
