package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pocketcheck/pocketcheck/report/plain"
)

// failures prints what is broken, in a line for each cause, and the first ones whole.
func (t textReport) failures(r *Report) {
	causes, titles := r.causes(), titles()
	if len(causes) == 0 {
		return
	}
	t.line("")
	for _, c := range causes {
		t.line(t.cut(titles[c.endpoint], c))
	}
	t.line("")
	told := inTurn(causes)
	if t.Failures >= 0 {
		told = told[:min(t.Failures, len(causes))] // of each cause one
	}
	for _, p := range told {
		head, rest, _ := strings.Cut(plain.Text(p.text()), "\n")
		t.line(t.paint(red, head))
		t.line(rest)
	}
	if rest := len(inTurn(causes)) - len(told); rest > 0 {
		where := "give --failures all, or --report html=FILE"
		switch {
		case len(t.Written) > 0:
			where = "see " + strings.Join(t.Written, ", ")
		case r.Watched != nil:
			where = "give --report html=FILE"
		}
		t.wrapped(plain.Line(count(rest, "more failure") + ": " + where))
	} else if len(t.Written) > 0 {
		t.wrapped(plain.Line("reports: " + strings.Join(t.Written, ", ")))
	}
}

// cut gives a cause on one line. Where there is no room for all, the endpoint is left out,
// which the ids begin with, and then the end of the title: what is wrong is not.
func (t textReport) cut(endpoint string, c cause) string {
	head, title, tail := endpoint, c.title(), ": "+c.what()
	if head != "" {
		head += ": "
	}
	ids := c.facts()
	tail += "  " + ids[0]
	if len(ids) > 1 {
		tail += fmt.Sprintf(" and %d more", len(ids)-1)
	}
	if c.blocks > 0 {
		tail += fmt.Sprintf(", blocks %d", c.blocks)
	}
	head, title, tail = plain.Line(head), plain.Line(title), plain.Line(tail)
	if t.Width > 0 && utf8.RuneCountInString(head+title+tail) > t.Width {
		head = ""
	}
	room := t.Width - utf8.RuneCountInString(head+tail)
	if runes := []rune(title); t.Width > 0 && len(runes) > room {
		title = string(runes[:max(room-1, 0)]) + "…"
	}
	line := head + title + tail
	if runes := []rune(line); t.Width > 0 && len(runes) > t.Width {
		line = string(runes[:t.Width-1]) + "…"
	}
	return line
}

// inTurn gives the first problem of each cause before the second of any, and of causes
// those first that keep most from being checked.
func inTurn(causes []cause) (all []problem) {
	causes = slices.SortedStableFunc(slices.Values(causes), func(a, b cause) int { return cmp.Compare(b.blocks, a.blocks) })
	for i := 0; ; i++ {
		before := len(all)
		for _, c := range causes {
			if i < len(c.problems) {
				all = append(all, c.problems[i])
			}
		}
		if len(all) == before {
			return all
		}
	}
}
