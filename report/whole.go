package report

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report/plain"
)

// verdicts are those that there are.
var verdicts = []Verdict{Conformant, Partial, NonConformant, Inconclusive}

// Whole returns an error where a report can't be compared with another, since it is not all
// that a run wrote: it has a verdict or an outcome that there is not, a fact twice, or not
// as many as it counts. One of the document and the scenarios of this suite has the facts
// of its table, in their order, no scenario that is none of theirs, the verdict that
// follows, and nothing that no run comes to.
func (r *Record) Whole() error {
	seen := map[string]bool{}
	for _, f := range r.Facts {
		switch {
		case seen[f.ID]:
			return fmt.Errorf("the fact %q is there twice", cut(f.ID))
		case !slices.Contains(outcomesInOrder, f.Outcome):
			return fmt.Errorf("the fact %q has the outcome %q, which there is not", cut(f.ID), cut(string(f.Outcome)))
		}
		seen[f.ID] = true
	}
	if !slices.Contains(verdicts, r.Verdict) {
		return fmt.Errorf("there is no verdict %q", cut(string(r.Verdict)))
	}
	problems := r.wrongCounts()
	if r.isOwn() {
		problems = slices.Concat(r.miscounted(), r.strangers(), problems, r.wrongVerdict(), r.impossible())
	}
	if len(problems) > 0 {
		return errors.New(plain.Line(problems[0]))
	}
	return nil
}

func cut(text string) string { return plain.Line(fmt.Sprintf("%.70s", text)) }

// isOwn tells of a report of the document and the scenarios that this suite has.
func (r *Record) isOwn() bool {
	return r.Document == documentDigest() && r.Features == featuresDigest()
}

// misplaced tells of facts that are all there, and in another order than the table's.
func (r *Record) misplaced() (problems []string) {
	for i, f := range fixtures.Facts() {
		if got := r.Facts[i].ID; got != f.ID {
			return []string{fmt.Sprintf("the facts are in another order: %.70q is where %s should be", got, f.ID)}
		}
	}
	return nil
}

// scenarioNames are the scenarios of each fact, by what they are called and where they are.
var scenarioNames = sync.OnceValue(func() map[string]map[[2]string]bool {
	all := map[string]map[[2]string]bool{}
	for _, file := range featureNames() {
		for _, p := range sourceOf(file).scenarios {
			for _, tag := range p.Tags {
				fact := tag.Name[1:]
				if all[fact] == nil {
					all[fact] = map[[2]string]bool{}
				}
				all[fact][[2]string{file, p.Name}] = true
			}
		}
	}
	return all
})

// strangers are failures of scenarios that no feature has for their fact, nor for one that
// it blocks: where a run came no further than such a one, its Given shows what is wrong.
func (r *Record) strangers() (problems []string) {
	if r.Features != featuresDigest() {
		return nil // nobody knows which there were
	}
	for _, f := range r.Facts {
		for _, failure := range f.Failures {
			scenario := [2]string{failure.Feature, failure.Scenario}
			isOfAnother := slices.ContainsFunc(r.Facts, func(other jsonFact) bool {
				return other.BlockedBy == f.ID && scenarioNames()[other.ID][scenario]
			})
			if !scenarioNames()[f.ID][scenario] && !isOfAnother {
				problems = append(problems, fmt.Sprintf("%.70q fails in %.70q of %.70q, which is no scenario of it", f.ID, failure.Scenario, failure.Feature))
			}
		}
	}
	return problems
}
