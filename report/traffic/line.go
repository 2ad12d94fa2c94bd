package traffic

import (
	"strconv"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/report/plain"
)

// IDHeader is the header of an answer that has the id of its request, where a server gives one.
const IDHeader = "X-Request-Id"

// Line is an exchange on a line, without secrets.
type Line struct {
	At     time.Time `json:"time"`
	Method string    `json:"method"`
	Path   string    `json:"path"`    // with the query
	Status int       `json:"status"`  // 0 without an answer
	Millis float64   `json:"took_ms"` // milliseconds
	Caller string    `json:"caller"`
	Rule   string    `json:"rule,omitempty"`
	ID     string    `json:"request_id,omitempty"`
	Wrong  []string  `json:"wrong,omitempty"` // what the document finds wrong with the request
}

// Line gives the entry on a line.
func (e Entry) Line() Line {
	hide := e.hidden
	isOwn := e.Endpoint == "" || firstOf(e.Header, IDHeader) != "" // the method, or the id, may be anything
	if hide == nil || isOwn || len(e.ByClient) > 0 || e.mayHaveSecrets() {
		hide = e.hidden.besides(e.Exchange)
	}
	l := Line{
		At: e.At.UTC(), Method: e.Method, Path: hide.text(e.Target), Status: e.Status, Millis: millis(e.Took), Caller: e.Caller,
		Rule: e.Rule, ID: firstOf(e.AnswerHead, IDHeader),
	}
	if isOwn {
		l.Method, l.ID = hide.text(l.Method), hide.text(l.ID)
	}
	for _, f := range e.ByClient {
		l.Wrong = append(l.Wrong, f.without(hide).String())
	}
	return l
}

// mayHaveSecrets tells of a path that may have something of what an exchange itself has
// that is secret.
func (x *Exchange) mayHaveSecrets() bool {
	key := firstOf(x.Header, KeyHeader)
	return strings.ContainsAny(x.Target, "?%@") || key != "" && strings.Contains(x.Target, key)
}

// Line gives the entry on a line.
func (s Shown) Line() Line {
	l := Line{
		At: s.At, Method: s.Method, Path: s.Path, Status: s.Answer.Status, Millis: s.Millis, Caller: s.Caller,
		Rule: s.Rule, ID: s.Answer.Header[IDHeader],
	}
	for _, w := range s.Wrong {
		l.Wrong = append(l.Wrong, w.Text)
	}
	return l
}

// String is the line for a person. There is one for each request that a mock answers, so
// it is put together by hand.
func (l Line) String() string {
	b := make([]byte, 0, len(l.Method)+len(l.Path)+len(l.Caller)+len(l.Rule)+len(l.ID)+60)
	b = append(append(append(b, l.Method...), ' '), l.Path...)
	if l.Status == 0 {
		b = append(b, " no answer "...)
	} else {
		b = append(strconv.AppendInt(append(b, ' '), int64(l.Status), 10), ' ')
	}
	b = append(strconv.AppendFloat(b, l.Millis, 'f', 1, 64), "ms"...)
	for _, part := range [...]struct{ label, text string }{{" ", l.Caller}, {" by ", l.Rule}, {" id=", l.ID}, {"  WRONG: ", strings.Join(l.Wrong, "; ")}} {
		if part.text != "" {
			b = append(append(b, part.label...), part.text...)
		}
	}
	return plain.Line(string(b))
}

func millis(took time.Duration) float64 { return float64(took.Microseconds()) / 1000 }
