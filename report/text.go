package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report/plain"
)

// WriteText writes the report for a person: the failures, the counts, what was
// not checked and why, what the clean-up left, and the verdict on the last line.
// No control character of the target gets through; colour adds those of ANSI.
func (r *Report) WriteText(w io.Writer, colour bool) error {
	b := bufio.NewWriter(w)
	t := textReport{b, colour}
	t.scenarios(r)
	t.blocked(r)
	t.deviations(r)
	t.counts(r)
	t.missed(r)
	t.unprovisioned(r)
	t.deselected(r)
	t.missing(r)
	t.untestable(r)
	t.slowest(r)
	t.refusals(r)
	t.cleanUp(r)
	t.verdict(r)
	return b.Flush()
}

// WriteVerdict writes the last line of [Report.WriteText] alone.
func (r *Report) WriteVerdict(w io.Writer, colour bool) error {
	b := bufio.NewWriter(w)
	textReport{b, colour}.verdict(r)
	return b.Flush()
}

func (t textReport) verdict(r *Report) {
	t.line(t.paint(verdictColour[r.Verdict], "verdict: "+plain.Line(r.summary())))
}

var verdictColour = map[Verdict]string{
	Conformant: "32", Partial: "33", NonConformant: "31", Inconclusive: "33",
}

type textReport struct {
	w      *bufio.Writer
	colour bool
}

func (t textReport) line(s string) { _, _ = t.w.WriteString(s + "\n") } // Flush reports the error

// wrapped prints a text on as many lines as it takes, the later ones indented.
func (t textReport) wrapped(s string) {
	lines := plain.Wrap(s, plain.Width)
	t.line(lines[0])
	for _, line := range plain.Wrap(strings.Join(lines[1:], " "), plain.Width-4) {
		t.line("    " + line)
	}
}

func (t textReport) paint(code, s string) string {
	if !t.colour {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// scenarios prints each scenario that failed or had no answer, once, under all
// the facts that it checks. Known deviations have a line of their own.
func (t textReport) scenarios(r *Report) {
	for _, s := range r.broken() {
		head, rest, _ := strings.Cut(plain.Text(scenarioText(s, s.Facts)), "\n")
		t.line(t.paint("31", head))
		t.line(rest)
	}
}

// scenarioText tells of one scenario that did not pass: the facts, the
// document's lines, expected against actual, and how to repeat it.
func scenarioText(s Scenario, facts []string) string {
	var b strings.Builder
	if s.standsForAll {
		b.WriteString(causeText(s))
	} else {
		fmt.Fprintf(&b, "%s: %s\n", strings.Join(facts, ", "), indented(s.Reason))
		for _, f := range fixtures.Facts() {
			if slices.Contains(facts, f.ID) || s.Outcome == Blocked && f.ID == s.By {
				fmt.Fprintf(&b, "    document: lines %s, %s\n", f.Lines, f.Endpoint)
			}
		}
	}
	fmt.Fprintf(&b, "    scenario: %s (%s)\n", s.Name, s.Feature)
	fmt.Fprintf(&b, "    step:     %s\n", s.Step)
	if request, answer := s.last(); request != "" {
		fmt.Fprintf(&b, "    request:  %s\n    answer:   %s\n", indented(request), indented(answer))
	}
	if f := s.Failure; f != nil {
		fmt.Fprintf(&b, "    expected: %s\n    actual:   %s\n", indented(f.Expected), indented(f.Actual))
		if f.Path != "" {
			fmt.Fprintf(&b, "    path:     %s\n", indented(f.Path))
		}
		for _, also := range f.Further {
			fmt.Fprintf(&b, "    also:     %s\n", indented(also.place()))
		}
	}
	if s.Curl != "" {
		fmt.Fprintf(&b, "    repeat:\n        %s\n", strings.ReplaceAll(strings.TrimSpace(s.Curl), "\n", "\n        "))
	}
	return b.String()
}

// causeText names all facts that one cause keeps from a result.
func causeText(s Scenario) string {
	ids := plain.Wrap(strings.Join(s.Facts, ", "), plain.Width-len("    facts:    "))
	return fmt.Sprintf("%s without a result: %s\n    facts:    %s\n", count(len(s.Facts), "fact"), indented(s.Cause), indented(strings.Join(ids, "\n")))
}

func (t textReport) counts(r *Report) {
	for _, o := range outcomesInOrder {
		if n := r.Count(o); n > 0 {
			t.line(fmt.Sprintf("%6d %s", n, o))
		}
	}
}

// missed counts what a stopped run did not reach: the verdict says why.
func (t textReport) missed(r *Report) {
	n := 0
	for _, f := range r.Facts {
		if r.missed(f) {
			n++
		}
	}
	if n > 0 {
		t.line("not reached: " + count(n, "fact"))
	}
}

// grouped sorts the facts of an outcome by what keeps them from being checked.
func grouped(r *Report, o Outcome, by func(Result) string) (keys []string, ids map[string][]string) {
	ids = map[string][]string{}
	for _, f := range r.Facts {
		if f.Outcome == o {
			ids[by(f)] = append(ids[by(f)], f.Fact.ID)
		}
	}
	keys = slices.SortedFunc(maps.Keys(ids), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(ids[b]), len(ids[a])), cmp.Compare(a, b))
	})
	return keys, ids
}

func (t textReport) blocked(r *Report) {
	keys, ids := grouped(r, Blocked, func(f Result) string { return f.BlockedBy })
	for _, by := range keys {
		t.wrapped(fmt.Sprintf("blocked by %s: %s", by, count(len(ids[by]), "fact")))
	}
}

func (t textReport) deviations(r *Report) {
	for _, f := range r.Facts {
		if f.Deviation != nil {
			t.line(t.paint("33", f.Fact.ID+": "+plain.Line(f.Deviation.excuse(f.Reason))))
		}
	}
	if hides := r.hiding(); hides != "" {
		t.wrapped(hides + ": " + strings.Join(r.hidden(), ", "))
	}
}

func (t textReport) unprovisioned(r *Report) {
	keys, ids := grouped(r, Unprovisioned, func(f Result) string { return f.State })
	for _, state := range keys {
		t.wrapped(fmt.Sprintf("unprovisioned: %s for lack of %q", count(len(ids[state]), "fact"), state))
	}
}

// deselected says why, where it is not that nobody asked.
func (t textReport) deselected(r *Report) {
	keys, ids := grouped(r, Deselected, func(f Result) string { return f.Reason })
	for _, reason := range keys {
		if reason != notSelected {
			t.wrapped(fmt.Sprintf("deselected: %s: %s", count(len(ids[reason]), "fact"), reason))
		}
	}
}

func (t textReport) missing(r *Report) {
	for _, m := range r.Missing {
		t.wrapped(seemsMissing + ": " + m.String())
	}
}

func (t textReport) untestable(r *Report) {
	keys, ids := grouped(r, Untestable, func(f Result) string { return f.Reason })
	for _, reason := range keys {
		t.wrapped(fmt.Sprintf("untestable: %s: %s", count(len(ids[reason]), "fact"), reason))
	}
}

// slowest names the fact whose scenario took longest.
func (t textReport) slowest(r *Report) {
	var id string
	var longest time.Duration
	for _, f := range r.Facts {
		for _, s := range f.Scenarios {
			if s.Duration > longest {
				id, longest = f.Fact.ID, s.Duration
			}
		}
	}
	if id != "" {
		t.line(fmt.Sprintf("slowest: %s, %.1f s", id, longest.Seconds()))
	}
}

func (t textReport) refusals(r *Report) {
	if r.Refusals != "" {
		t.wrapped("refused: " + plain.Line(r.Refusals))
	}
}

func (t textReport) cleanUp(r *Report) {
	c := r.CleanUp
	t.line(fmt.Sprintf("clean-up: %d made, %d removed, %d left behind", c.Made, c.Removed, len(c.LeftBehind)))
	for _, l := range c.LeftBehind {
		t.line("    left behind: " + plain.Text(indented(l)))
	}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// indented keeps a text of several lines apart from the report's own: a target
// must not write a verdict.
func indented(s string) string { return strings.ReplaceAll(s, "\n", "\n              ") }
