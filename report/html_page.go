package report

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report/plain"
)

// htmlPage is what the template reads.
type htmlPage struct {
	*Report
	Policy             string
	Style              template.CSS
	Script             template.JS
	Suite              string
	Document, Features string // digests
	Says               string // the verdict in a sentence
	Tally              []htmlTally
	Endpoints          []htmlEndpoint
	Broken             []htmlBreach
	LeftOut            int // causes that are too many
	Deviations         []htmlFact
	Unchecked          []htmlGroup
	LeftBehind         []string
}

// htmlTally is how many facts have an outcome; At is the sum of those before.
type htmlTally struct {
	Outcome Outcome
	N, At   int
}

// htmlEndpoint is an endpoint with its facts, in the document's order.
type htmlEndpoint struct {
	Anchor, Method, Path string
	Title                string // the line of the document below it
	Facts                []htmlFact
	Passed, Testable     int
	Absent               bool // it seems not to be there

	frame *htmlFrame // of its facts
	page  *htmlFrame // that this is a part of
}

// htmlGroup are facts that one reason keeps from being checked.
type htmlGroup struct {
	Outcome Outcome
	Reason  string
	Blamed  string // the fact that blocks them
	IDs     []string
}

func newHTMLPage(r *Report, d htmlDetail) *htmlPage {
	p := &htmlPage{
		Report: r, Policy: htmlPolicy(), Style: template.CSS(htmlStyle), Script: template.JS(htmlScript), // #nosec G203 -- both are files of this package
		Suite: Version, Document: documentDigest(), Features: featuresDigest(),
		Says: r.says(), Tally: r.tally(), Unchecked: unchecked(r, d),
	}
	p.Broken, p.LeftOut = newHTMLBreaches(r, d)
	if r.Insecure {
		p.Says += " The target’s certificate was not checked."
	}
	if offers := r.unoffered(); offers != "" {
		p.Says += " T" + strings.TrimPrefix(offers, "t")
	}
	for _, l := range r.CleanUp.LeftBehind {
		p.LeftBehind = append(p.LeftBehind, d.cut(l))
	}
	frames := map[string]*htmlFrame{}
	shown := newHTMLFacts(r, d, frames)
	for _, f := range shown {
		if f.Outcome == knownDeviation {
			p.Deviations = append(p.Deviations, f)
		}
	}
	p.Endpoints = byEndpoint(shown, frames)
	for i, e := range p.Endpoints {
		p.Endpoints[i].Absent = slices.ContainsFunc(r.Missing, func(m Missing) bool { return m.Endpoint == e.Name() })
	}
	return p
}

// says is what a page says of the verdict.
func (r *Report) says() string {
	if r.ReadOnly {
		return r.sentence() + " The run was read only: nothing but GET was sent."
	}
	return r.sentence()
}

// sentence says what the verdict comes to.
func (r *Report) sentence() string {
	failed, unchecked := r.Count(Failed), r.Count(Unprovisioned)+r.Count(Deselected)
	unresolved := r.Count(Errored) + r.Count(Blocked)
	checked := len(r.Facts) - unchecked - unresolved - r.Count(Untestable)
	switch {
	case r.Watched != nil:
		return r.watchedSentence()
	case r.Stopped != "":
		return "The run did not get to its end: " + plain.Text(r.Stopped) + "."
	case failed > 0:
		text := fmt.Sprintf("The target breaks %d of %s that were checked", failed, count(checked, "fact"))
		switch known := r.known(); {
		case known == failed:
			text += "; all are known deviations"
		case known > 0:
			text += fmt.Sprintf("; %d of them known", known)
		}
		if hides := r.hiding(); hides != "" {
			text += "; " + hides
		}
		return text + "."
	case unresolved > 0:
		return fmt.Sprintf("Nothing is known to be broken, but %s had no result.", count(unresolved, "fact"))
	case unchecked > 0:
		return fmt.Sprintf("All %s that were checked hold; %s were not checked.", count(checked, "fact"), count(unchecked, "more fact"))
	}
	return fmt.Sprintf("All %s that a request can show hold.", count(checked, "fact"))
}

func (r *Report) tally() (all []htmlTally) {
	at := 0
	for _, o := range []Outcome{Passed, Failed, knownDeviation, Blocked, Errored, Unprovisioned, Deselected, Untestable} {
		n := 0
		for _, f := range r.Facts {
			if f.shownAs() == o {
				n++
			}
		}
		if n > 0 {
			all = append(all, htmlTally{o, n, at})
		}
		at += n
	}
	return all
}

// unchecked groups what has no result of its own by what keeps it from one.
func unchecked(r *Report, d htmlDetail) (all []htmlGroup) {
	for _, o := range []Outcome{Blocked, Errored, Unprovisioned, Deselected, Untestable} {
		keys, ids := grouped(r, o, func(f Result) string {
			switch o {
			case Blocked:
				return f.BlockedBy
			case Unprovisioned:
				return fmt.Sprintf("needs the provider state %q, which the target does not offer", f.State)
			}
			return cmp.Or(f.cause(), f.Reason)
		})
		for _, key := range keys {
			g := htmlGroup{Outcome: o, Reason: d.reason(key), IDs: ids[key]}
			if o == Blocked {
				g.Reason, g.Blamed = "blocked by ", key
			}
			all = append(all, g)
		}
	}
	return all
}

// byEndpoint keeps the order in which the document has the endpoints.
func byEndpoint(facts []htmlFact, frames map[string]*htmlFrame) (all []htmlEndpoint) {
	titles := titles()
	for _, f := range facts {
		name := f.Result.Fact.Endpoint
		i := slices.IndexFunc(all, func(e htmlEndpoint) bool { return e.Name() == name })
		if i < 0 {
			i = len(all)
			method, path := split(name)
			all = append(all, htmlEndpoint{Anchor: fmt.Sprintf("endpoint-%d", i+1), Method: method, Path: path, Title: titles[name], frame: frames[name]})
		}
		e := &all[i]
		e.Facts = append(e.Facts, f)
		if f.Outcome != Untestable {
			e.Testable++
		}
		if f.Outcome == Passed {
			e.Passed++
		}
	}
	return all
}

// titles gives what the document calls its endpoints.
func titles() map[string]string {
	all := map[string]string{}
	contract, err := fixtures.ParseContract(fixtures.Document())
	if err != nil {
		return all // the titles are an ornament, and a test of the parser reads the document
	}
	for _, e := range contract.Endpoints {
		all[e.Method+" "+e.Path] = e.Title
	}
	return all
}

// split gives the method and the path of an endpoint.
func split(endpoint string) (method, path string) {
	method, path, _ = strings.Cut(endpoint, " ")
	return method, path
}

// Name is the endpoint as documented.
func (e htmlEndpoint) Name() string { return e.Method + " " + e.Path }

// htmlColumns are the document's own headings, and the kinds of facts below them.
var htmlColumns = []struct {
	Title string
	Kinds []string
}{
	{"Headers", []string{"header"}},
	{"Params", []string{"parameter", "validation"}},
	{"Examples", []string{"example"}},
	{"Errors", []string{"error"}},
	{"Description", []string{"description"}},
}

// Columns are the headings of the matrix.
func (*htmlPage) Columns() (titles []string) {
	for _, c := range htmlColumns {
		titles = append(titles, c.Title)
	}
	return titles
}

// Cells are the facts of an endpoint, by column.
func (e htmlEndpoint) Cells() [][]htmlFact {
	cells := make([][]htmlFact, len(htmlColumns))
	for _, f := range e.Facts {
		for i, c := range htmlColumns {
			if slices.Contains(c.Kinds, f.Result.Fact.Kind) {
				cells[i] = append(cells[i], f)
			}
		}
	}
	return cells
}

// Shown is the target as a page may show it.
func (p *htmlPage) Shown() string { return plain.Text(p.target()) }

// Plain is for what a person or a target wrote.
func (*htmlPage) Plain(text string) string { return plain.Text(text) }

// Implements is the name and version of the implementation, if it has one.
func (p *htmlPage) Implements() string {
	return plain.Text(strings.TrimSpace(p.Implementation + " " + p.ImplementationVersion))
}

// At is when the run began.
func (p *htmlPage) At() time.Time { return p.Started.UTC().Truncate(time.Second) }

// Took is how long the run was.
func (p *htmlPage) Took() string { return took(p.Duration) }

// took rounds a duration to what one reads of it.
func took(d time.Duration) string {
	switch {
	case d >= time.Minute:
		return d.Round(time.Second).String()
	case d >= time.Second:
		return d.Round(10 * time.Millisecond).String()
	case d >= time.Millisecond:
		return d.Round(time.Millisecond).String()
	}
	return "under 1ms"
}

// Heading is the verdict as a title.
func (p *htmlPage) Heading() string {
	v := string(p.Verdict)
	if v == "" {
		return "No verdict"
	}
	return strings.ToUpper(v[:1]) + v[1:]
}

// Symbol is the sign beside the verdict.
func (p *htmlPage) Symbol() string {
	switch p.Verdict {
	case Conformant:
		return htmlMarks[Passed].Symbol
	case NonConformant:
		return htmlMarks[Failed].Symbol
	case Partial:
		return "◐"
	}
	return "?"
}
