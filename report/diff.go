package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/report/plain"
)

// Changes are what became different from one report to a later one.
type Changes struct {
	Regression bool      `json:"regression"`
	Old        RunOf     `json:"old"`
	New        RunOf     `json:"new"`
	Warnings   []string  `json:"warnings"` // why a difference may be none of the target's
	Broken     []Changed `json:"broken"`   // passed, and failed, was blocked or errored now
	Mended     []Changed `json:"mended"`
	Untested   []Changed `json:"newly_untested"` // passed or failed, and was not checked now
	Tested     []Changed `json:"newly_tested"`
	Failures   []Changed `json:"failures_changed"`  // failed, and fails now in another way
	Others     []Changed `json:"otherwise_changed"` // fails or is untested as before, in another way
	Added      []Changed `json:"added"`             // facts that only the later table has
	Gone       []Changed `json:"gone"`
}

// RunOf is which run a report is of.
type RunOf struct {
	Verdict  Verdict `json:"verdict"`
	Reason   string  `json:"reason,omitempty"`    // why the run did not get to its end
	ReadOnly bool    `json:"read_only,omitempty"` // nothing but GET was sent
	Wording  string  `json:"wording,omitempty"`   // the level by which texts were asserted, where it is not the usual one
	Target   string  `json:"target"`
	Insecure bool    `json:"insecure,omitempty"` // the target's certificate was not checked
	// Unoffered is how many provider states the states URL was asked for, where it
	// offered none of them.
	Unoffered int       `json:"unoffered_states,omitempty"`
	Name      string    `json:"implementation,omitempty"`
	Version   string    `json:"implementation_version,omitempty"`
	Suite     string    `json:"suite_version"`
	Document  string    `json:"document_sha256"`
	Features  string    `json:"features_sha256"`
	Started   time.Time `json:"started"`
	Watched   *Watched  `json:"watched,omitempty"` // in place of a run
}

// Changed is a fact whose outcome is not what it was.
type Changed struct {
	Fact   string  `json:"id"`
	Old    Outcome `json:"old,omitempty"`
	New    Outcome `json:"new,omitempty"`
	Reason string  `json:"reason,omitempty"`          // of the new outcome
	Known  bool    `json:"known_deviation,omitempty"` // it fails, or is blocked, as listed
	Was    string  `json:"old_fails,omitempty"`       // how it failed, where it fails in another way now
	Fails  string  `json:"new_fails,omitempty"`
}

// changes gives how a fact failed, and how it does now; none where it is the same.
// By what its scenarios are called they are told apart if both runs had the same.
func (r *Record) changes(later *Record, old, now []way) (was, fails []string) {
	bare := func(w way) string { return w.fails }
	was, fails = texts(old, bare), texts(now, bare)
	if slices.Equal(was, fails) && r.Features == later.Features {
		was, fails = texts(old, way.named), texts(now, way.named)
	}
	if slices.Equal(was, fails) {
		return nil, nil
	}
	return was, fails
}

func gravest(ways []way) int {
	n := 0
	for _, w := range ways {
		n = max(n, grave(w.fails))
	}
	return n
}

// Diff tells what changed from one report to a later one. It is a regression where
// a fact broke that is no known deviation, where one fails more gravely than it
// did, and where the later run did not get to its end and so left facts unchecked
// that were checked before.
func (r *Record) Diff(later *Record) *Changes {
	c := &Changes{Old: r.RunOf, New: later.RunOf, Warnings: []string{}}
	for _, list := range []*[]Changed{&c.Broken, &c.Mended, &c.Untested, &c.Tested, &c.Failures, &c.Others, &c.Added, &c.Gone} {
		*list = []Changed{} // an empty array, for a program
	}
	c.warn()
	c.onlyRead()
	before, now := map[string]jsonFact{}, map[string]bool{}
	for _, f := range r.Facts {
		before[f.ID] = f
	}
	report := later.report()
	for i, f := range later.Facts {
		now[f.ID] = true
		old, had := before[f.ID]
		changed := Changed{
			Fact: f.ID, Old: old.Outcome, New: f.Outcome, Reason: f.Reason, Known: report.accepted(report.Facts[i]) != nil,
		}
		was, fails := r.changes(later, old.ways(), f.ways())
		switch list := c.list(r.stateOf(old), later.stateOf(f)); {
		case !had:
			c.Added = append(c.Added, changed)
		case old.Outcome != f.Outcome:
			*list = append(*list, changed)
		case len(was) > 0 && len(fails) > 0:
			changed.Was, changed.Fails = strings.Join(was, "; "), strings.Join(fails, "; ")
			c.Failures = append(c.Failures, changed)
			c.Regression = c.Regression || !changed.Known && gravest(f.ways()) > gravest(old.ways())
		}
	}
	for _, f := range r.Facts {
		if !now[f.ID] {
			c.Gone = append(c.Gone, Changed{Fact: f.ID, Old: f.Outcome})
		}
	}
	for _, f := range c.Broken {
		c.Regression = c.Regression || !f.Known
	}
	c.Regression = c.Regression || later.Reason != "" && len(c.Untested) > 0
	return c
}

func (c *Changes) warn() {
	for _, part := range []struct{ what, before, now string }{
		{"suites", c.Old.Suite, c.New.Suite},
		{"documents", short(c.Old.Document), short(c.New.Document)},
		{"scenarios", short(c.Old.Features), short(c.New.Features)},
		{"levels of wording", cmp.Or(c.Old.Wording, "documented"), cmp.Or(c.New.Wording, "documented")},
	} {
		if part.before != part.now {
			c.Warnings = append(c.Warnings, fmt.Sprintf("the %s differ, %.20q and %.20q", part.what, part.before, part.now))
		}
	}
}

// onlyRead warns where one of both runs left out what takes more than to read.
func (c *Changes) onlyRead() {
	switch {
	case c.Old.ReadOnly && !c.New.ReadOnly:
		c.Warnings = append(c.Warnings, "the old run was read only, the new one was not")
	case c.New.ReadOnly && !c.Old.ReadOnly:
		c.Warnings = append(c.Warnings, "the new run was read only, the old one was not")
	}
}

// short is the beginning of a digest, which tells it from others.
func short(digest string) string { return fmt.Sprintf("%.12s", digest) }

// stateOf is what an outcome says of the target: "good", "bad", or nothing, where
// the fact was not looked at.
func (r *Record) stateOf(f jsonFact) string {
	switch f.Outcome {
	case Passed:
		return "good"
	case Failed, Blocked:
		return "bad"
	case Errored:
		if len(f.Failures) > 0 { // it was reached
			return "bad"
		}
	}
	return ""
}

// list gives where a change from one state to another belongs.
func (c *Changes) list(before, now string) *[]Changed {
	switch {
	case before == now:
		return &c.Others
	case before == "":
		return &c.Tested
	case now == "":
		return &c.Untested
	case now == "good":
		return &c.Mended
	}
	return &c.Broken
}

// WriteJSON writes the changes as one JSON object.
func (c *Changes) WriteJSON(w io.Writer) error { return plain.JSON(w, c) }
