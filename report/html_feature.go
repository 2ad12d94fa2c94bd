package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck/report/plain"
)

// htmlRules are the parts of a feature about an endpoint, in their order. What is about
// all endpoints comes after them, by the title of its feature.
var htmlRules = []string{"What it does", "Parameters", "Refusals", "Who may ask", "Effects"}

// untested is the heading above the facts that no feature has.
const untested = "What no request shows"

// htmlOutline is one as its feature has it, for the rows that a fact has of it.
type htmlOutline struct {
	Name, Feature string
	Columns       []string
	Steps         []htmlStep
	Rows          []htmlScenario
}

// htmlBlock is a scenario, or an outline with the rows that the fact has of it.
type htmlBlock struct {
	Scenario htmlScenario
	Outline  *htmlOutline
}

// newHTMLBlocks puts rows of one table together.
func newHTMLBlocks(all []Scenario, show func(Scenario) htmlScenario) (blocks []htmlBlock) {
	source := written()
	for len(all) > 0 {
		n, table := 1, source.tables[all[0].ID]
		for table != nil && n < len(all) && source.tables[all[n].ID] == table {
			n++
		}
		if n == 1 {
			blocks = append(blocks, htmlBlock{Scenario: show(all[0])})
		} else {
			blocks = append(blocks, htmlBlock{Outline: source.outline(all[:n], show)})
		}
		all = all[n:]
	}
	return blocks
}

// outline gives that of rows of one table.
func (s asWritten) outline(rows []Scenario, show func(Scenario) htmlScenario) *htmlOutline {
	written := s.outlines[rows[0].ID]
	o := &htmlOutline{Name: written.Name, Feature: rows[0].Feature, Columns: cellsOf(s.tables[rows[0].ID].TableHeader)}
	for _, step := range written.Steps {
		line := htmlStep{Keyword: strings.TrimSpace(step.Keyword), Text: plain.Text(step.Text)}
		if step.DocString != nil {
			line.Argument = plain.Text(step.DocString.Content)
		}
		o.Steps = append(o.Steps, line)
	}
	for _, row := range rows {
		shown := show(row)
		shown.Cells = s.cells[row.ID]
		o.Rows = append(o.Rows, shown)
	}
	return o
}

// Broken is the step that did not hold; nil where all did.
func (s htmlScenario) Broken() *htmlStep {
	if i := slices.IndexFunc(s.Steps, func(step htmlStep) bool { return step.Broken }); i >= 0 {
		return &s.Steps[i]
	}
	return nil
}

// htmlRule is a part of an endpoint, with its facts.
type htmlRule struct {
	Title string
	Facts []htmlFact
}

// Rules are the facts of an endpoint as the features have them.
func (e htmlEndpoint) Rules() []htmlRule {
	byTitle := map[string]*htmlRule{}
	titles := slices.Clone(htmlRules)
	for _, f := range e.Facts {
		title := cmp.Or(written().rules[f.Fact.ID], untested)
		if byTitle[title] == nil {
			byTitle[title] = &htmlRule{Title: title}
			if title != untested && !slices.Contains(titles, title) {
				titles = append(titles, title)
			}
		}
		byTitle[title].Facts = append(byTitle[title].Facts, f)
	}
	var all []htmlRule
	for _, title := range append(titles, untested) {
		if r := byTitle[title]; r != nil {
			all = append(all, *r)
		}
	}
	return all
}
