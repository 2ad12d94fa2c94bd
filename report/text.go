package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck/report/plain"
)

// TextOptions say how a report is written for a person.
type TextOptions struct {
	Colour   bool     // with the escapes of ANSI
	Width    int      // of a terminal, in characters; 0 for lines that are not cut
	Failures int      // how many are told whole; 0 for none, AllFailures for all
	Written  []string // the files in which the rest is to be found
}

// AllFailures lets a text tell each failure whole.
const AllFailures = -1

// WriteText writes the report for a person: how each endpoint stands, the failures in a
// line each and some of them whole, what was not checked and why, what the clean-up left,
// and the verdict on the last line. No control character of the target gets through.
func (r *Report) WriteText(w io.Writer, o TextOptions) error {
	b := bufio.NewWriter(w)
	t := textReport{b, o}
	if r.nothingReached() {
		t.verdict(r)
		return b.Flush()
	}
	t.endpoints(r)
	t.failures(r)
	t.absent(r)
	t.deviations(r)
	t.blocked(r)
	t.missed(r)
	t.unprovisioned(r)
	t.deselected(r)
	t.untestable(r)
	t.refusals(r)
	t.cleanUp(r)
	t.verdict(r)
	return b.Flush()
}

// WriteVerdict writes the last line of [Report.WriteText] alone.
func (r *Report) WriteVerdict(w io.Writer, colour bool) error {
	b := bufio.NewWriter(w)
	textReport{b, TextOptions{Colour: colour}}.verdict(r)
	return b.Flush()
}

func (t textReport) verdict(r *Report) {
	t.line(t.paint(verdictColour[r.Verdict], r.Summary()))
}

const (
	red    = "31"
	green  = "32"
	yellow = "33"
)

var verdictColour = map[Verdict]string{
	Conformant: green, Partial: yellow, NonConformant: red, Inconclusive: yellow,
}

type textReport struct {
	w *bufio.Writer
	TextOptions
}

func (t textReport) line(s string) { _, _ = t.w.WriteString(s + "\n") } // Flush reports the error

// wrapped prints a text on as many lines as it takes, the later ones indented.
func (t textReport) wrapped(s string) {
	width := cmp.Or(t.Width, plain.Width)
	lines := plain.Wrap(s, width)
	t.line(lines[0])
	for _, line := range plain.Wrap(strings.Join(lines[1:], " "), width-4) {
		t.line("    " + line)
	}
}

func (t textReport) paint(code, s string) string {
	if !t.Colour {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
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

// blocked tells how many facts each of those to blame keeps from being checked.
func (t textReport) blocked(r *Report) {
	keys, ids := grouped(r, Blocked, func(f Result) string { return f.BlockedBy })
	t.grouped("blocked by ", keys, ids, mostBlamed)
}

func (t textReport) unprovisioned(r *Report) {
	keys, ids := grouped(r, Unprovisioned, func(f Result) string { return f.State })
	t.grouped("unprovisioned for lack of ", keys, ids, len(keys))
}

// mostBlamed is how many of those to blame are told by name: all are failures, told above.
const mostBlamed = 3

// grouped gives facts by what keeps them from a result, in one text that names so many.
func (t textReport) grouped(why string, keys []string, ids map[string][]string, most int) {
	var parts []string
	all := 0
	for i, key := range keys {
		all += len(ids[key])
		if i >= most && len(keys) > most+1 {
			continue
		}
		part := key
		if len(keys) > 1 {
			part = fmt.Sprintf("%s (%d)", key, len(ids[key]))
		}
		parts = append(parts, part)
	}
	if more := len(keys) - len(parts); more > 0 {
		parts = append(parts, fmt.Sprintf("%d others", more))
	}
	if all > 0 {
		t.wrapped(count(all, "fact") + " " + why + strings.Join(parts, ", "))
	}
}

// absent says why endpoints are marked so.
func (t textReport) absent(r *Report) {
	var why []string
	of := map[string]int{}
	for _, m := range r.Missing {
		if of[m.Seen]++; of[m.Seen] == 1 {
			why = append(why, m.Seen)
		}
	}
	for _, seen := range why {
		t.wrapped(plain.Line(fmt.Sprintf("%s absent, apart from those marked FAILED: an existing asset is answered %s", count(of[seen], "endpoint"), seen)))
	}
}

// deviations tells of what is known to fail, once of all facts that fail alike for one
// reason.
func (t textReport) deviations(r *Report) {
	var excuses []string
	ids := map[string][]string{}
	for _, f := range r.Facts {
		if f.Deviation == nil {
			continue
		}
		excuse := plain.Line(f.Deviation.excuse(f.briefly()))
		if ids[excuse] == nil {
			excuses = append(excuses, excuse)
		}
		ids[excuse] = append(ids[excuse], f.Fact.ID)
	}
	for _, excuse := range excuses {
		head := ids[excuse][0]
		if more := len(ids[excuse]) - 1; more > 0 {
			head += fmt.Sprintf(" and %d more", more)
		}
		t.line(t.paint(yellow, head+": "+excuse))
	}
	if hides := r.hiding(); hides != "" {
		t.wrapped(hides + ": " + strings.Join(r.hidden(), ", "))
	}
}

// briefly says how a fact fails, without the addresses and ids that a line on one that is
// known needs no more.
func (f Result) briefly() string {
	for _, s := range f.Scenarios {
		if s.Outcome == f.Outcome && s.Failure != nil && s.Failure.Fails != "" {
			return s.Failure.Fails
		}
	}
	return f.Reason
}

// deselected says why, where it is not that nobody asked.
func (t textReport) deselected(r *Report) {
	keys, ids := grouped(r, Deselected, func(f Result) string { return f.Reason })
	for _, reason := range keys {
		if reason != notSelected && reason != notSeen {
			t.wrapped(fmt.Sprintf("deselected: %s: %s", count(len(ids[reason]), "fact"), reason))
		}
	}
}

// untestable counts what no request can show, where everything was asked for.
func (t textReport) untestable(r *Report) {
	isLeftOut := func(f Result) bool { return f.Outcome == Deselected && f.Reason == notSelected }
	if slices.ContainsFunc(r.Facts, isLeftOut) {
		return
	}
	keys, ids := grouped(r, Untestable, func(f Result) string {
		if f.Fact.Untestable != "" {
			return "pocketcheck facts --untestable lists them"
		}
		return f.Reason // the target's
	})
	for _, why := range keys {
		t.wrapped(count(len(ids[why]), "fact") + " untestable: " + why)
	}
}

func (t textReport) refusals(r *Report) {
	if r.Refusals != "" {
		t.wrapped("refused: " + plain.Line(r.Refusals))
	}
}

func (t textReport) cleanUp(r *Report) {
	if r.Watched != nil {
		t.line(r.met())
		return
	}
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
