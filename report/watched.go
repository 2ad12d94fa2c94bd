package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck/fixtures"
)

// Watched is what a report is about in place of a run: exchanges that others made.
type Watched struct {
	Who      string `json:"who"`      // whose side was held against the document: "client" or "server"
	Requests int    `json:"requests"` // how many came
	Wrong    int    `json:"wrong"`    // in how many of them that side broke the document
}

// notSeen is why a fact has no result that no exchange was about.
const notSeen = "not seen"

// NotMet is why a fact fails that no exchange was about, and that was to be met.
const NotMet = "no request met it, and it is needed"

// Watch completes a report on exchanges that others made. Each fact of the table passed
// where it is among those that were met, failed where scenarios are given for it, one for
// each way in which it was broken, and was not selected otherwise. Facts that are not of
// the table stand behind it where they failed. Nothing is known of the rest of the
// document, so the verdict is never conformant.
func (r *Report) Watch(w Watched, met map[string]bool, broken map[string][]Scenario, further []fixtures.Fact, redact func(string) string) {
	r.Watched, r.redact = &w, redact
	if w.Requests == 0 {
		r.Stopped = "no request came"
	}
	for _, f := range slices.Concat(fixtures.Facts(), further) {
		result := Result{Fact: f, Outcome: Deselected, Reason: notSeen, Scenarios: broken[f.ID]}
		switch {
		case len(result.Scenarios) > 0:
			result.Outcome, result.Reason = Failed, result.Scenarios[0].Reason
		case met[f.ID]:
			result.Outcome, result.Reason = Passed, ""
		case fixtures.FactOf(f.ID).ID == "":
			continue
		}
		r.Facts = append(r.Facts, result)
	}
	r.Verdict = verdictOf(r)
}

// called is an outcome as a report has it: what others did not do, nobody deselected.
func (r *Report) called(o Outcome) string {
	if r.Watched != nil && o == Deselected {
		return notSeen
	}
	return string(o)
}

// String says what came, in a sentence without its end.
func (w *Watched) String() string {
	if w.Who == "client" {
		return fmt.Sprintf("the client broke the document in %d of %s", w.Wrong, count(w.Requests, "request"))
	}
	return fmt.Sprintf("the server broke the document in %d of %s", w.Wrong, count(w.Requests, "answer"))
}

// met says how much of the document was seen; "" for a run.
func (r *Report) met() string {
	if r.Watched == nil {
		return ""
	}
	endpoints, endpointsMet := map[string]bool{}, map[string]bool{}
	all, seen := map[string]int{}, map[string]int{}
	for _, f := range r.Facts {
		if fixtures.FactOf(f.Fact.ID).ID == "" || strings.HasSuffix(f.Fact.ID, ".effect") {
			continue
		}
		endpoints[f.Fact.Endpoint] = true
		all[f.Fact.Kind]++
		if f.Outcome != Deselected && f.Reason != NotMet {
			seen[f.Fact.Kind]++
			endpointsMet[f.Fact.Endpoint] = true
		}
	}
	return fmt.Sprintf("met: %d of %d endpoints, %d of %d examples, %d of %d error rows, %d of %d parameters",
		len(endpointsMet), len(endpoints), seen["example"], all["example"], seen["error"], all["error"], seen["parameter"], all["parameter"])
}

// seen is what came; "" for a run.
func (r *Report) seen() string {
	if r.Watched == nil {
		return ""
	}
	return r.Watched.String()
}

// watchedSentence says what the exchanges come to.
func (r *Report) watchedSentence() string {
	if r.Stopped != "" {
		return "Nothing was seen: " + r.Stopped + "."
	}
	text := r.Watched.String()
	return fmt.Sprintf("%s%s. M%s. Nothing is said of the rest.", strings.ToUpper(text[:1]), text[1:], strings.TrimPrefix(r.met(), "m"))
}
