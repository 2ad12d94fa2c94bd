package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/report/plain"
)

const (
	mostFacts = 10 // that changed in one way for one reason, for a person
)

// WriteText writes the changes for a person, in lines that fit a terminal, and
// whether they are a regression on the last.
func (c *Changes) WriteText(w io.Writer) error {
	b := bufio.NewWriter(w)
	t := textReport{b, TextOptions{}}
	t.run("old", c.Old)
	t.run("new", c.New)
	for _, warning := range c.Warnings {
		t.fit("warning: " + warning)
	}
	if len(c.Warnings) > 0 {
		t.line("warning: so a difference may be the suite's or the run's, not the target's")
	}
	t.changed("broken", c.Broken)
	t.changed("mended", c.Mended)
	t.changed("newly untested", c.Untested)
	t.changed("newly tested", c.Tested)
	t.changed("failing in another way", c.Failures)
	t.changed("otherwise changed", c.Others)
	t.changed("new in the table", c.Added)
	t.changed("gone from the table", c.Gone)
	t.line(c.summary())
	return b.Flush()
}

func (t textReport) run(which string, r RunOf) {
	name := cmp.Or(strings.TrimSpace(r.Name+" "+r.Version), r.Target)
	t.fit(fmt.Sprintf("%s: %s, %s, %s", which, r.Verdict, r.Started.UTC().Format(time.DateTime), name))
	if r.Reason != "" {
		t.fit("     " + r.Reason)
	}
	if r.ReadOnly {
		t.line("     read only")
	}
	for _, how := range (&Report{Wording: r.Wording, Insecure: r.Insecure}).manner() {
		t.fit("     " + how)
	}
}

// changed prints facts that changed in one way for one reason together.
func (t textReport) changed(what string, list []Changed) {
	if len(list) == 0 {
		return
	}
	t.line(fmt.Sprintf("%s: %s", what, count(len(list), "fact")))
	together := map[Changed][]string{}
	for _, f := range list {
		id := f.Fact
		f.Fact = ""
		together[f] = append(together[f], id)
	}
	for _, f := range list {
		f.Fact = ""
		if ids := together[f]; ids != nil {
			t.together(f, ids)
			delete(together, f)
		}
	}
}

func (t textReport) together(f Changed, ids []string) {
	line := fmt.Sprintf("    %s -> %s:", f.Old, f.New)
	if f.Old == "" || f.New == "" {
		line = fmt.Sprintf("    %s:", f.Old+f.New)
	}
	more := len(ids) - mostFacts
	for _, id := range ids[:min(len(ids), mostFacts)] {
		if len(line)+1+len(id) > plain.Width {
			t.fit(line)
			line = "       "
		}
		line += " " + id
	}
	t.fit(line)
	if more > 0 {
		t.line(fmt.Sprintf("        and %d more, which --json lists", more))
	}
	if f.Known {
		t.line("        a known deviation")
	}
	switch {
	case f.Was != "":
		t.fit("        was: " + f.Was)
		t.fit("        now: " + f.Fails)
	case f.Reason != "":
		t.fit("        " + f.Reason)
	}
}

func (c *Changes) summary() string {
	head, known := "no regression", 0
	if c.Regression {
		head = "regression"
	}
	for _, f := range c.Broken {
		if f.Known {
			known++
		}
	}
	broken := fmt.Sprintf("%d broken", len(c.Broken))
	if known > 0 {
		broken += fmt.Sprintf(" (%d known)", known)
	}
	text := fmt.Sprintf("%s: %s, %d mended, %d newly untested, %d newly tested",
		head, broken, len(c.Mended), len(c.Untested), len(c.Tested))
	if n := len(c.Failures); n > 0 {
		text += fmt.Sprintf(", %d failing in another way", n)
	}
	return text
}

// fit prints a text on one line that a terminal does not break.
func (t textReport) fit(text string) {
	runes := []rune(plain.Line(text))
	if len(runes) > plain.Width {
		runes = append(runes[:plain.Width-1], '…')
	}
	t.line(string(runes))
}
