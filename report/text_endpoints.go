package report

import (
	"fmt"
	"slices"
	"strings"
)

// endpointLine is how an endpoint stands.
type endpointLine struct {
	name             string // as documented
	passed, testable int
	mark             string
}

// The marks of endpoints.
const (
	markOK      = "ok"
	markFailed  = "FAILED"
	markAbsent  = "absent" // it seems not to be there
	markErrored = "errored"
	markKnown   = "known"  // it fails in known ways alone
	markPartly  = "partly" // not all was checked
)

var markColour = map[string]string{
	markOK: green, markFailed: red, markAbsent: red, markErrored: red, markKnown: yellow, markPartly: yellow,
}

// endpointLines are those of the endpoints of which a fact was asked for.
func (r *Report) endpointLines() (all []endpointLine) {
	outcomes := map[string]map[Outcome]int{}
	for _, f := range r.Facts {
		name := f.Fact.Endpoint
		if f.Outcome == Untestable || f.Outcome == Deselected {
			continue
		}
		if outcomes[name] == nil {
			outcomes[name] = map[Outcome]int{}
			all = append(all, endpointLine{name: name})
		}
		outcomes[name][f.shownAs()]++
	}
	for i := range all {
		e := &all[i]
		of := outcomes[e.name]
		for _, n := range of {
			e.testable += n
		}
		e.passed = of[Passed]
		e.mark = markOf(of, slices.ContainsFunc(r.Missing, func(m Missing) bool { return m.Endpoint == e.name }))
	}
	return all
}

func markOf(of map[Outcome]int, isAbsent bool) string {
	switch {
	case isAbsent:
		return markAbsent
	case of[Failed] > 0:
		return markFailed
	case of[Errored] > 0:
		return markErrored
	case of[knownDeviation] > 0:
		return markKnown
	case of[Blocked]+of[Unprovisioned] > 0:
		return markPartly
	}
	return markOK
}

// endpoints prints the table of endpoints.
func (t textReport) endpoints(r *Report) {
	lines := r.endpointLines()
	name, counted := len("ENDPOINT"), len("PASSED")
	for i, e := range lines {
		method, path, _ := strings.Cut(e.name, " ")
		lines[i].name = fmt.Sprintf("%-6s %s", method, path)
		name = max(name, len(lines[i].name))
		counted = max(counted, len(e.count()))
	}
	if len(lines) == 0 {
		return
	}
	t.line(fmt.Sprintf("%-*s  %*s", name, "ENDPOINT", counted, "PASSED"))
	for _, e := range lines {
		t.line(fmt.Sprintf("%-*s  %*s  ", name, e.name, counted, e.count()) + t.paint(markColour[e.mark], e.mark))
	}
}

func (e endpointLine) count() string { return fmt.Sprintf("%d of %d", e.passed, e.testable) }
