package report

import (
	"bufio"
	"io"
	"strings"

	messages "github.com/cucumber/messages/go/v34"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report/plain"
)

// WriteFact writes all that the suite knows of a fact of the table, for a person: the
// document's lines, the scenarios that check it, what they need, and what is asserted.
func WriteFact(w io.Writer, f fixtures.Fact) error {
	b := bufio.NewWriter(w)
	t := factText{textReport{w: b}, f}
	t.line(f.ID)
	t.line("    " + f.Endpoint + ": " + titles()[f.Endpoint])
	t.line("\n" + "the document says, " + whereIs(f.Lines) + ":")
	for _, line := range quote(strings.Split(fixtures.Document(), "\n"), f.Lines) {
		t.line(strings.TrimRight("    | "+line, " "))
	}
	if f.Untestable != "" {
		t.about("it can't be tested", f.Untestable)
		return b.Flush()
	}
	t.scenarios()
	t.about("asserted", f.Assertion)
	t.about("free", free)
	t.about("tier", tierOf(f))
	t.about("needs", needsOf(f))
	if f.SaysAgain != "" {
		t.about("says again", f.SaysAgain)
	}
	if len(f.RestsOn) > 0 {
		t.about("blocked where these fail", strings.Join(f.RestsOn, ", "))
	}
	t.about("check it alone", "pocketcheck run --target URL --fact "+f.ID)
	endpoint := f.Operation()
	t.line("    go test -run 'TestMediaPocket/^" + endpoint + "$/^" + strings.TrimPrefix(f.ID, endpoint+".") + "$'")
	t.line("    in Go: Options{Facts: []string{\"" + f.ID + "\"}}")
	t.line("    in the HTML report: #" + f.ID)
	return b.Flush()
}

// free is what no fact asserts.
const free = "further keys and their order, white space, headers, the form of ids, and all that the document leaves open"

type factText struct {
	textReport
	fixtures.Fact
}

func (t factText) about(what, text string) {
	t.line("\n" + what + ":")
	for _, line := range plain.Wrap(text, plain.Width-4) {
		t.line("    " + line)
	}
}

// scenarios prints those of the fact as their features have them, with the rows of an
// outline that are about it.
func (t factText) scenarios() {
	for _, file := range featureNames() {
		source := sourceOf(file)
		for _, scenario := range source.written() {
			isHeaded := false
			for _, p := range scenario.places(file) {
				if !checks(source.scenarios[p.id], t.ID) {
					continue
				}
				if !isHeaded {
					isHeaded = true
					t.scenario(placeOf(file, scenario.Location), scenario, source.scenarios[p.id])
				}
				if p.row != nil {
					t.row(p.row)
				}
			}
		}
	}
}

// scenario prints an outline as it is written, and another with the steps of its
// Background.
func (t factText) scenario(at string, scenario writtenScenario, run *messages.Pickle) {
	t.line("\n" + at + ":")
	t.line("    " + scenario.Keyword + ": " + scenario.Name)
	if len(scenario.Examples) > 0 {
		for _, step := range scenario.Steps {
			t.step(strings.TrimSpace(step.Keyword), step.Text)
			if step.DocString != nil {
				t.argument(step.DocString.Content)
			}
		}
		t.row(scenario.Examples[0].TableHeader)
		return
	}
	before := ""
	for _, step := range run.Steps {
		keyword := keywords[step.Type]
		if keyword == before {
			keyword = "And"
		}
		before = keywords[step.Type]
		t.step(keyword, step.Text)
		if step.Argument != nil && step.Argument.DocString != nil {
			t.argument(step.Argument.DocString.Content)
		}
	}
}

var keywords = map[messages.PickleStepType]string{
	messages.PickleStepType_CONTEXT: "Given", messages.PickleStepType_ACTION: "When", messages.PickleStepType_OUTCOME: "Then",
}

func (t factText) row(r *messages.TableRow) {
	t.line("      | " + strings.Join(cellsOf(r), " | ") + " |")
}

func (t factText) step(keyword, text string) { t.line("      " + keyword + " " + text) }

func (t factText) argument(text string) {
	for line := range strings.Lines(text) {
		t.line("        " + strings.TrimRight(line, "\n"))
	}
}

func tierOf(f fixtures.Fact) string {
	switch {
	case f.Wording:
		return f.Tier + ", and its text is one of wording"
	case f.Tier == "derived":
		return "derived: it follows from these lines, which don't say it in so many words"
	}
	return f.Tier
}

func needsOf(f fixtures.Fact) string {
	if len(f.Needs) == 0 {
		return "nothing but an API key"
	}
	return "the provider states " + strings.Join(f.Needs, "; ")
}
