package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report/plain"
)

// matrixSchema is the version of what [Matrix.WriteJSON] writes.
const matrixSchema = "1.0"

// Matrix compares what came of the runs against several implementations, or several
// releases of one.
type Matrix struct {
	Schema          string           `json:"schema_version"`
	Document        string           `json:"document_sha256"`
	Features        string           `json:"features_sha256"`
	Implementations []matrixColumn   `json:"implementations"` // across
	Endpoints       []matrixEndpoint `json:"endpoints"`       // down, in the document's order

	differing bool // it has only what differs
}

// matrixColumn is a run.
type matrixColumn struct {
	Name     string    `json:"implementation"` // the target, where it has none
	Version  string    `json:"implementation_version,omitempty"`
	Verdict  Verdict   `json:"verdict"`
	Started  time.Time `json:"started"`
	ReadOnly bool      `json:"read_only,omitempty"`
	Wording  string    `json:"wording,omitempty"`
	Summary  string    `json:"summary"` // verdict and counts, in a line
}

// matrixEndpoint has a value for each implementation in each of its lists.
type matrixEndpoint struct {
	Endpoint string       `json:"endpoint"`
	Title    string       `json:"title,omitempty"`
	Passed   []int        `json:"passed"`
	Testable []int        `json:"testable"`
	Marks    []string     `json:"marks"` // "ok", "FAILED" and the like; "" where nothing was asked for
	Facts    []matrixFact `json:"facts"`
}

type matrixFact struct {
	ID       string    `json:"id"`
	Title    string    `json:"title,omitempty"`
	Outcomes []Outcome `json:"outcomes"` // "deviation" is a failure that is known
}

// NewMatrix puts reports side by side: those of one implementation together, the oldest
// first, and the implementations in the order in which they came. Each must verify, and so
// be of the document and the scenarios of this suite; the error tells which does not, by
// its place, counted from 0, and why.
func NewMatrix(records ...*Record) (*Matrix, error) {
	for i, r := range records {
		for _, c := range r.Verify() {
			if len(c.Problems) > 0 {
				return nil, &UnverifiedError{i, c.Problems[0]}
			}
		}
	}
	var names []string
	for _, r := range records {
		names = append(names, r.name())
	}
	records = slices.SortedStableFunc(slices.Values(records), func(a, b *Record) int {
		return cmp.Or(cmp.Compare(slices.Index(names, a.name()), slices.Index(names, b.name())), a.Started.Compare(b.Started))
	})
	m := &Matrix{Schema: matrixSchema, Document: documentDigest(), Features: featuresDigest(), Endpoints: emptyMatrix()}
	for _, r := range records {
		m.add(r)
	}
	return m, nil
}

// UnverifiedError tells of a report that [Record.Verify] refuses.
type UnverifiedError struct {
	Index   int // of the report
	Problem string
}

func (u *UnverifiedError) Error() string { return plain.Line(u.Problem) }

func (r *Record) name() string { return cmp.Or(strings.TrimSpace(r.Name), r.Target) }

// emptyMatrix has all facts that can be tested, and no implementation.
func emptyMatrix() (all []matrixEndpoint) {
	titles := titles()
	for _, f := range fixtures.Facts() {
		if f.Untestable != "" {
			continue
		}
		if n := len(all); n == 0 || all[n-1].Endpoint != f.Endpoint {
			all = append(all, matrixEndpoint{Endpoint: f.Endpoint, Title: titles[f.Endpoint]})
		}
		last := &all[len(all)-1]
		last.Facts = append(last.Facts, matrixFact{ID: f.ID, Title: titleOfFact(f.ID)})
	}
	return all
}

// titleOfFact is what the first scenario of a fact is called.
func titleOfFact(id string) string {
	for _, file := range featureNames() {
		for _, p := range sourceOf(file).scenarios {
			if checks(p, id) {
				return p.Name
			}
		}
	}
	return ""
}

// add puts a run to the right of those that are there.
func (m *Matrix) add(r *Record) {
	m.Implementations = append(m.Implementations, matrixColumn{
		Name: r.name(), Version: r.Version, Verdict: r.Verdict, Started: r.Started, ReadOnly: r.ReadOnly, Wording: r.Wording, Summary: r.Summary(),
	})
	whole := r.report()
	outcomes, lines := map[string]Outcome{}, map[string]endpointLine{}
	for _, f := range whole.Facts {
		outcomes[f.Fact.ID] = f.shownAs()
	}
	for _, e := range whole.endpointLines() {
		lines[e.name] = e
	}
	for i := range m.Endpoints {
		e := &m.Endpoints[i]
		line := lines[e.Endpoint]
		e.Passed, e.Testable, e.Marks = append(e.Passed, line.passed), append(e.Testable, line.testable), append(e.Marks, line.mark)
		for j := range e.Facts {
			e.Facts[j].Outcomes = append(e.Facts[j].Outcomes, outcomes[e.Facts[j].ID])
		}
	}
}

// Differing gives the matrix without what is the same of all implementations.
func (m *Matrix) Differing() *Matrix {
	few := *m
	few.Endpoints, few.differing = []matrixEndpoint{}, true // an empty array, for a program
	for _, e := range m.Endpoints {
		e.Facts = slices.DeleteFunc(slices.Clone(e.Facts), func(f matrixFact) bool { return !f.Differs() })
		if len(e.Facts) > 0 {
			few.Endpoints = append(few.Endpoints, e)
		}
	}
	return &few
}

// Differs tells whether the outcomes do.
func (f matrixFact) Differs() bool {
	return slices.ContainsFunc(f.Outcomes, func(o Outcome) bool { return o != f.Outcomes[0] })
}

// Count is how many facts of an endpoint an implementation passes; "" where none was asked
// for.
func (e matrixEndpoint) Count(implementation int) string {
	if e.Marks[implementation] == "" {
		return ""
	}
	return endpointLine{passed: e.Passed[implementation], testable: e.Testable[implementation]}.count()
}

// called is an implementation with its version.
func (c matrixColumn) called() string { return plain.Line(strings.TrimSpace(c.Name + " " + c.Version)) }

// WriteJSON writes the matrix for programs.
func (m *Matrix) WriteJSON(w io.Writer) error { return plain.JSON(w, m) }

// WriteText writes a line for each implementation and the table of endpoints, with a
// column for each; of a matrix that has only what differs, the facts below.
func (m *Matrix) WriteText(w io.Writer) error {
	var b strings.Builder
	for i, c := range m.Implementations {
		fmt.Fprintf(&b, "%d  %s, %s: %s\n", i+1, c.called(), c.Started.UTC().Format(time.DateOnly), c.Summary)
	}
	name, column := len("ENDPOINT"), len("FAILED 10 of 11")
	for _, e := range m.Endpoints {
		name = max(name, len(e.Endpoint))
	}
	line := func(head string, cell func(implementation int) string) {
		text := fmt.Sprintf("%-*s", name, head)
		for i := range m.Implementations {
			text += fmt.Sprintf("  %-*s", column, cell(i))
		}
		b.WriteString(strings.TrimRight(text, " ") + "\n")
	}
	b.WriteString("\n")
	line("ENDPOINT", func(i int) string { return fmt.Sprint(i + 1) })
	for _, e := range m.Endpoints {
		line(e.Endpoint, func(i int) string { return strings.TrimSpace(e.Marks[i] + " " + e.Count(i)) })
		for _, f := range e.Facts {
			if m.differing {
				line("  "+f.ID, func(i int) string { return htmlMarks[f.Outcomes[i]].Word })
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteMarkdown writes the tables of endpoints and of facts.
func (m *Matrix) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	b.WriteString("## Implementations of the Media Pocket API v2\n\n| implementation | checked | verdict |\n| --- | --- | --- |\n")
	var heads, rules []string
	for _, c := range m.Implementations {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", cell(c.called()), c.Started.UTC().Format(time.DateOnly), cell(c.Summary))
		heads, rules = append(heads, cell(c.called())), append(rules, "---")
	}
	row := func(head string, cells []string) { fmt.Fprintf(&b, "| %s | %s |\n", head, strings.Join(cells, " | ")) }
	b.WriteString("\n")
	row("endpoint", heads)
	row("---", rules)
	for _, e := range m.Endpoints {
		var cells []string
		for i := range m.Implementations {
			cells = append(cells, markdownMark[e.Marks[i]]+e.Count(i))
		}
		row(cell(e.Endpoint), cells)
	}
	b.WriteString("\n")
	row("fact", heads)
	row("---", rules)
	for _, e := range m.Endpoints {
		for _, f := range e.Facts {
			var cells []string
			for _, o := range f.Outcomes {
				cells = append(cells, htmlMarks[o].Word)
			}
			row(cell(f.ID), cells)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// cell is code that a table can have.
func cell(text string) string { return strings.ReplaceAll(code(text), "|", `\|`) }
