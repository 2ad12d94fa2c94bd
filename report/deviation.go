package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report/plain"
)

// Deviation is a failure of a target that is known: listed, with a reason.
type Deviation struct {
	Fact   string    // the id, with globs
	Reason string    // why it is accepted
	Until  time.Time // the last day on which it is, in UTC; zero: no end
}

// Check returns an error where no fact that can fail is named, or no reason is
// given.
func (d Deviation) Check() error {
	switch {
	case !slices.ContainsFunc(fixtures.Facts(), d.covers):
		return fmt.Errorf("no testable fact is called %q; \"pocketcheck facts\" lists them", d.Fact)
	case strings.TrimSpace(d.Reason) == "":
		return fmt.Errorf("%s has no reason; say why its failure is accepted", d.Fact)
	}
	return nil
}

func (d Deviation) covers(f fixtures.Fact) bool {
	ok, err := path.Match(d.Fact, f.ID)
	return err == nil && ok && f.Untestable == ""
}

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

// accept marks the failures that are listed, and notes what is wrong with the
// list: a fact that was not checked, or is blocked, says nothing of it.
func (r *Report) accept(list []Deviation) {
	for _, d := range list {
		passes, fails := true, false
		for i := range r.Facts {
			f := &r.Facts[i]
			if !d.covers(f.Fact) {
				continue
			}
			passes = passes && f.Outcome == Passed
			fails = fails || f.Outcome == Failed
			if f.Outcome == Failed && f.Deviation == nil && !d.isOver(r.Started) {
				f.Deviation = &d
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

// BesideDeviations gives the verdict that the report would have without its known
// deviations and what they block: conformant where nothing else is wrong.
func (r *Report) BesideDeviations() Verdict {
	rest := Report{Stopped: r.Stopped}
	for _, f := range r.Facts {
		if r.accepted(f) == nil {
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

// knownFailures tells the failures that are listed from the others, in words.
func (r *Report) knownFailures() string {
	known := r.known()
	text := count(known, "known deviation")
	switch others := r.Count(Failed) - known; {
	case known == 0:
		return ""
	case others > 0:
		text += ", " + count(others, "new failure")
	}
	return text
}

// WriteDeviations writes the list of deviations that the report calls for, as
// YAML: those of the run that still are some, and every other failure, without
// the reason that a person must give before the list is accepted.
func (r *Report) WriteDeviations(w io.Writer) error {
	all := slices.Clone(r.listed)
	for _, f := range r.Facts {
		covered := func(d Deviation) bool { return d.covers(f.Fact) }
		if f.Outcome == Failed && !slices.ContainsFunc(r.listed, covered) {
			all = append(all, Deviation{Fact: f.Fact.ID})
		}
	}
	slices.SortFunc(all, func(a, b Deviation) int { return strings.Compare(a.Fact, b.Fact) })
	var b bytes.Buffer
	b.WriteString("# Known deviations. Each needs a reason; it may have a last day:\n#   until: 2026-12-31\n")
	for _, d := range all {
		r.writeDeviation(&b, d)
	}
	_, err := b.WriteTo(w)
	return err
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
