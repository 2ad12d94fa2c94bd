//go:build unix

package performance

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// scenario is requests that need nothing of others.
type scenario struct {
	first int // the number of the ids that were given before
	sent  []sent
}

// scenariosOf puts together what belongs together: from the request that gives an id to
// the last that has it. What comes after the last write only looks whether all is gone,
// and belongs to all.
func scenariosOf(all []sent) (scenarios []scenario) {
	for len(all) > 0 && all[len(all)-1].Method == http.MethodGet {
		all = all[:len(all)-1]
	}
	last, ids := map[int]int{}, 0
	for i, s := range all {
		for _, p := range slices.Concat(s.Path, s.Body) {
			last[p.ID] = i
		}
	}
	now, until, before := scenario{}, 0, 0
	for i, s := range all {
		now.sent = append(now.sent, s)
		if s.Gives {
			ids++
			until = max(until, last[ids])
		}
		if i >= until {
			now.first, before = before, ids
			scenarios, now = append(scenarios, now), scenario{}
		}
	}
	return scenarios
}

// hurlOf writes a scenario as hurl has it.
func hurlOf(of scenario) string {
	var b strings.Builder
	names := make([]string, of.first, of.first+len(of.sent))
	for _, s := range of.sent {
		fmt.Fprintf(&b, "%s {{host}}%s\n", s.Method, join(s.Path, names))
		for _, name := range slices.Sorted(maps.Keys(s.Header)) {
			fmt.Fprintf(&b, "%s: %s\n", name, s.Header.Get(name))
		}
		if body := join(s.Body, names); body != "" {
			fmt.Fprintf(&b, "```\n%s\n```\n", body)
		}
		fmt.Fprintf(&b, "HTTP %d\n", s.Status)
		if id := fmt.Sprintf("id%d", len(names)+1); s.Gives && strings.Contains(s.Answer, "$.asset.id\n") {
			names = append(names, "{{"+id+"}}")
			fmt.Fprintf(&b, "[Captures]\n%s: jsonpath \"$.asset.id\"\n", id)
		} else if s.Gives {
			names = append(names, "") // as for the loop: whose key it was is gone
		}
		b.WriteString("[Asserts]\n")
		for path := range strings.FieldsSeq(s.Answer) {
			fmt.Fprintf(&b, "jsonpath %q exists\n", path)
		}
		b.WriteString("\n")
	}
	return b.String()
}
