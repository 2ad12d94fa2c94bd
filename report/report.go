package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report/plain"
)

// outcomesInOrder is how counts are listed.
var outcomesInOrder = []Outcome{Passed, Failed, Blocked, Errored, Unprovisioned, Deselected, Untestable}

// Verdict is what a run says of its target.
type Verdict string

// The verdicts.
const (
	Conformant    Verdict = "conformant"
	Partial       Verdict = "partial" // nothing fails, but not everything was checked
	NonConformant Verdict = "non-conformant"
	Inconclusive  Verdict = "inconclusive"
)

// Formats are the reports that can be written to a file, by name.
var Formats = map[string]func(*Report, io.Writer) error{
	"badge":    (*Report).WriteBadge,
	"cucumber": (*Report).WriteCucumber,
	"html":     (*Report).WriteHTML,
	"json":     (*Report).WriteJSON,
	"junit":    (*Report).WriteJUnit,
	"markdown": (*Report).WriteMarkdown,
	"shields":  (*Report).WriteShields,
}

// Report is the result of a run. It holds no API key.
type Report struct {
	Verdict Verdict
	Stopped string // why the run did not get to its end; "" when it did
	Target  string // its URL
	// Embedded tells that nobody's target was checked, but the reference that
	// comes with the suite.
	Embedded bool
	// Insecure tells that the target's certificate was not checked.
	Insecure bool
	// ReadOnly tells that nothing but GET was sent: what takes more was not checked.
	ReadOnly bool
	// Wording is the level by which texts were asserted, "lenient" or "strict"; "" where
	// it was the usual one.
	Wording string
	// What the target says it is.
	Implementation, ImplementationVersion string

	// Watched tells that no run was made, but exchanges of others were looked at; nil
	// for a run.
	Watched *Watched

	Started  time.Time
	Duration time.Duration
	Facts    []Result // each fact of the table once, in the document's order
	Missing  []Missing
	CleanUp  Ledger
	Refusals string // how many requests were one too many for the target, and how fast it takes them; "" where none was
	// Unoffered is how many provider states the states URL was asked for, where it
	// offered none of them: it may be another address.
	Unoffered int

	// Outdated tells, in a line each, which known deviations are none any more, and
	// what to do. They fail a run.
	Outdated []string
	listed   []Deviation // those that still are some

	redact func(string) string
}

// Ledger counts what the scenarios made on the target and what became of it.
type Ledger struct {
	Made       int      // assets and comments
	Removed    int      // by a clean-up or by a scenario itself
	LeftBehind []string // what could not be removed, each with the reason
}

// Missing is an endpoint that seems not to be there. It changes no outcome: what a good
// answer of it is takes a provider state, or is documented nowhere.
type Missing struct {
	Endpoint string `json:"endpoint"` // as documented
	Seen     string `json:"seen"`     // what an existing asset is answered: "404 Not Found, not in JSON"
}

func (m Missing) String() string {
	return m.Endpoint + ": an existing asset is answered " + m.Seen
}

// Redact gives a text about the run, such as the target's own log, without the
// keys that the run knew. A report that was read knows none.
func (r *Report) Redact(text string) string {
	if r.redact == nil {
		return text
	}
	return r.redact(text)
}

// Result is what became of one fact.
type Result struct {
	Fact      fixtures.Fact
	Outcome   Outcome
	Reason    string     // why it did not pass
	BlockedBy string     // the fact that blocks it
	State     string     // the provider state that it lacks
	Deviation *Deviation // the known deviation that its failure is, if it is one
	Scenarios []Scenario // those that check it

	// NewlyBlocked tells that a known deviation blocks it that does not say so.
	NewlyBlocked bool
}

// cause gives what keeps its first scenario without an answer from one, if it is a cause
// that others share.
func (r Result) cause() string {
	for _, s := range r.Scenarios {
		if s.Outcome == r.Outcome {
			return s.Cause
		}
	}
	return ""
}

// Count tells how many facts have an outcome.
func (r *Report) Count(o Outcome) int {
	n := 0
	for _, f := range r.Facts {
		if f.Outcome == o {
			n++
		}
	}
	return n
}

// Failed gives the ids of the facts that the target breaks.
func (r *Report) Failed() []string {
	var ids []string
	for _, f := range r.Facts {
		if f.Outcome == Failed {
			ids = append(ids, f.Fact.ID)
		}
	}
	return ids
}

// Summary is the verdict with the counts, on one line.
func (r *Report) Summary() string { return "verdict: " + plain.Line(r.summary()) }

// summary is the last line of a report.
func (r *Report) summary() string {
	counts := ""
	for _, o := range outcomesInOrder {
		if n := r.Count(o); n > 0 {
			counts += fmt.Sprintf(", %d %s", n, r.called(o))
		}
	}
	why := cmp.Or(r.Stopped, r.seen(), r.knownFailures())
	if r.ReadOnly {
		why = strings.TrimSuffix("read only; "+why, "; ")
	}
	if why != "" {
		why = " (" + why + ")"
	}
	text := fmt.Sprintf("%s%s%s", r.Verdict, why, counts)
	switch n := len(r.Missing); {
	case n == 1:
		text += ", 1 endpoint seems not to be there"
	case n > 1:
		text += fmt.Sprintf(", %d endpoints seem not to be there", n)
	}
	if offers := r.unoffered(); offers != "" {
		text += ", " + offers
	}
	if r.Embedded {
		text += ", of the " + embedded
	}
	for _, how := range r.manner() {
		text += ", " + how
	}
	return text
}

// unoffered tells of a states URL that offers nothing; "" where it does, or was not
// asked.
func (r *Report) unoffered() string {
	switch r.Unoffered {
	case 0:
		return ""
	case 1:
		return "the states URL does not offer the one state that was asked for: is its address right?"
	}
	return fmt.Sprintf("the states URL offers none of the %d states that were asked for: is its address right?", r.Unoffered)
}

// manner gives how the run was otherwise than usual, where that makes its verdict
// another one.
func (r *Report) manner() (all []string) {
	if r.Wording != "" {
		all = append(all, worded(r.Wording))
	}
	if r.Insecure {
		all = append(all, insecure)
	}
	return all
}

func worded(level string) string { return "wording " + level }

// seemsMissing is what reports say of endpoints.
const seemsMissing = "seems not to be there"

// embedded is what reports call the reference that comes with the suite.
const embedded = "embedded reference"

// insecure is what reports say of a run that would have talked to anybody.
const insecure = "certificate not checked"

// target is what reports call what was checked.
func (r *Report) target() string {
	if r.Embedded {
		return embedded
	}
	return r.Target
}

// broken gives each scenario once that failed, other than as a known deviation,
// or that had no answer. Those that a stopped run did not reach are none. Where facts
// are blocked by one that was not asked for, or by a known one that was not known
// to, one scenario shows what is wrong.
func (r *Report) broken() (all []Scenario) {
	seen, blamed := map[appearance]bool{}, map[string]bool{}
	for _, f := range r.Facts {
		for _, s := range f.Scenarios {
			isBlocked := (r.standsIn(s) || f.NewlyBlocked && s.Outcome == Blocked) && !blamed[s.By]
			isBroken := s.Outcome == Failed || s.Outcome == Errored
			if f.Deviation != nil || !isBroken && !isBlocked || seen[s.appearance()] || r.Stopped != "" && !reached(s) {
				continue
			}
			seen[s.appearance()] = true
			if isBlocked {
				blamed[s.By] = true
			}
			all = append(all, s)
		}
	}
	return together(all)
}

// together lets the first scenario stand for all that have no result by the same cause.
func together(all []Scenario) (told []Scenario) {
	first := map[string]int{}
	for _, s := range all {
		i, isTold := first[s.Cause]
		if s.Cause == "" || !isTold {
			first[s.Cause] = len(told)
			told = append(told, s)
			continue
		}
		isNamed := func(id string) bool { return slices.Contains(told[i].Facts, id) }
		further := slices.DeleteFunc(slices.Clone(s.Facts), isNamed)
		told[i].Facts, told[i].standsForAll = slices.Concat(told[i].Facts, further), true
	}
	return told
}

// standsIn tells of a blocked scenario that nothing but itself shows what blocks it,
// since that was not asked for.
func (r *Report) standsIn(s Scenario) bool {
	return s.Outcome == Blocked && slices.ContainsFunc(r.Facts, func(f Result) bool {
		return f.Fact.ID == s.By && f.Outcome == Deselected
	})
}
