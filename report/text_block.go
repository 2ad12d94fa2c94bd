package report

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report/plain"
)

// mostQuoted is how much of the document a failure quotes, in characters.
const mostQuoted = 160

// text tells of a problem as a whole: what is promised and where, what was wanted and
// seen, and how to repeat it.
func (p problem) text() string {
	var b strings.Builder
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(&b, "    %-9s %s\n", name+":", indented(text))
		}
	}
	if p.standsForAll {
		b.WriteString(causeText(p.Scenario))
	} else {
		fmt.Fprintf(&b, "%s: %s\n", strings.Join(p.Facts, ", "), p.Name)
		for _, quoted := range p.quotes() {
			line("document", quoted)
		}
	}
	if !p.standsForAll {
		line(string(p.Outcome), strings.TrimPrefix(p.Reason, "blocked "))
	}
	if request, answer := p.last(); request != "" {
		line("request", request)
		line("answer", answer)
	}
	if f := p.Failure; f != nil {
		isTold := strings.Contains(p.Reason, "is "+f.Actual+", want "+f.Expected)
		if !isTold && !wrongStatus.MatchString(f.Fails) { // by the line above
			line("expected", f.Expected)
			line("actual", f.Actual)
		}
		for _, also := range f.Further {
			line("also", also.place())
		}
	}
	line("so with", p.variants())
	if p.Curl != "" {
		fmt.Fprintf(&b, "    repeat:\n        %s\n", strings.Join(p.commands(), "\n        "))
	}
	return b.String()
}

// commands are the lines of the script, without the comments that say again what was
// expected and seen.
func (p problem) commands() []string {
	lines := strings.Split(strings.TrimSpace(p.Curl), "\n")
	return slices.DeleteFunc(lines, func(line string) bool { return strings.HasPrefix(line, "# ") })
}

// quotes gives what the document says of the facts, of an endpoint each.
func (p problem) quotes() (all []string) {
	document := strings.Split(fixtures.Document(), "\n")
	endpoint := ""
	for _, f := range fixtures.Facts() {
		if !slices.Contains(p.Facts, f.ID) && (p.Outcome != Blocked || f.ID != p.By) {
			continue
		}
		quoted := whereIs(f.Lines) + ": " + onOneLine(quote(document, f.Lines))
		if f.Endpoint == endpoint {
			all[len(all)-1] += "; " + quoted
			continue
		}
		endpoint = f.Endpoint
		all = append(all, endpoint+", "+quoted)
	}
	return all
}

var statusLine = regexp.MustCompile(`^\d{3}$`)

// onOneLine puts lines of the document together, as many characters as are quoted. Of an
// example that is its title and the answer: the request is in what repeats it.
func onOneLine(lines []string) string {
	if i := slices.IndexFunc(lines, statusLine.MatchString); i > 0 {
		lines = append(lines[:1:1], lines[i:]...)
	}
	var parts []string
	for _, line := range lines {
		if line = strings.Trim(line, " /•"); line != "" {
			parts = append(parts, line)
		}
	}
	text := []rune(strings.Join(parts, " | "))
	if len(text) > mostQuoted {
		return string(text[:mostQuoted]) + "…"
	}
	return string(text)
}

// variants are the cells of the further rows that fail alike, where they differ.
func (p problem) variants() string {
	cells := written().cells
	var all []string
	for _, s := range p.alike {
		var differing []string
		for i, cell := range cells[s.ID] {
			if cell != cells[p.ID][i] {
				differing = append(differing, cell)
			}
		}
		all = append(all, strings.Join(differing, " "))
	}
	return strings.Join(all, ", ")
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
