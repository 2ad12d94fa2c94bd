package report

import (
	"net/http"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck/fixtures"
)

// attribute sorts the scenarios by fact and reports each broken endpoint once:
// what fails only since something else fails is blocked by that. Which facts may
// be the cause of which stands in the table.
func attribute(table []fixtures.Fact, scenarios []Scenario) map[string][]Scenario {
	b := blame{table: table, broken: brokenOf(scenarios)}
	byFact := map[string][]Scenario{}
	for _, s := range scenarios {
		switch s.Outcome {
		case Failed:
			if by := b.cause(s); by != "" {
				s.Outcome, s.By = Blocked, by
				s.Reason = "blocked by " + by + ": " + s.Reason
			}
		case Blocked:
			s.By = b.instead(s.By)
			if len(b.broken[s.By]) == 0 && s.Failure != nil {
				// Only this Given shows what is wrong, so it stands for the fact.
				b.broken[s.By] = append(b.broken[s.By], s.Failure)
				given := s
				given.Outcome, given.By, given.Reason = Failed, "", s.Failure.Error()
				byFact[s.By] = append(byFact[s.By], given)
			}
		}
		for _, id := range s.Facts {
			byFact[id] = append(byFact[id], s)
		}
	}
	return byFact
}

// blame finds the cause of a failure among the facts that failed.
type blame struct {
	table  []fixtures.Fact
	broken map[string][]*Failure // what each fact failed by
}

func brokenOf(scenarios []Scenario) map[string][]*Failure {
	broken := map[string][]*Failure{}
	for _, s := range scenarios {
		if s.Outcome != Failed {
			continue
		}
		for _, id := range s.Facts {
			broken[id] = append(broken[id], s.Failure)
		}
	}
	return broken
}

func factOf(table []fixtures.Fact, id string) fixtures.Fact {
	i := slices.IndexFunc(table, func(f fixtures.Fact) bool { return f.ID == id })
	if i < 0 {
		return fixtures.Fact{ID: id}
	}
	return table[i]
}

// cause names the broken fact that a failed scenario only suffers from, one of
// those that its own fact rests on: the first that was written wrong, or else the
// first about the endpoint that is checked, or about the one that gave the wrong
// answer. What was seen of that fact must explain the failure; "" if none does.
func (b blame) cause(s Scenario) string {
	own := factOf(b.table, s.Facts[0])
	for _, id := range own.RestsOn {
		f := factOf(b.table, id)
		isRead := s.Failure.Endpoint != f.Endpoint // what is lost later was there for the answer that made it
		if b.miswritten(f) && slices.ContainsFunc(b.broken[id], func(seen *Failure) bool {
			return seen.explains(s.Failure) || isRead && seen.loses(s.Failure)
		}) {
			return id
		}
	}
	if b.miswritten(own) {
		return ""
	}
	for _, id := range own.RestsOn {
		f := factOf(b.table, id)
		if slices.ContainsFunc(b.broken[id], func(seen *Failure) bool {
			isOwn := f.Endpoint == seen.Endpoint && f.Endpoint == s.Failure.Endpoint
			return (f.Endpoint == own.Endpoint || isOwn) && seen.explains(s.Failure)
		}) {
			return id
		}
	}
	return ""
}

// miswritten tells of a fact about what a request keeps that it fails, and so does
// every answer of other endpoints that rests on it: what all of them read wrong
// was written wrong. Facts without a status have no answer of their own, and a GET
// keeps nothing.
func (b blame) miswritten(f fixtures.Fact) bool {
	if len(b.broken[f.ID]) == 0 || strings.HasPrefix(f.Endpoint, http.MethodGet+" ") {
		return false
	}
	readers := 0
	for _, reader := range b.table {
		if reader.Endpoint == f.Endpoint || reader.Status == 0 || !slices.Contains(reader.RestsOn, f.ID) {
			continue
		}
		if len(b.broken[reader.ID]) == 0 {
			return false
		}
		readers++
	}
	return readers > 0
}

// instead names a fact of the same endpoint that fails, where the fact that a
// Given relies on does not: the Given may ask in another way than that fact's
// own scenario does.
func (b blame) instead(by string) string {
	if len(b.broken[by]) > 0 {
		return by
	}
	endpoint := factOf(b.table, by).Endpoint
	for _, f := range b.table {
		isOwn := func(seen *Failure) bool { return seen.Endpoint == endpoint }
		if f.Endpoint == endpoint && slices.ContainsFunc(b.broken[f.ID], isOwn) {
			return f.ID
		}
	}
	return by
}
