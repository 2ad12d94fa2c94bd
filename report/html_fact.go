package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"html/template"
	"strings"
	"unicode/utf8"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report/plain"
)

// htmlFact is a fact with all that a page shows of it.
type htmlFact struct {
	Result
	Outcome   Outcome // as it is marked
	Title     string  // its scenario's, or why it has none
	Reason    string
	Quote     template.HTML // the document's lines, an item each
	Blocks    []htmlBlock
	LeftOut   int      // scenarios that are too many
	Elsewhere []string // the facts that its other scenarios are shown at
}

// htmlScenario is a scenario, shown at the first fact that it checks.
type htmlScenario struct {
	Name, Feature string
	Cells         []string // of a row of an outline
	Outcome       Outcome
	Took          string
	Steps         []htmlStep
	Path          string
	Also          []string // what else of the answer is wrong
	Diff          []diffLine

	frame *htmlFrame
	asked htmlAsked
}

type htmlStep struct {
	Keyword, Text, Argument string
	Broken                  bool // it did not hold
}

// mostListed is how many scenarios a page has, and how many causes: more than a run has,
// but clients may break the document in thousands of ways. Each fact has one.
const mostListed = 500

// newHTMLFacts gives the facts as they are shown, each in the frame of its endpoint.
func newHTMLFacts(r *Report, d htmlDetail, frames map[string]*htmlFrame) []htmlFact {
	document := strings.Split(fixtures.Document(), "\n")
	homes := homesOf(r)
	facts, room := make([]htmlFact, len(r.Facts)), mostListed
	for i, f := range r.Facts {
		frame := frames[f.Fact.Endpoint]
		if frame == nil {
			frame = &htmlFrame{}
			frames[f.Fact.Endpoint] = frame
		}
		reason := strings.TrimPrefix(strings.ReplaceAll(f.Reason, r.Target+"/", "/"), "blocked by "+f.BlockedBy+": ")
		shown := htmlFact{
			Result: f, Outcome: f.shownAs(), Title: titleOf(f, reason), Reason: d.reason(reason), Quote: htmlLines(quote(document, f.Fact.Lines)),
		}
		var own []Scenario
		for _, s := range f.Scenarios {
			if home := homes[s.appearance()]; home == f.Fact.ID {
				own = append(own, s)
			} else if len(shown.Elsewhere) == 0 || shown.Elsewhere[len(shown.Elsewhere)-1] != home {
				shown.Elsewhere = append(shown.Elsewhere, home)
			}
		}
		n := min(len(own), max(1, room))
		room -= n
		shown.LeftOut = len(own) - n
		shown.Blocks = newHTMLBlocks(own[:n], func(s Scenario) htmlScenario {
			shown := d.scenario(s, s.Outcome == Failed || s.Outcome == Errored || r.standsIn(s))
			shown.frame = frame
			return shown
		})
		facts[i] = shown
	}
	return facts
}

// titleOf says in a line what became of a fact.
func titleOf(f Result, reason string) string {
	for _, s := range f.Scenarios {
		switch {
		case s.Outcome != f.Outcome:
		case f.Outcome == Passed:
			return title(s.Name)
		case f.Outcome == Failed && s.Failure != nil:
			what, _, _ := strings.Cut(s.Failure.Message, " ") // the status, or the body that is no JSON
			return title(fmt.Sprintf("%s is %s, want %s", cmp.Or(s.Failure.Path, what), s.Failure.Actual, s.Failure.Expected))
		case f.Outcome == Blocked:
			return title("by " + f.BlockedBy)
		}
	}
	return cmp.Or(title(reason), title(f.Fact.Assertion))
}

// homesOf gives each scenario the fact that it is shown at: one that does not say
// another's again, where there is one.
func homesOf(r *Report) map[appearance]string {
	homes := map[appearance]string{}
	for _, again := range []bool{false, true} {
		for _, f := range r.Facts {
			if (f.Fact.SaysAgain != "") != again {
				continue
			}
			for _, s := range f.Scenarios {
				if id := s.appearance(); homes[id] == "" {
					homes[id] = f.Fact.ID
				}
			}
		}
	}
	return homes
}

// quote gives lines of the document; those that it has not are left out.
func quote(document []string, l fixtures.Lines) []string {
	first, last := max(l.First, 1), min(l.Last, len(document))
	if first > last {
		return nil
	}
	return document[first-1 : last]
}

// htmlLines gives lines as items: they are too many for a template to be asked for each.
func htmlLines(lines []string) template.HTML {
	var items strings.Builder
	for _, line := range lines {
		items.WriteString("<li>")
		items.WriteString(escapesTags.Replace(line))
	}
	return template.HTML(items.String()) // #nosec G203 -- escaped before
}

// scenario has a script where it is to be repeated: what is blocked is that where
// it is to blame.
func (d htmlDetail) scenario(s Scenario, repeat bool) htmlScenario {
	shown := htmlScenario{
		Name: plain.Text(s.Name), Feature: s.Feature, Outcome: s.Outcome, Took: took(s.Duration), Steps: htmlSteps(s),
		asked: htmlAsked{exchanges: s.Exchanges, passed: s.Outcome == Passed},
	}
	if f := s.Failure; f != nil {
		shown.Path = d.cut(f.Path)
		shown.Diff = diff(d.json(f.Expected), d.json(f.Actual))
		for _, also := range f.Further {
			shown.Also = append(shown.Also, d.reason(also.place()))
		}
	}
	if repeat {
		shown.asked.script = strings.TrimSpace(s.Curl)
	}
	return shown
}

// htmlSteps gives the steps as the feature has them, whole: they are the suite's
// own.
func htmlSteps(s Scenario) (lines []htmlStep) {
	keyword, broken := "", false
	for _, step := range s.Steps {
		line := htmlStep{Keyword: step.Keyword, Text: plain.Text(step.Text), Argument: plain.Text(step.Argument)}
		if line.Keyword == keyword {
			line.Keyword = "And"
		}
		keyword = step.Keyword
		line.Broken = !broken && s.Outcome != Passed && step.Text == s.Step
		broken = broken || line.Broken
		lines = append(lines, line)
	}
	return lines
}

// Where is the place of the fact in the document.
func (f htmlFact) Where() string { return whereIs(f.Fact.Lines) }

func whereIs(l fixtures.Lines) string {
	if l.First == l.Last {
		return fmt.Sprintf("line %d", l.First)
	}
	return fmt.Sprintf("lines %d–%d", l.First, l.Last)
}

// Because introduces the reason.
func (f htmlFact) Because() string {
	word := string(f.Result.Outcome)
	return strings.ToUpper(word[:1]) + word[1:]
}

// Known is why a deviation is accepted, and Until the last day on which it is.
func (f htmlFact) Known() string { return plain.Text(f.Deviation.Reason) }

// Until: see Known; "" where there is no end.
func (f htmlFact) Until() string {
	if f.Deviation.Until.IsZero() {
		return ""
	}
	return f.Deviation.Until.Format("2 January 2006")
}

const (
	mostIndented = 8000 // bytes
	mostNested   = 100  // values within values: each line is indented by as many
)

// nesting is how deep the values of a JSON text are within each other, at most.
func nesting(text string) (deepest int) {
	depth := 0
	for _, c := range []byte(text) {
		switch c {
		case '[', '{':
			depth++
			deepest = max(deepest, depth)
		case ']', '}':
			depth--
		}
	}
	return deepest
}

// json gives a JSON text line by line, and any other as it is. What is too long
// to be shown whole is not taken apart.
func (d htmlDetail) json(text string) string { return d.cut(byLine(text)) }

func byLine(text string) string {
	var b bytes.Buffer
	if len(text) <= mostIndented && nesting(text) <= mostNested && json.Indent(&b, []byte(text), "", "\t") == nil {
		return b.String()
	}
	return text
}

// cut gives a text as a page may show it, and no more of it than fits.
func (d htmlDetail) cut(text string) string { return d.shorten(displayed(text, d.text), len(text)) }

// displayed is what shorten needs to know of a text, for up to so many bytes of it.
func displayed(text string, most int) string {
	if len(text) > most+utf8.UTFMax { // what is cut off anyway need not be made fit to show
		text = text[:most+utf8.UTFMax]
	}
	return display(text)
}

// shorten cuts a text that is fit to show, and had so many bytes before.
func (d htmlDetail) shorten(text string, whole int) string {
	if len(text) <= d.text {
		return text
	}
	end := d.text
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return fmt.Sprintf("%s… (of %d bytes)", text[:end], whole)
}

// reason gives what is told of a fact: it is what a report is read for, and of
// another length than what a target sends.
func (d htmlDetail) reason(text string) string {
	d.text = max(d.text, 300)
	return d.cut(text)
}

// display is plain, with the tabs that a page shows.
func display(text string) string {
	parts := strings.Split(text, "\t")
	for i, p := range parts {
		parts[i] = plain.Text(p)
	}
	return strings.Join(parts, "\t")
}

// title is as much of a text as a title has room for.
func title(text string) string {
	return htmlDetail{text: 200}.cut(strings.ReplaceAll(text, "\n", " "))
}
