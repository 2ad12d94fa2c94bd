package report

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report/plain"
)

// isAny tells of a deviation that says nothing of how its fact fails: whatever that
// is, and whatever it blocks, is known.
func (d Deviation) isAny() bool { return len(d.Fails) == 0 && len(d.Blocks) == 0 }

// hides tells whether a fact is known not to be checked because of the deviation.
func (d Deviation) hides(f fixtures.Fact) bool {
	return slices.ContainsFunc(d.Blocks, func(pattern string) bool { return names(pattern, f) })
}

// names tells whether a pattern is one of a fact that can fail.
func names(pattern string, f fixtures.Fact) bool {
	ok, err := path.Match(pattern, f.ID)
	return err == nil && ok && f.Untestable == ""
}

// root gives the fact that a chain of blocked ones ends in: the fact itself where
// it is not blocked.
func (r *Report) root(f Result) Result {
	for range r.Facts { // a chain is not longer
		if f.Outcome != Blocked {
			break
		}
		i := slices.IndexFunc(r.Facts, func(by Result) bool { return by.Fact.ID == f.BlockedBy })
		if i < 0 {
			break
		}
		f = r.Facts[i]
	}
	return f
}

// surprise marks the facts that a known failure blocks and that none of a list
// names: a second failure may hide behind the first. Which of several known ones
// blocks a fact is not asked, since it is not checked for either.
func (r *Report) surprise(list []Deviation) {
	anew := map[string][]string{}
	for i := range r.Facts {
		f := &r.Facts[i]
		d := r.root(*f).Deviation
		isListed := func(d Deviation) bool { return d.hides(f.Fact) || d.covers(f.Fact) }
		if f.Outcome == Blocked && d != nil && !d.isAny() && !slices.ContainsFunc(list, isListed) {
			f.NewlyBlocked = true
			anew[d.Fact] = append(anew[d.Fact], f.Fact.ID)
		}
	}
	for _, d := range list {
		if ids := anew[d.Fact]; len(ids) > 0 {
			r.Outdated = append(r.Outdated, plain.Line(fmt.Sprintf(
				"%s blocks %s that it is not known to block: %s; mend the target or add to its blocks", d.Fact, count(len(ids), "fact"), strings.Join(ids, ", "))))
		}
	}
}

// blockedBy gives the facts that end in a failed one.
func (r *Report) blockedBy(id string) (ids []string) {
	for _, f := range r.Facts {
		if f.Outcome == Blocked && r.root(f).Fact.ID == id {
			ids = append(ids, f.Fact.ID)
		}
	}
	return ids
}

// renewed gives a listed deviation with what it blocks now: without what was
// checked, and with what is new.
func (r *Report) renewed(d Deviation) Deviation {
	d.Blocks = slices.DeleteFunc(slices.Clone(d.Blocks), func(pattern string) bool {
		return !slices.ContainsFunc(r.Facts, func(f Result) bool {
			return names(pattern, f.Fact) && f.Outcome != Passed && f.Outcome != Failed
		})
	})
	for _, f := range r.Facts {
		if known := r.root(f).Deviation; f.NewlyBlocked && known.Fact == d.Fact {
			d.Blocks = append(d.Blocks, f.Fact.ID)
		}
	}
	return d
}

// widthOfList is how wide the lines of a written list are, where they can be broken.
const widthOfList = 100

// writeBlocks writes ids, as many on a line as there is room for.
func writeBlocks(b *bytes.Buffer, ids []string) {
	if len(ids) == 0 {
		return
	}
	line := "\n  blocks: ["
	for i, id := range ids {
		if strings.ContainsAny(id, `*?[\`) {
			id = inYAML(id)
		}
		if i > 0 {
			line += ","
		}
		if i > 0 && len(line)+len(id) > widthOfList {
			b.WriteString(line)
			line = "\n    " + id
			continue
		}
		if i > 0 {
			line += " "
		}
		line += id
	}
	b.WriteString(line + "]")
}
