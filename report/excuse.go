package report

import (
	"fmt"
	"slices"
	"time"

	"github.com/pocketcheck/pocketcheck/report/plain"
)

// Account tells of a fact what a test that stands for it says: why it fails, why it
// is skipped, or "" where it passed. What a stopped run did not reach is skipped: the
// test of the run is to fail for what stopped it.
func (r *Report) Account(id string) (text string, fails bool) {
	i := slices.IndexFunc(r.Facts, func(f Result) bool { return f.Fact.ID == id })
	if i < 0 {
		return "there is no such fact: " + id, true
	}
	f := r.Facts[i]
	known := r.accepted(f)
	switch {
	case f.Outcome == Passed:
		return "", false
	case f.Outcome == Unprovisioned || f.Outcome == Untestable:
		return fmt.Sprintf("%s: %s", f.Outcome, plain.Text(f.Reason)), false
	case r.missed(f):
		return "not reached", false
	case known != nil:
		return plain.Text(known.excuse(f.Reason)), false
	}
	return fmt.Sprintf("%s: %s\n%s", f.Outcome, plain.Text(f.Reason), details(f)), true
}

// accepted gives the known deviation that a fact fails with, or that it is known to
// be blocked by; nil if its outcome is no such thing.
func (r *Report) accepted(f Result) *Deviation {
	if f.NewlyBlocked {
		return nil
	}
	return r.root(f).Deviation
}

// blockedAnew tells how many facts known deviations block that they were not known
// to block.
func (r *Report) blockedAnew() (n int) {
	for _, f := range r.Facts {
		if f.NewlyBlocked {
			n++
		}
	}
	return n
}

// hidden gives the facts that known deviations keep from being checked.
func (r *Report) hidden() (ids []string) {
	for _, f := range r.Facts {
		if f.Outcome == Blocked && r.accepted(f) != nil {
			ids = append(ids, f.Fact.ID)
		}
	}
	return ids
}

// hiding says how many there are, in words; "" where there is none.
func (r *Report) hiding() string {
	if n := len(r.hidden()); n > 0 {
		return count(n, "fact") + " not checked, because of known deviations"
	}
	return ""
}

// excused gives the known deviation that a scenario shows; nil if one of its
// facts shows anything else.
func (r *Report) excused(s Scenario) (known *Deviation) {
	for _, f := range r.Facts {
		if !slices.Contains(s.Facts, f.Fact.ID) || len(f.Scenarios) == 0 {
			continue
		}
		if known = r.accepted(f); known == nil {
			return nil
		}
	}
	return known
}

// excuse says of what did not pass that it is known.
func (d *Deviation) excuse(reason string) string {
	text := "known deviation: " + d.Reason
	if !d.Until.IsZero() {
		text += " (until " + d.Until.Format(time.DateOnly) + ")"
	}
	return text + ": " + reason
}
