package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report/plain"
)

// Check is one thing that must hold of a report.
type Check struct {
	Holds    string   // what must
	Problems []string // where it does not
}

// Verify checks, without asking any target, that a report is whole and agrees with
// itself and with the document, the scenarios and the facts of this suite. It can
// not tell whether the run took place.
func (r *Record) Verify() []Check {
	if r.Watched != nil {
		return []Check{{"it is the report of a run", []string{"it is about exchanges that others made, which nothing but their own record can show"}}}
	}
	return []Check{
		{"the document is the one that this pocketcheck checks", differs(r.Document, documentDigest())},
		{"the scenarios are those of this pocketcheck", differs(r.Features, featuresDigest())},
		{"every fact of the table is there once, and no other", r.miscounted()},
		{"what it says of a fact is what the table says", r.offTheTable()},
		{"only what can't be tested is untestable", r.wronglyUntestable()},
		{"each outcome has what belongs to it", r.wrongOutcomes()},
		{"known deviations are failures, with a reason", r.wrongDeviations()},
		{"the counts are those of the facts", r.wrongCounts()},
		{"the verdict follows from the outcomes", r.wrongVerdict()},
		{"the run can have been so", r.impossible()},
	}
}

// Summary is the verdict and the counts, in a line.
func (r *Record) Summary() string { return plain.Line(r.report().summary()) }

func differs(got, want string) []string {
	if got == want {
		return nil
	}
	return []string{fmt.Sprintf("its SHA-256 is %.70q, here it is %q", got, want), "verify it with the pocketcheck that wrote it"}
}

func (r *Record) miscounted() (problems []string) {
	seen := map[string]int{}
	for _, f := range r.Facts {
		seen[f.ID]++
	}
	for _, f := range fixtures.Facts() {
		if n := seen[f.ID]; n != 1 {
			problems = append(problems, fmt.Sprintf("%s is there %d times", f.ID, n))
		}
		delete(seen, f.ID)
	}
	for _, f := range r.Facts {
		if seen[f.ID] > 0 {
			problems = append(problems, fmt.Sprintf("%.70q is no fact of the table", f.ID))
		}
	}
	if len(problems) == 0 {
		return r.misplaced()
	}
	return problems
}

func table() map[string]fixtures.Fact {
	all := map[string]fixtures.Fact{}
	for _, f := range fixtures.Facts() {
		all[f.ID] = f
	}
	return all
}

func (r *Record) offTheTable() (problems []string) {
	known := table()
	for _, f := range r.Facts {
		want, ok := known[f.ID]
		if !ok {
			continue // it is no fact, which is said already
		}
		for _, part := range []struct{ name, got, want string }{
			{"endpoint", f.Endpoint, want.Endpoint}, {"kind", f.Kind, want.Kind}, {"tier", f.Tier, want.Tier},
			{"lines", f.Lines, want.Lines.String()}, {"assertion", f.Assertion, want.Assertion},
		} {
			if part.got != part.want {
				problems = append(problems, fmt.Sprintf("%s: its %s is %.70q, want %q", f.ID, part.name, part.got, part.want))
			}
		}
	}
	return problems
}

func (r *Record) wronglyUntestable() (problems []string) {
	known := table()
	for _, f := range r.Facts {
		want, is := known[f.ID], f.Outcome == Untestable
		switch {
		case !is && want.Untestable != "":
			problems = append(problems, fmt.Sprintf("%s is %.20q, and can't be tested", f.ID, f.Outcome))
		case is && want.Untestable != f.Reason && (want.Untestable != "" || !slices.Contains(want.Needs, internalFailure)):
			problems = append(problems, fmt.Sprintf("%.70q is untestable for another reason than the table's", f.ID))
		}
	}
	return problems
}

func (r *Record) wrongOutcomes() (problems []string) {
	known, outcomes := table(), map[string]Outcome{}
	for _, f := range r.Facts {
		outcomes[f.ID] = f.Outcome
	}
	for _, f := range r.Facts {
		if problem := f.problem(known[f.ID].Needs, outcomes[f.BlockedBy]); problem != "" {
			problems = append(problems, fmt.Sprintf("%.70q %s", f.ID, problem))
		}
	}
	return append(problems, r.strangers()...)
}

// problem tells what an outcome lacks. needs are the provider states of the fact,
// and by is what became of the fact that blocks it.
func (f jsonFact) problem(needs []string, by Outcome) string {
	switch {
	case !slices.Contains(outcomesInOrder, f.Outcome):
		return fmt.Sprintf("has the outcome %.20q, which there is not", f.Outcome)
	case (f.Outcome == Passed) != (f.Reason == ""):
		return "passed with a reason, or did not without one"
	case f.Outcome == Passed && len(f.Failures) > 0:
		return "passed, with failures"
	case f.Outcome == Failed && len(f.Failures) == 0:
		return "failed, without a failure"
	case (f.Outcome == Blocked) != (f.BlockedBy != ""):
		return "is blocked by nothing, or not blocked by something"
	case f.Anew && f.Outcome != Blocked:
		return "is newly blocked, and not blocked"
	case f.Outcome == Blocked && (f.BlockedBy == f.ID || by == "" || by == Unprovisioned || by == Untestable):
		return fmt.Sprintf("is blocked by %.70q, which did not fail", f.BlockedBy)
	case f.Outcome == Blocked && by == Passed:
		return fmt.Sprintf("is blocked by %.70q, which passed", f.BlockedBy)
	case f.Outcome == Unprovisioned && !slices.Contains(needs, f.State):
		return fmt.Sprintf("lacks the provider state %.70q, which it does not need", f.State)
	}
	return ""
}

func (r *Record) wrongDeviations() (problems []string) {
	for _, f := range r.Facts {
		if f.Deviation == nil {
			continue
		}
		until, err := time.Parse(time.DateOnly, f.Deviation.Until)
		d := Deviation{Fact: f.ID, Reason: f.Deviation.Reason, Until: until}
		switch {
		case f.Outcome != Failed:
			problems = append(problems, fmt.Sprintf("%.70q did not fail", f.ID))
		case strings.TrimSpace(d.Reason) == "":
			problems = append(problems, fmt.Sprintf("%.70q has no reason", f.ID))
		case len(f.Deviation.Fails) > 0 && slices.ContainsFunc(f.ways(), func(w way) bool { return !w.isAmong(f.Deviation.Fails) }):
			problems = append(problems, fmt.Sprintf("%.70q fails in another way than is known", f.ID))
		case err != nil && f.Deviation.Until != "" || d.isOver(r.Started):
			problems = append(problems, fmt.Sprintf("%.70q was accepted until %.20q, which was over", f.ID, f.Deviation.Until))
		}
	}
	return problems
}

func (r *Record) wrongCounts() (problems []string) {
	report := r.report()
	for _, o := range outcomesInOrder {
		if got, want := r.Counts[o], report.Count(o); got != want {
			problems = append(problems, fmt.Sprintf("%s is %d, the facts come to %d", o, got, want))
		}
	}
	for _, o := range slices.Sorted(maps.Keys(r.Counts)) {
		if !slices.Contains(outcomesInOrder, o) {
			problems = append(problems, fmt.Sprintf("%.20q is no outcome", o))
		}
	}
	return problems
}

func (r *Record) wrongVerdict() []string {
	if want := verdictOf(r.report()); r.Verdict != want {
		return []string{fmt.Sprintf("it is %.20q, the facts come to %q", r.Verdict, want)}
	}
	return nil
}

// ahead is how much the clock of who runs a suite may be before that of who verifies.
const ahead = 24 * time.Hour

// impossible tells of what no run comes to.
func (r *Record) impossible() (problems []string) {
	if r.Started.After(time.Now().Add(ahead)) {
		problems = append(problems, "it began at "+r.Started.UTC().Format(time.RFC3339)+", which is not yet")
	}
	if made, removed := r.CleanUp.Made, r.CleanUp.Removed; removed > made {
		problems = append(problems, fmt.Sprintf("it made %d and removed %d", made, removed))
	}
	if !r.ReadOnly {
		return problems
	}
	if made := r.CleanUp.Made; made > 0 {
		problems = append(problems, fmt.Sprintf("it was read only and made %d", made))
	}
	for _, f := range r.Facts {
		if writes := !strings.HasPrefix(f.Endpoint, "GET "); writes && slices.Contains([]Outcome{Passed, Failed, Blocked}, f.Outcome) {
			return append(problems, fmt.Sprintf("it was read only, and %s is %s, of %.70q", f.ID, f.Outcome, f.Endpoint))
		}
	}
	return problems
}
