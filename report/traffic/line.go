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
	if hide == nil || len(e.ByClient) > 0 || e.mayHaveSecrets() {
		hide = e.hidden.besides(e.Exchange)
	}
	l := Line{
		At: e.At.UTC(), Method: e.Method, Path: hide.text(e.Target), Status: e.Status, Millis: millis(e.Took), Caller: e.Caller,
		Rule: e.Rule, ID: firstOf(e.AnswerHead, IDHeader),
	}
	if e.Endpoint == "" { // the method may be anything
		l.Method = hide.text(l.Method)
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
	b := make([]byte, 0, 160)
	b = append(append(b, l.Method...), ' ')
	b = append(append(b, l.Path...), ' ')
	if l.Status == 0 {
		b = append(b, "no answer "...)
	} else {
		b = append(strconv.AppendInt(b, int64(l.Status), 10), ' ')
	}
	b = append(strconv.AppendFloat(b, l.Millis, 'f', 1, 64), "ms "...)
	b = append(b, l.Caller...)
	if l.Rule != "" {
		b = append(append(b, " by "...), l.Rule...)
	}
	if l.ID != "" {
		b = append(append(b, " id="...), l.ID...)
	}
	if len(l.Wrong) > 0 {
		b = append(append(b, "  WRONG: "...), strings.Join(l.Wrong, "; ")...)
	}
	return plain.Line(string(b))
}

func millis(took time.Duration) float64 { return float64(took.Microseconds()) / 1000 }
