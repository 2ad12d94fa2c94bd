package pocketcheck

import (
	"net/http"
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
			if _, known := broken[s.By]; !known && s.Failure != nil && !limited(s) {
				// Only this Given shows what is wrong, so it stands for the fact.
				broken[s.By] = true
				given := s
				given.Outcome, given.By = Failed, ""
				byFact[s.By] = append(byFact[s.By], given)
			}
		}
		for _, id := range s.Facts {
			byFact[id] = append(byFact[id], s)
		}
	}
	return byFact
}

// limited tells of a Given that a target was too busy for: that breaks no fact.
func limited(s Scenario) bool { return strings.HasPrefix(s.Failure.Actual, "429 ") }

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

// writers are the facts that something is kept as it was sent, each with the
// facts that read it back through an endpoint of their own. What all of these
// read wrong was written wrong.
var writers = []struct {
	fact    string
	readers []string
}{
	{"assets.create.ok.effect", []string{"assets.get.ok", "history.get.ok", "media.remove.ok"}},
	{"assets.create.any-script.effect", []string{
		"assets.get.any-script.effect", "history.get.any-script.effect", "media.remove.any-script.effect",
	}},
	{"comments.create.ok.effect", []string{
		"comments.get.ok", "comments.list.ok", "comments.update.ok", "comments.delete.ok", "comments.create.any-script.effect",
	}},
	{"comments.create.any-script.effect", []string{"comments.get.any-script.effect", "comments.list.any-script.effect"}},
}

// miswritten names the writer that a fact fails with, itself perhaps; "" where
// none is at fault. An asset that is not kept fails whatever needs one.
func (b brokenFacts) miswritten(own string) string {
	for i, w := range writers {
		needs := w.fact == own || i == 0 && fixtures.EndpointOf(own) != fixtures.EndpointOf(w.fact) || slices.Contains(w.readers, own)
		all := append([]string{w.fact}, w.readers...)
		if needs && !slices.ContainsFunc(all, func(id string) bool { _, ok := b[id]; return !ok }) {
			return w.fact
		}
	}
	return ""
}

// behind names the broken fact that a failed scenario only suffers from; "" if
// there is none.
func (b brokenFacts) behind(s Scenario) string {
	own := s.Facts[0]
	switch writer := b.miswritten(own); writer {
	case "":
	case own:
		return ""
	default:
		return writer
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
// effect of, the good answers of its endpoint and their effect, or what it
// answers to what is not there.
func (b brokenFacts) base(own, base string) string {
	operation, what := base[:strings.LastIndex(base, ".")], base[strings.LastIndex(base, "."):]
	ok := operation + ".ok"
	candidates := []string{base, ok, ok + effect}
	if what == ".deleted-asset" { // it is not there, as one that never was
		candidates = append(candidates, operation+".asset-not-found", operation+".not-found", operation+".err-404")
	}
	endpoint := fixtures.EndpointOf(own)
	for _, f := range fixtures.Facts() {
		if f.Endpoint == endpoint && f.Kind == "example" && f.Status == http.StatusOK && f.Tier == "documented" {
			candidates = append(candidates, f.ID)
		}
	}
	for _, candidate := range candidates {
		if _, broken := b[candidate]; broken && candidate != own {
			return candidate
		}
	}
	if what == ".other-asset" {
		return b.notFound(endpoint)
	}
	return ""
}

// notFound names the fact of an endpoint, if broken, that says how it answers to
// what an asset has not: what another asset has is such a thing.
func (b brokenFacts) notFound(endpoint string) string {
	for _, f := range fixtures.Facts() {
		if f.Endpoint == endpoint && b[f.ID] && strings.HasSuffix(f.ID, "-not-found") && !strings.HasSuffix(f.ID, "asset-not-found") {
			return f.ID
		}
	}
	return ""
}

// instead names a fact of the same endpoint that fails, where the fact that a
// Given relies on does not: the Given may ask in another way than that fact's
// own scenario does.
func (b brokenFacts) instead(by string) string {
	if _, broken := b[by]; broken {
		return by
	}
	endpoint := fixtures.EndpointOf(by)
	for _, f := range fixtures.Facts() {
		if f.Endpoint == endpoint && b[f.ID] {
			return f.ID
		}
	}
	return by
}
