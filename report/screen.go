package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck/report/plain"
)

// WriteScreen writes what one screen of so many lines has room for: the verdict, which
// facts were mended and broken since an earlier run (nil: there is none), what is broken,
// what is new first, in a line each, and the first of that whole where there is room.
func (r *Report) WriteScreen(w io.Writer, earlier *Report, o TextOptions, lines int) error {
	b := bufio.NewWriter(w)
	t := textReport{b, o}
	t.verdict(r)
	used := 2 // the verdict, and the line that says how much there is more
	var fresh []string
	if earlier != nil {
		changes := earlier.record().Diff(r.record())
		fresh = idsOf(changes.Broken)
		used += t.named("mended", green, idsOf(changes.Mended)) + t.named("broken", red, fresh)
	}
	age := func(c cause) int {
		if slices.ContainsFunc(c.facts(), func(id string) bool { return slices.Contains(fresh, id) }) {
			return 0
		}
		return 1
	}
	causes, titles := r.causes(), titles()
	slices.SortStableFunc(causes, func(a, b cause) int { return age(a) - age(b) })
	room := max(lines-used, 1)
	for _, c := range causes[:min(room, len(causes))] {
		t.line(t.cut(titles[c.endpoint], c))
	}
	if more := len(causes) - room; more > 0 {
		t.line(fmt.Sprintf("and %d more", more))
	} else if len(causes) > 0 {
		t.whole(causes[0].problems[0], room-len(causes)-1)
	}
	return b.Flush()
}

func idsOf(changed []Changed) (ids []string) {
	for _, c := range changed {
		ids = append(ids, c.Fact)
	}
	return ids
}

// named prints ids on one line, and tells how many lines it took.
func (t textReport) named(what, colour string, ids []string) int {
	if len(ids) == 0 {
		return 0
	}
	t.line(t.paint(colour, t.short(fmt.Sprintf("%s %d: %s", what, len(ids), strings.Join(ids, ", ")))))
	return 1
}

// whole prints a problem where it fits below a blank line.
func (t textReport) whole(p problem, room int) {
	text := strings.TrimRight(plain.Text(p.text()), "\n")
	if strings.Count(text, "\n")+1 > room {
		return
	}
	t.line("")
	for line := range strings.SplitSeq(text, "\n") {
		t.line(t.short(line))
	}
}

// short cuts a line to the terminal.
func (t textReport) short(line string) string {
	if runes := []rune(line); t.Width > 0 && len(runes) > t.Width {
		return string(runes[:t.Width-1]) + "…"
	}
	return line
}
