package traffic

import (
	"net/http"
	"time"
)

// Exchange is a request and its answer as they went over the wire.
type Exchange struct {
	At   time.Time
	Took time.Duration

	Method, Target string // as on the request line: path and query
	Host           string // that the client asked for
	Header         http.Header
	Body           []byte
	IsCut          bool // Body is but the beginning of what was sent

	Status      int // 0 without an answer
	AnswerHead  http.Header
	Answer      []byte
	AnswerIsCut bool
	Failure     string // why there is no answer, or no whole one

	Caller string // who sent it, by a name that is no key; "" where that is not known
	Rule   string // the rule of a mock that made the answer; "" where none did

	hidden *hider // what is secret in the journal that it is of; nil without one
}

// firstOf gives the first value of a header by its canonical name, which Get would make sure of
// each time.
func firstOf(h http.Header, name string) string {
	if values := h[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// Finding is something that the document finds wrong.
type Finding struct {
	// Fact is the fact that is not kept; one of "client.*" or "server.*" where the
	// document has no single line for it.
	Fact string
	// At is what is wrong ("the parameter title"), Got what it is, and Want what the
	// document wants.
	At, Got, Want string
}

// String is the finding in a sentence.
func (f Finding) String() string { return f.At + " is " + f.Got + ", want " + f.Want }

// What the document says of a client without a line of its own.
const (
	PathFact      = "client.path"      // a request is to one of its endpoints
	BodyFact      = "client.body"      // parameters are members of a JSON object
	ParameterFact = "client.parameter" // they are those that the endpoint has
	CursorFact    = "client.cursor"    // a cursor is one that was given
)

// Judgement is what the document says of an exchange.
type Judgement struct {
	Endpoint string    // as documented; "" where the request is to none
	Facts    []string  // the ids of those that it is, in the document's order: an example, an error row, parameters that it gives
	ByClient []Finding // what is wrong with the request
	ByServer []Finding // what is wrong with the answer
}
