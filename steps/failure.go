package steps

import (
	"errors"
	"fmt"
)

// Failure is a broken expectation: what the document says, what the target did.
type Failure struct {
	Message  string   // what was checked
	Expected string   // as JSON or in words
	Actual   string   // as JSON or in words
	Path     string   // where in the answer: "$.asset.title"; "" for the status
	Through  []string // the facts of the endpoint that it was read back through, if any

	fatal bool // more time cannot mend it
}

func (f *Failure) Error() string {
	where := ""
	if f.Path != "" {
		where = f.Path + ": "
	}
	return fmt.Sprintf("%s: %sis %s, want %s", f.Message, where, f.Actual, f.Expected)
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

// errSameTwice tells of a state that gave one thing where two are needed.
var errSameTwice = errors.New("the second setup gave the same as the first")

// noAnswer says that a request got no whole answer.
type noAnswer struct {
	request string // method and path
	cause   error
}

func (n *noAnswer) Error() string { return fmt.Sprintf("%s: no answer: %v", n.request, n.cause) }
func (n *noAnswer) Unwrap() error { return n.cause }

// ErrInterrupted is the outcome of a scenario that the end of the run's context
// cut short.
var ErrInterrupted = errors.New("the run was interrupted")

// ErrUnreachable is the outcome of a scenario that was not tried any more since
// the target stopped to answer.
var ErrUnreachable = errors.New("the target stopped to answer")
