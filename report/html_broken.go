package report

import (
	"fmt"
	"html/template"
	"regexp"
	"slices"

	"github.com/pocketcheck/pocketcheck/report/plain"
)

// htmlBreach is what is broken at one endpoint.
type htmlBreach struct {
	Title, Method, Path string
	Causes              []htmlCause
}

// htmlCause is one thing that is wrong, with the scenarios that show it.
type htmlCause struct {
	Title     string
	What      string
	Scenarios []string // their titles, where there are several
	Facts     []string // ids
	Blocks    int      // facts that can't be checked before it is mended
}

// newHTMLBreaches puts what is broken together, in the document's order, and tells how many
// causes are too many to be listed. What has no result stands elsewhere.
func newHTMLBreaches(r *Report, d htmlDetail) (all []htmlBreach, leftOut int) {
	titles, room := titles(), mostListed
	for _, c := range r.causes() {
		if c.problems[0].Failure == nil {
			continue
		}
		if room == 0 {
			leftOut++
			continue
		}
		room--
		method, path := split(c.endpoint)
		if n := len(all); n == 0 || all[n-1].Method+" "+all[n-1].Path != c.endpoint {
			all = append(all, htmlBreach{Title: titles[c.endpoint], Method: method, Path: path})
		}
		told := htmlCause{Title: d.reason(c.problems[0].Name), What: d.reason(c.what()), Facts: c.facts(), Blocks: c.blocks}
		for _, p := range c.problems {
			if name := plain.Text(p.Name); len(c.problems) > 1 && !slices.Contains(told.Scenarios, name) {
				told.Scenarios = append(told.Scenarios, name)
			}
		}
		if n := len(told.Scenarios) - 1; n > 0 {
			told.Title += fmt.Sprintf(", and %d more", n)
		}
		last := &all[len(all)-1]
		told.Scenarios = told.Scenarios[:min(len(told.Scenarios), mostListed)]
		last.Causes = append(last.Causes, told)
	}
	return all, leftOut
}

// htmlTier is how many facts of a tier hold.
type htmlTier struct {
	Name             string
	Passed, Testable int
}

// Tiers are those of the facts; what is asserted of a text is a further one.
func (p *htmlPage) Tiers() (all []htmlTier) {
	for _, f := range p.Facts {
		if f.Outcome == Untestable {
			continue
		}
		for _, name := range f.Fact.Tiers() {
			i := slices.IndexFunc(all, func(t htmlTier) bool { return t.Name == name })
			if i < 0 {
				i = len(all)
				all = append(all, htmlTier{Name: name})
			}
			all[i].Testable++
			if f.Outcome == Passed {
				all[i].Passed++
			}
		}
	}
	return all
}

var coded = regexp.MustCompile("`([^`]+)`")

// htmlCode escapes a text of the suite's own, in which code stands between backticks.
func htmlCode(text string) template.HTML {
	return template.HTML(coded.ReplaceAllString(string(htmlText(text)), "<code>$1</code>")) // #nosec G203 -- escaped before
}
