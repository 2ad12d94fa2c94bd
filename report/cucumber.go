package report

import (
	"encoding/json"
	"io"
	"slices"

	"github.com/pocketcheck/pocketcheck/report/plain"
)

// Cucumber's JSON, as its own report tools read it.
type cucumberFeature struct {
	URI         string            `json:"uri"`
	ID          string            `json:"id"`
	Keyword     string            `json:"keyword"`
	Name        string            `json:"name"`
	Description string            `json:"description"`
	Line        int               `json:"line"`
	Tags        []cucumberTag     `json:"tags"`
	Elements    []cucumberElement `json:"elements"`
}

type cucumberElement struct {
	ID          string         `json:"id"`
	Keyword     string         `json:"keyword"`
	Type        string         `json:"type"`
	Name        string         `json:"name"`
	Description string         `json:"description"`
	Line        int            `json:"line,omitempty"`
	Tags        []cucumberTag  `json:"tags"`
	Steps       []cucumberStep `json:"steps"`
}

type cucumberTag struct {
	Name string `json:"name"`
	Line int    `json:"line,omitempty"`
}

type cucumberStep struct {
	Keyword   string             `json:"keyword"`
	Name      string             `json:"name"`
	Line      int                `json:"line,omitempty"`
	Match     struct{}           `json:"match"`
	DocString *cucumberDocString `json:"doc_string,omitempty"`
	Result    cucumberResult     `json:"result"`
}

type cucumberDocString struct {
	Value       string `json:"value"`
	ContentType string `json:"content_type"`
	Line        int    `json:"line,omitempty"`
}

type cucumberResult struct {
	Status   string `json:"status"`
	Duration int64  `json:"duration"` // in nanoseconds
	Error    string `json:"error_message,omitempty"`
}

// WriteCucumber writes the report as Cucumber's JSON: each scenario that was run
// once. A blocked one, and one without an answer, failed there; one whose failure
// is a known deviation, or that lacks a provider state, was skipped. Facts that
// were not asked for, or that no request can show, have no scenario and are left
// out: a conformant target has a report without a stain.
func (r *Report) WriteCucumber(w io.Writer) error {
	all := []*cucumberFeature{}
	byFile, told := map[string]*cucumberFeature{}, map[string]bool{}
	for _, f := range r.Facts {
		for _, s := range cucumberScenarios(f) {
			isTold := slices.ContainsFunc(s.Facts, func(id string) bool { return told[id] })
			if isTold || !slices.Contains(s.Facts, f.Fact.ID) {
				continue // an earlier fact has it too, or it only stands for this one
			}
			source := sourceOf(s.Feature)
			if byFile[s.Feature] == nil {
				byFile[s.Feature] = source.feature(s.Feature)
				for _, how := range r.manner() { // there is no head to say so in
					byFile[s.Feature].Description += "\n\n" + how
				}
				all = append(all, byFile[s.Feature])
			}
			into := byFile[s.Feature]
			into.Elements = append(into.Elements, source.element(s, r.cucumberEnd(s)))
		}
		told[f.Fact.ID] = len(f.Scenarios) > 0
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(all)
}

// cucumberScenarios are those of a fact. One that a run should have reached and
// did not stands there with its id, lest a run that broke off look like a good one.
func cucumberScenarios(f Result) []Scenario {
	if f.Outcome == Errored && len(f.Scenarios) == 0 {
		return []Scenario{{
			Name: f.Fact.ID, Feature: f.Fact.Operation() + ".feature", Facts: []string{f.Fact.ID}, Outcome: Errored, Reason: f.Reason,
		}}
	}
	return f.Scenarios
}

// cucumberEnd is the result of the step at which a scenario ended.
func (r *Report) cucumberEnd(s Scenario) cucumberResult {
	end := cucumberResult{Status: "failed", Duration: s.Duration.Nanoseconds()}
	known := r.excused(s)
	switch {
	case s.Outcome == Passed:
		end.Status = "passed"
	case s.Outcome == Unprovisioned:
		end.Status, end.Error = "skipped", plain.Text(s.Reason)
	case known != nil:
		end.Status, end.Error = "skipped", plain.Text(known.excuse(s.Reason))
	default:
		end.Error = plain.Text(scenarioText(s, s.Facts))
	}
	return end
}

// cucumberSteps gives the steps of a scenario. They are not timed on their own,
// and the tools sum them up: the one at which it ended has the time of all.
func cucumberSteps(s Scenario, end cucumberResult) []cucumberStep {
	told := s.Steps
	if len(told) == 0 {
		told = []Step{{Keyword: "Given", Text: s.Step}}
	}
	last := len(told) - 1
	if s.Outcome != Passed {
		last = max(0, slices.IndexFunc(told, func(t Step) bool { return t.Text == s.Step }))
	}
	all := make([]cucumberStep, len(told))
	for i, t := range told {
		c := cucumberStep{Keyword: t.Keyword + " ", Name: t.Text}
		if i > 0 && told[i-1].Keyword == t.Keyword {
			c.Keyword = "And "
		}
		if t.Argument != "" {
			c.DocString = &cucumberDocString{Value: t.Argument, ContentType: "json"}
		}
		switch {
		case i < last:
			c.Result.Status = "passed"
		case i == last:
			c.Result = end
		default:
			c.Result.Status = "skipped"
		}
		all[i] = c
	}
	return all
}
