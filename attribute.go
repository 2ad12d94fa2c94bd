package pocketcheck

import (
	"maps"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck/fixtures"
)

// effect is how the id of a fact ends that was derived from another.
const effect = ".effect"

// attribute sorts the scenarios by fact and reports each broken endpoint once:
// what fails only since something else fails is blocked by that.
func attribute(scenarios []Scenario) map[string][]Scenario {
	broken := brokenOf(scenarios)
	byFact := map[string][]Scenario{}
	for _, s := range scenarios {
		switch s.Outcome {
		case Failed:
			if by := broken.behind(s); by != "" {
				s.Outcome, s.By = Blocked, by
				s.Reason = "blocked by " + by + ": " + s.Reason
			}
		case Blocked:
			s.By = broken.instead(s.By)
		}
		for _, id := range s.Facts {
			byFact[id] = append(byFact[id], s)
		}
	}
	return byFact
}

// brokenFacts are those that a scenario failed, by id: true where it did not do
// so through a read-back alone.
type brokenFacts map[string]bool

func brokenOf(scenarios []Scenario) brokenFacts {
	broken := brokenFacts{}
	for _, s := range scenarios {
		if s.Outcome != Failed {
			continue
		}
		for _, id := range s.Facts {
			broken[id] = broken[id] || len(s.Failure.Through) == 0
		}
	}
	return broken
}

// readers are the facts that read back, each through an endpoint of its own,
// what a writer's fact says is kept.
var readers = map[string][]string{
	"comments.create.any-script.effect": {"comments.get.any-script.effect", "comments.list.any-script.effect"},
	"assets.create.any-script.effect": {
		"assets.get.any-script.effect", "history.get.any-script.effect", "media.remove.any-script.effect",
	},
}

// misread tells whether all readers of a writer fail with it: what several
// endpoints read wrong was written wrong.
func (b brokenFacts) misread(writer string) bool {
	all := append([]string{writer}, readers[writer]...)
	return len(all) > 1 && !slices.ContainsFunc(all, func(id string) bool { _, ok := b[id]; return !ok })
}

// behind names the broken fact that a failed scenario only suffers from; "" if
// there is none.
func (b brokenFacts) behind(s Scenario) string {
	own := s.Facts[0]
	if b.misread(own) {
		return ""
	}
	for _, writer := range slices.Sorted(maps.Keys(readers)) {
		if slices.Contains(readers[writer], own) && b.misread(writer) {
			return writer
		}
	}
	for _, through := range s.Failure.Through {
		if b[through] {
			return through
		}
	}
	if base, isEffect := strings.CutSuffix(own, effect); isEffect {
		return b.base(own, base)
	}
	return ""
}

// base names the broken fact that an effect stands on: the one that it is an
// effect of, the good answer of its endpoint and its effect, or what else the
// document says of the endpoint.
func (b brokenFacts) base(own, base string) string {
	ok := base[:strings.LastIndex(base, ".")] + ".ok"
	for _, candidate := range []string{base, ok, ok + effect} {
		if _, broken := b[candidate]; broken && candidate != own {
			return candidate
		}
	}
	return b.documented(endpointOf(own))
}

// documented names the first fact in the table that fails of itself and that the
// document states of an endpoint; "" if there is none.
func (b brokenFacts) documented(endpoint string) string {
	for _, f := range fixtures.Facts() {
		if f.Endpoint == endpoint && b[f.ID] && !strings.HasSuffix(f.ID, effect) {
			return f.ID
		}
	}
	return ""
}

// instead names a fact of the same endpoint that fails, where the fact that a
// Given relies on does not: the Given may ask in another way than that fact's
// own scenario does.
func (b brokenFacts) instead(by string) string {
	if b[by] {
		return by
	}
	endpoint := endpointOf(by)
	for _, f := range fixtures.Facts() {
		if f.Endpoint == endpoint && b[f.ID] {
			return f.ID
		}
	}
	return by
}

func endpointOf(id string) string {
	for _, f := range fixtures.Facts() {
		if f.ID == id {
			return f.Endpoint
		}
	}
	return ""
}
