package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report/plain"
)

// Deviation is a failure of a target that is known: listed, with a reason. One that
// says how it fails also says what it blocks, or blocks nothing.
type Deviation struct {
	Fact   string    // the id, with globs
	Reason string    // why it is accepted
	Until  time.Time // the last day on which it is, in UTC; zero: no end
	Fails  []string  // how its scenarios fail (see [Failure]); empty: in whatever way
	Blocks []string  // the ids, with globs, of facts that can't be checked because of it
}

// Check returns an error where no fact that can fail is named, or no reason is
// given.
func (d Deviation) Check() error {
	switch {
	case !slices.ContainsFunc(fixtures.Facts(), d.covers):
		return fmt.Errorf("no testable fact is called %q; %s", d.Fact, meant(d.Fact))
	case strings.TrimSpace(d.Reason) == "":
		return fmt.Errorf("%s has no reason; say why its failure is accepted", d.Fact)
	}
	for _, pattern := range d.Blocks {
		if !slices.ContainsFunc(fixtures.Facts(), func(f fixtures.Fact) bool { return names(pattern, f) }) {
			return fmt.Errorf("%s blocks %q, and no testable fact is called that; %s", d.Fact, pattern, meant(pattern))
		}
	}
	return nil
}

func meant(fact string) string {
	return fixtures.Meant(fact, `"pocketcheck facts" lists them`, fixtures.Testable()...)
}

func (d Deviation) covers(f fixtures.Fact) bool { return names(d.Fact, f) }

func (d Deviation) isOver(now time.Time) bool {
	year, month, day := d.Until.Date()
	return !d.Until.IsZero() && !now.Before(time.Date(year, month, day+1, 0, 0, 0, 0, time.UTC))
}

// CheckDeviations returns an error where one of a list is wrong or is there twice.
func CheckDeviations(list []Deviation) error {
	seen := map[string]bool{}
	for _, d := range list {
		if err := d.Check(); err != nil {
			return err
		}
		if seen[d.Fact] {
			return fmt.Errorf("the deviation %q is listed twice", d.Fact)
		}
		seen[d.Fact] = true
	}
	return nil
}

// Covered tells how many of the testable facts a list names.
func Covered(list []Deviation) (covered, of int) {
	for _, f := range fixtures.Facts() {
		if f.Untestable != "" {
			continue
		}
		of++
		if slices.ContainsFunc(list, func(d Deviation) bool { return d.covers(f) }) {
			covered++
		}
	}
	return covered, of
}

// accept marks the failures that are listed, and notes what is wrong with the
// list: a fact that was not checked, or is blocked, says nothing of it.
func (r *Report) accept(list []Deviation) {
	for i := range r.Facts {
		if f := &r.Facts[i]; f.Outcome == Failed {
			f.Deviation = f.among(list, r.Started)
			if d := f.differing(list); d != nil {
				r.Outdated = append(r.Outdated, plain.Line(fmt.Sprintf("%s fails in another way than is known: %s; known is: %s",
					f.Fact.ID, strings.Join(f.fails(), "; "), strings.Join(d.Fails, "; "))))
			}
		}
	}
	r.surprise(list)
	for _, d := range list {
		passes, fails := true, false
		for _, f := range r.Facts {
			if d.covers(f.Fact) {
				passes, fails = passes && f.Outcome == Passed, fails || f.Outcome == Failed
			}
		}
		switch {
		case passes:
			r.Outdated = append(r.Outdated, fmt.Sprintf("%s passes; remove it from the known deviations", d.Fact))
			continue
		case fails && d.isOver(r.Started):
			r.Outdated = append(r.Outdated, fmt.Sprintf("%s fails, and its last day was %s; mend the target or renew the date",
				d.Fact, d.Until.Format(time.DateOnly)))
		}
		r.listed = append(r.listed, d)
	}
}

// among gives the first of a list that the fact's failure is; nil if none.
func (f Result) among(list []Deviation, now time.Time) *Deviation {
	i := slices.IndexFunc(list, func(d Deviation) bool { return d.covers(f.Fact) && d.takes(f) && !d.isOver(now) })
	if i < 0 {
		return nil
	}
	return &list[i]
}

// differing gives the first of a list that names the fact, where it fails in
// another way than any of them says; nil if it does not.
func (f Result) differing(list []Deviation) *Deviation {
	var first *Deviation
	for i, d := range list {
		if !d.covers(f.Fact) {
			continue
		}
		if d.takes(f) {
			return nil
		}
		if first == nil {
			first = &list[i]
		}
	}
	return first
}

// takes tells whether the scenarios of a fact fail as is listed.
func (d Deviation) takes(f Result) bool {
	isOther := func(w way) bool { return !w.isAmong(d.Fails) }
	return len(d.Fails) == 0 || !slices.ContainsFunc(f.ways(), isOther)
}

// BesideDeviations gives the verdict that the report would have without its known
// deviations and what they are known to block: conformant where nothing else is
// wrong. What they block anew counts as a failure.
func (r *Report) BesideDeviations() Verdict {
	rest := Report{Stopped: r.Stopped}
	for _, f := range r.Facts {
		if r.accepted(f) == nil {
			if f.NewlyBlocked {
				f.Outcome = Failed
			}
			rest.Facts = append(rest.Facts, f)
		}
	}
	return verdictOf(&rest)
}

// known tells how many failures are listed.
func (r *Report) known() int {
	n := 0
	for _, f := range r.Facts {
		if f.Deviation != nil {
			n++
		}
	}
	return n
}

// knownFailures tells the failures that are listed from the others, in words, and
// what they hide.
func (r *Report) knownFailures() string {
	known := r.known()
	if known == 0 {
		return ""
	}
	parts := []string{count(known, "known deviation")}
	if others := r.Count(Failed) - known; others > 0 {
		parts = append(parts, count(others, "new failure"))
	}
	if anew := r.blockedAnew(); anew > 0 {
		parts = append(parts, count(anew, "fact")+" newly blocked")
	}
	if hides := r.hiding(); hides != "" {
		parts = append(parts, hides)
	}
	return strings.Join(parts, ", ")
}

// WriteDeviations writes the list of deviations that the report calls for, as
// YAML: those of the run that still are some, and every other failure, how it
// fails, and what it blocks. What is new there has reason; where that is "", a person must give one
// before the list is accepted.
func (r *Report) WriteDeviations(w io.Writer, reason string) error {
	all, _ := r.Deviations(reason)
	var b bytes.Buffer
	b.WriteString("# Known deviations. Each needs a reason; it may have a last day:\n#   until: 2026-12-31\n")
	for _, d := range all {
		r.writeDeviation(&b, d)
	}
	_, err := b.WriteTo(w)
	return err
}

// Deviations gives the list that [Report.WriteDeviations] writes, and how many of it
// are new.
func (r *Report) Deviations(reason string) (all []Deviation, added int) {
	isNew := func(f Result) bool {
		covered := func(d Deviation) bool { return d.covers(f.Fact) }
		return f.Outcome == Failed && (f.differing(r.listed) != nil || !slices.ContainsFunc(r.listed, covered))
	}
	for _, f := range r.Facts {
		if isNew(f) {
			all = append(all, Deviation{Fact: f.Fact.ID, Reason: reason, Fails: f.fails(), Blocks: r.blockedBy(f.Fact.ID)})
		}
	}
	added = len(all)
	for _, d := range r.listed {
		if !slices.ContainsFunc(all, func(other Deviation) bool { return other.Fact == d.Fact }) {
			all = append(all, r.renewed(d))
		}
	}
	slices.SortFunc(all, func(a, b Deviation) int { return strings.Compare(a.Fact, b.Fact) })
	return all, added
}

func (r *Report) writeDeviation(b *bytes.Buffer, d Deviation) {
	b.WriteString("\n")
	for _, f := range r.Facts {
		if f.Outcome == Failed && d.covers(f.Fact) {
			fmt.Fprintf(b, "# %s\n", plain.Line(f.Reason))
		}
	}
	fact := d.Fact
	if strings.ContainsAny(fact, `*?[\`) {
		fact = inYAML(fact)
	}
	fmt.Fprintf(b, "- fact: %s\n  reason: %s", fact, inYAML(d.Reason))
	switch len(d.Fails) {
	case 0:
	case 1:
		b.WriteString("\n  fails: " + inYAML(plain.Line(d.Fails[0])))
	default:
		b.WriteString("\n  fails:")
		for _, fails := range d.Fails {
			b.WriteString("\n    - " + inYAML(plain.Line(fails)))
		}
	}
	writeBlocks(b, d.Blocks)
	if !d.Until.IsZero() {
		b.WriteString("\n  until: " + d.Until.Format(time.DateOnly))
	}
	b.WriteString("\n")
}

// inYAML writes a text as JSON does, which YAML reads as well.
func inYAML(text string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // a string always encodes
	return strings.TrimSuffix(b.String(), "\n")
}
