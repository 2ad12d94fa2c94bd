package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/report/plain"
)

// Account is what a test that stands for a fact says: why it fails, or why it is
// skipped; no text where it passed.
type Account struct {
	Text  string
	Fails bool
}

// Accounts gives that of each fact, by id. What a stopped run did not reach is skipped:
// the test of the run is to fail for what stopped it. So is what is blocked by a fact
// whose own test fails. whole is how many failures are told with all that belongs to
// them, each at its first fact; the others have a line.
func (r *Report) Accounts(whole int) map[string]Account {
	causes := r.causes()
	untold := inTurn(causes)[:min(whole, len(causes))]
	accounts, told := map[string]Account{}, map[string]string{} // at which fact each text is
	for _, f := range r.Facts {
		text, fails := r.account(f)
		isOf := func(p problem) bool { return slices.Contains(p.Facts, f.Fact.ID) }
		i := slices.IndexFunc(untold, isOf)
		first, isTold := told[text]
		switch {
		case fails && isTold:
			text = "the same as " + first
		case fails && i >= 0:
			told[text] = f.Fact.ID
			text = strings.TrimSpace(plain.Text(untold[i].text()))
			untold = slices.Delete(slices.Clone(untold), i, i+1)
		default:
			told[text] = f.Fact.ID
		}
		accounts[f.Fact.ID] = Account{text, fails}
	}
	return accounts
}

func (r *Report) account(f Result) (text string, fails bool) {
	known, root := r.accepted(f), r.root(f)
	switch {
	case f.Outcome == Passed:
		return "", false
	case f.Outcome == Deselected:
		return "deselected", false
	case f.Outcome == Unprovisioned || f.Outcome == Untestable:
		return fmt.Sprintf("%s: %s", f.Outcome, plain.Text(f.Reason)), false
	case r.missed(f):
		return "not reached", false
	case known != nil:
		return plain.Text(known.excuse(f.Reason)), false
	}
	return fmt.Sprintf("%s: %s", f.Outcome, plain.Line(f.Reason)), f.Outcome != Blocked || root.Outcome != Failed || f.NewlyBlocked
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
