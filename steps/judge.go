package steps

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/gavv/httpexpect/v2"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/steps/match"
	"github.com/pocketcheck/pocketcheck/steps/wire"
	"github.com/tidwall/gjson"
)

// answer is what came back of a request: httpexpect's, for assertions, and the
// exchange as it was recorded.
type answer struct {
	*httpexpect.Response
	exchange *wire.Exchange
	endpoint string // that was asked, as documented; "" for the states URL
}

// judge takes what the assertions about an answer find: it is the handler of
// httpexpect's, and the matcher reports to it as well. The first finding counts.
type judge struct {
	answer *answer // that is looked at; nil while a request is made
	want   string  // what the feature wants, where it says more than the assertion
	found  *broken
	fault  error // of the feature
	unsent error // why httpexpect made no request
}

// of lets check look at an answer and gives what it found, nil if nothing.
func (j *judge) of(a *answer, check func(*answer)) *broken {
	*j = judge{answer: a}
	check(a)
	return j.found
}

// Success is part of httpexpect's AssertionHandler.
func (j *judge) Success(*httpexpect.AssertionContext) {}

// Failure takes what an assertion of httpexpect found.
func (j *judge) Failure(ctx *httpexpect.AssertionContext, f *httpexpect.AssertionFailure) {
	switch {
	case j.answer == nil:
		j.unsent = errors.Join(f.Errors...)
	case ctx.Path[len(ctx.Path)-1] == "Status()":
		j.record("status of", "", fmt.Sprint(f.Expected.Value), fmt.Sprint(f.Actual.Value))
	case ctx.Path[len(ctx.Path)-1] == "JSON()":
		j.record("body of the answer to", "", "JSON", quoted(j.answer.exchange.Answer))
	default:
		body, _ := j.answer.exchange.JSON() // JSON() held
		path, actual := pathOf(ctx.Path, body)
		j.record("answer to", path, j.wanted(f), match.Shown(actual))
	}
}

// quoted shows what is no JSON, or as much of its beginning as a report has.
func quoted(text []byte) string {
	const most = 64 << 10
	return fmt.Sprintf("%q", text[:min(len(text), most)])
}

// wanted is what the feature wants, or else the assertion.
func (j *judge) wanted(f *httpexpect.AssertionFailure) string {
	if j.want != "" {
		return j.want
	}
	if f.Expected != nil {
		text, _ := json.Marshal(f.Expected.Value) // it came from JSON, or is a Go literal
		return string(text)
	}
	return strings.TrimPrefix(errors.Join(f.Errors...).Error(), "expected: ")
}

// pathOf gives the place in a body that a chain of httpexpect came to, and what
// stands there.
func pathOf(chain []string, body gjson.Result) (string, gjson.Result) {
	path := "$"
	for _, link := range chain {
		var key string
		if _, err := fmt.Sscanf(link, "Value(%q)", &key); err == nil {
			path, body = path+"."+key, body.Get(gjson.Escape(key))
		}
	}
	return path, body
}

// body gives the body of the answer, with the digits of its numbers, which
// httpexpect would round. One that is no JSON is a finding of httpexpect's.
func (j *judge) body() (body gjson.Result, ok bool) {
	if body, ok = j.answer.exchange.JSON(); !ok {
		j.answer.JSON()
	}
	return body, ok
}

// matches compares the body of the answer with a pattern of the features.
func (j *judge) matches(pattern string, known match.Known) {
	body, ok := j.body()
	if !ok {
		return
	}
	bad, err := known.Match(gjson.Parse(pattern), body, "$")
	switch {
	case err != nil:
		j.fault = fault{err}
	case bad != nil:
		j.mismatch(bad)
	}
}

func (j *judge) mismatch(m *match.Mismatch) {
	j.record("answer to", m.Path, m.Expected, m.Actual)
	for _, f := range m.Further {
		further := j.found.Failure
		further.Path, further.Expected, further.Actual, further.Further = f.Path, f.Expected, f.Actual, nil
		j.found.Further = append(j.found.Further, &further)
	}
}

func (j *judge) record(what, path, expected, actual string) {
	if j.found != nil {
		return
	}
	asked := j.answer.exchange.Name()
	if j.answer.exchange.IsPage() {
		asked += " (answered by a page in HTML, as gateways and frameworks give it)"
	}
	j.found = &broken{Failure: report.Failure{
		Message: what + " " + asked, Path: path, Expected: expected, Actual: actual,
		Endpoint: j.answer.endpoint, Status: j.answer.exchange.Status,
	}}
}

// final marks what was found as nothing that more time could mend.
func (j *judge) final() {
	if j.found != nil {
		j.found.final = true
	}
}
