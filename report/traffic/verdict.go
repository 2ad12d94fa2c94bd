package traffic

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/report/plain"
)

// further are what is asked of both sides without a line of the document of its own.
var further = []fixtures.Fact{
	general(PathFact, "A request is to an endpoint of the document: its method and its path."),
	general(BodyFact, "Parameters are members of a JSON object."),
	general(ParameterFact, "Parameters are those that the endpoint has, where its examples have them."),
	general(CursorFact, "A cursor is 0, or the next_cursor of an answer."),
	general(StatusFact, "A status is one that the endpoint has in its examples or its table of errors."),
	general(JSONFact, "An answer that the document shows is JSON, in UTF-8."),
	general(ErrorFact, "A refusal has an error, which is a string."),
}

// anyEndpoint is the place of facts that are about all endpoints.
const anyEndpoint = "ANY /api/v2"

func general(id, assertion string) fixtures.Fact {
	all := fixtures.Lines{First: 1, Last: 1}
	return fixtures.Fact{ID: id, Kind: "description", Endpoint: anyEndpoint, Tier: "derived", Lines: all, Assertion: assertion}
}

// Client gives the verdict on a client, by its caller's name, or on all of them: which
// facts of the document its requests met, and which of them broke it. Facts that are needed
// and were not met fail, too.
func (j *Journal) Client(caller, of string, needed ...string) *report.Report {
	return j.verdict(caller, of, "client", needed)
}

// Server gives what was seen of a server: which facts of the document its answers showed,
// and which of them are not as the document has them.
func (j *Journal) Server(of string) *report.Report { return j.verdict("", of, "server", nil) }

func (j *Journal) verdict(caller, of, who string, needed []string) *report.Report {
	j.mu.Lock()
	sum := j.tally.of(caller)
	j.mu.Unlock()
	requests, wrong, broken, seenFacts := sum.requests, sum.wrong, sum.broken, sum.met
	if who == "server" {
		requests, wrong, broken, seenFacts = sum.answered, sum.unlike, sum.answers, sum.shown
	}
	met := map[string]bool{}
	for fact := range seenFacts {
		met[fact] = true
	}
	var seen []*Exchange
	for _, o := range broken {
		seen = append(seen, o.first.Exchange)
	}
	hide := j.hidden.besides(seen...)
	r := &report.Report{Target: of, Started: sum.first, Duration: sum.last.Sub(sum.first)}
	if sum.requests == 0 {
		r.Started = time.Now()
	}
	failed := scenariosOf(broken, &j.hidden)
	for _, fact := range needed {
		if !met[fact] && failed[fact] == nil && requests > 0 {
			failed[fact] = []report.Scenario{lacking(fact)}
		}
	}
	r.Watch(report.Watched{Who: who, Requests: requests, Wrong: wrong}, met, failed, further, hide.text)
	return r
}

// Meetable gives the facts that patterns name of those that a request can meet: not what
// follows from several, and not the rest of the table of errors, which a client need not
// run into. The error says what was meant.
func Meetable(patterns []string) (ids []string, err error) {
	var all []string
	for _, f := range fixtures.Facts() {
		if f.Kind == "example" && !strings.HasSuffix(f.ID, ".effect") || f.Kind == "parameter" {
			all = append(all, f.ID)
		}
	}
	for _, pattern := range patterns {
		pattern = strings.TrimSpace(pattern)
		named := slices.DeleteFunc(slices.Clone(all), func(id string) bool { return !fixtures.Glob(pattern, id) })
		if len(named) == 0 {
			return nil, fmt.Errorf("%q: no fact that a request can meet; %s", pattern, fixtures.Meant(pattern, "pocketcheck facts lists them", all...))
		}
		ids = append(ids, named...)
	}
	return ids, nil
}

// lacking is a fact that was to be met.
func lacking(fact string) report.Scenario {
	endpoint := fixtures.FactOf(fact).Endpoint
	return report.Scenario{
		ID: "needed: " + fact, Name: "needed", Feature: "the journal", Facts: []string{fact}, Uses: []string{endpoint},
		Outcome: report.Failed, Step: "all requests", Reason: report.NotMet,
		Failure: &report.Failure{Message: "needed", Actual: "not met", Expected: "a request that is it", Endpoint: endpoint, Fails: report.NotMet},
	}
}

// scenariosOf are the ways in which facts were broken, in the order in which they were.
func scenariosOf(broken map[Finding]*offences, hidden *hider) map[string][]report.Scenario {
	all := map[string][]report.Scenario{}
	first := map[string]int64{}
	for f, o := range broken {
		s := o.scenario(f, hidden)
		all[f.Fact] = append(all[f.Fact], s)
		first[s.ID] = o.first.Number
	}
	for _, scenarios := range all {
		slices.SortFunc(scenarios, func(a, b report.Scenario) int {
			return cmp.Or(cmp.Compare(first[a.ID], first[b.ID]), cmp.Compare(a.ID, b.ID))
		})
	}
	return all
}

func (o *offences) scenario(f Finding, hidden *hider) report.Scenario {
	e := o.first
	hide := hidden.besides(e.Exchange)
	f = f.without(hide)
	request := plain.Line(hide.text(e.Method + " " + e.Target))
	times := ""
	if o.times > 1 {
		times = fmt.Sprintf(", the first of %d", o.times)
	}
	s := report.Scenario{
		ID: "request " + strconv.FormatInt(e.Number, 10) + ": " + f.String(), Name: request + times, Feature: "the journal", Facts: []string{f.Fact},
		Outcome: report.Failed, Step: "request " + strconv.FormatInt(e.Number, 10), Reason: f.String(), Duration: e.Took, Curl: e.curl(hide),
		Failure: &report.Failure{
			Message: f.At, Actual: f.Got, Expected: f.Want, Endpoint: e.Endpoint, Status: e.Status, Fails: f.String(),
		},
		Exchanges: []report.Exchange{{
			Method: hide.text(e.Method), URL: hide.text(e.Target), Body: hide.body(e.Body, e.IsCut), Key: keyVariable, Status: e.Status,
			Answer: hide.body(e.Answer, e.AnswerIsCut), Duration: e.Took,
		}},
	}
	if firstOf(e.Header, KeyHeader) == "" {
		s.Exchanges[0].Key = ""
	}
	if e.Endpoint != "" {
		s.Uses = []string{e.Endpoint}
	}
	return s
}
