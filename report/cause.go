package report

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck/fixtures"
)

// problem is a scenario that did not pass, with the rows of its outline that fail as it
// does.
type problem struct {
	Scenario
	alike []Scenario
}

// cause is what several problems of one endpoint have in common.
type cause struct {
	kind
	wants    []string // the statuses, where one was wrong
	problems []problem
	blocks   int // facts that can't be checked before it is mended
}

// problems puts rows of one outline together that fail alike.
func problems(all []Scenario) (told []problem) {
	source := written()
	for _, s := range all {
		i := slices.IndexFunc(told, func(p problem) bool {
			return source.outlines[s.ID] != nil && source.outlines[s.ID] == source.outlines[p.ID] && s.failsAs(p.Scenario)
		})
		if i < 0 {
			told = append(told, problem{Scenario: s})
			continue
		}
		told[i].alike = append(told[i].alike, s)
	}
	return told
}

func (s Scenario) failsAs(other Scenario) bool {
	return s.Failure != nil && other.Failure != nil && s.Failure.Fails == other.Failure.Fails && slices.Equal(s.Facts, other.Facts)
}

// kind is what problems of one cause share.
type kind struct {
	endpoint string // as documented; "" where it is not of one
	seen     string // the wrong status, or the member: "201", "$.asset.title"
	want     string // the status; "" where none was wrong, and of all that an endpoint refuses
}

// causes groups what is broken by what is seen of it and what is wanted, in the document's
// order. What an endpoint refuses to do at all is one cause, whatever is wanted.
func (r *Report) causes() (all []cause) {
	told := problems(r.broken())
	kinds, refused := make([]kind, len(told)), map[kind]bool{}
	for i, p := range told {
		kinds[i] = kind{p.endpoint(), p.seen(), p.want()}
		if kinds[i].want == "200" && kinds[i].seen >= "400" {
			refused[kind{kinds[i].endpoint, kinds[i].seen, ""}] = true
		}
	}
	for i, p := range told {
		of, want := kinds[i], kinds[i].want
		if whole := (kind{of.endpoint, of.seen, ""}); refused[whole] {
			of = whole
		}
		at := slices.IndexFunc(all, func(c cause) bool { return c.kind == of })
		if at < 0 {
			at = len(all)
			all = append(all, cause{kind: of})
		}
		c := &all[at]
		c.problems = append(c.problems, p)
		if want != "" && !slices.Contains(c.wants, want) {
			c.wants = append(c.wants, want)
		}
	}
	for i := range all {
		slices.Sort(all[i].wants)
	}
	r.countBlocked(all)
	return all
}

// countBlocked tells of each cause how many facts can't be checked before it is mended.
func (r *Report) countBlocked(causes []cause) {
	of := map[string]int{} // by fact
	for i, c := range causes {
		for _, id := range c.facts() {
			if _, is := of[id]; !is {
				of[id] = i
			}
		}
	}
	for _, f := range r.Facts {
		if i, is := of[r.root(f).Fact.ID]; is && f.Outcome == Blocked {
			causes[i].blocks++
		}
	}
}

// endpoint is that of the first fact; "" where several are without a result.
func (p problem) endpoint() string {
	if p.standsForAll {
		return ""
	}
	i := slices.IndexFunc(fixtures.Facts(), func(f fixtures.Fact) bool { return slices.Contains(p.Facts, f.ID) })
	if i < 0 {
		return ""
	}
	return fixtures.Facts()[i].Endpoint
}

var wrongStatus = regexp.MustCompile(`^status is (\d+), want (\d+)$`)

// seen is what was wrong: problems in which it is the same have one cause.
func (p problem) seen() string {
	if p.Failure == nil || p.Outcome == Blocked {
		return cmp.Or(p.Cause, p.Reason)
	}
	if m := wrongStatus.FindStringSubmatch(p.Failure.Fails); m != nil {
		return m[1]
	}
	return cmp.Or(p.Failure.Path, p.Failure.Fails, p.Reason)
}

// want is the status that was expected; "" where it is not that which was wrong.
func (p problem) want() string {
	if p.Failure == nil || p.Outcome == Blocked {
		return ""
	}
	if m := wrongStatus.FindStringSubmatch(p.Failure.Fails); m != nil {
		return m[2]
	}
	return ""
}

// what says in a few words what is wrong.
func (c cause) what() string {
	if n := len(c.wants); n > 0 {
		rest := strings.Join(c.wants[:n-1], ", ")
		return c.seen + ", want " + strings.TrimPrefix(rest+" or "+c.wants[n-1], " or ")
	}
	if f := c.problems[0].Failure; f != nil && f.Path != "" {
		return fmt.Sprintf("%s is %s, want %s", brief(f.Path), brief(f.Actual), brief(f.Expected))
	}
	return c.seen
}

// mostBrief is how much of a value a line shows that is about more than it, in characters.
const mostBrief = 100

// brief gives the beginning of a value, on one line.
func brief(value string) string {
	runes := []rune(strings.Join(strings.Fields(value), " "))
	if len(runes) > mostBrief {
		return string(runes[:mostBrief]) + "…"
	}
	return string(runes)
}

// facts are the ids of all, each once.
func (c cause) facts() (ids []string) {
	for _, p := range c.problems {
		for _, id := range p.Facts {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// title names what the problems are about.
func (c cause) title() string {
	if len(c.problems) == 1 {
		return c.problems[0].Name
	}
	return fmt.Sprintf("%d scenarios", len(c.problems))
}
