package report

import (
	"fmt"
	"html"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report/plain"
)

// markdownLimit is how much GitHub shows of a job's summary, in bytes.
const markdownLimit = 1 << 20

// WriteMarkdown writes the report as GitHub and GitLab show it in the summary of
// a job or below a merge request: the verdict, the counts, the failures and what
// was not checked. Failures that GitHub would not show are cut, and named. What
// a target sent stands in code only, where nothing is markup, link or mention.
func (r *Report) WriteMarkdown(w io.Writer) error {
	head, tail := r.markdownHead(), r.markdownTail()
	causes := r.causes()
	head += listed("Failures", markdownCauses(causes))
	var failures, cut []string
	room := markdownLimit - len(head) - len(tail) - len(markdownCut(r.ids()))
	for _, c := range causes {
		for _, p := range c.problems {
			text := markdownFailure(p)
			if len(text) > room {
				cut = append(cut, p.Facts...)
				continue
			}
			room -= len(text)
			failures = append(failures, text)
		}
	}
	slices.Sort(cut)
	_, err := io.WriteString(w, head+strings.Join(failures, "")+markdownCut(slices.Compact(cut))+tail)
	return err
}

func (r *Report) ids() (all []string) {
	for _, f := range r.Facts {
		all = append(all, f.Fact.ID)
	}
	return all
}

func (r *Report) markdownHead() string {
	var b strings.Builder
	known := r.knownFailures()
	if known != "" {
		known = " (" + known + ")"
	}
	fmt.Fprintf(&b, "## Media Pocket API v2: %s%s\n\n", r.Verdict, known)
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(&b, "- %s: %s\n", name, text)
		}
	}
	line("stopped", code(r.Stopped))
	if r.ReadOnly {
		line("read only", "nothing but GET was sent")
	}
	line("target", code(r.target()))
	line("seen", r.seen())
	line("met", strings.TrimPrefix(r.met(), "met: "))
	line("certificate", map[bool]string{true: "not checked"}[r.Insecure])
	line("wording", r.Wording)
	line("provider states", r.unoffered())
	line("implementation", code(strings.TrimSpace(r.Implementation+" "+r.ImplementationVersion)))
	line("checked", fmt.Sprintf("%s in %v by pocketcheck %s",
		r.Started.UTC().Format("2006-01-02 15:04:05 UTC"), r.Duration.Round(time.Millisecond), Version))
	line("document SHA-256", code(documentDigest()))
	line("features SHA-256", code(featuresDigest()))
	b.WriteString("\n| outcome | facts |\n| --- | ---: |\n")
	for _, o := range outcomesInOrder {
		if n := r.Count(o); n > 0 {
			fmt.Fprintf(&b, "| %s | %d |\n", r.called(o), n)
		}
	}
	if lines := r.endpointLines(); len(lines) > 0 {
		b.WriteString("\n| endpoint | passed | |\n| --- | ---: | --- |\n")
		for _, e := range lines {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", code(e.name), e.count(), markdownMark[e.mark]+e.mark)
		}
	}
	return b.String()
}

// markdownMark is seen at a glance in a table without colours.
var markdownMark = map[string]string{markFailed: "❌ ", markErrored: "❌ ", markAbsent: "❌ ", markKnown: "⚠️ "}

// markdownCauses are what is broken, in a line each.
func markdownCauses(causes []cause) (lines []string) {
	titles := titles()
	for _, c := range causes {
		head := ""
		if title := titles[c.endpoint]; title != "" {
			head = title + ", "
		}
		lines = append(lines, fmt.Sprintf("%s%s: %s (%s)", head, code(c.title()), code(c.what()), codes(c.facts())))
	}
	return lines
}

// markdownFailure tells of a failure what belongs to it, folded.
func markdownFailure(p problem) string {
	var b strings.Builder
	s := p.Scenario
	summary := func(text string) {
		fmt.Fprintf(&b, "\n<details>\n<summary>%s</summary>\n\n", html.EscapeString(plain.Line(text)))
	}
	if s.standsForAll {
		summary(count(len(s.Facts), "fact") + " without a result")
		fmt.Fprintf(&b, "%s\n\n- facts: %s\n", code(s.Cause), codes(s.Facts))
	} else {
		summary(strings.Join(s.Facts, ", "))
		fmt.Fprintf(&b, "%s\n\n", code(s.Reason))
		for _, f := range fixtures.Facts() {
			if slices.Contains(s.Facts, f.ID) {
				fmt.Fprintf(&b, "- document: lines %s, %s\n", f.Lines, code(f.Endpoint))
			}
		}
	}
	fmt.Fprintf(&b, "- scenario: %s in %s\n", code(s.Name), code(s.Feature))
	if s.Step != "" {
		fmt.Fprintf(&b, "- step: %s\n", code(s.Step))
	}
	if request, answer := s.last(); request != "" {
		fmt.Fprintf(&b, "- request: %s\n- answer: %s\n", code(request), code(answer))
	}
	if f := s.Failure; f != nil {
		if f.Path != "" {
			fmt.Fprintf(&b, "- path: %s\n", code(f.Path))
		}
		for _, also := range f.Further {
			fmt.Fprintf(&b, "- also: %s\n", code(also.place()))
		}
		b.WriteString("\n" + fenced("diff", prefixed("- ", f.Expected)+"\n"+prefixed("+ ", f.Actual)))
	}
	if variants := p.variants(); variants != "" {
		fmt.Fprintf(&b, "\nSo with %s\n", code(variants))
	}
	if s.Curl != "" {
		fmt.Fprintf(&b, "\nRepeat it with curl:\n\n%s", fenced("sh", strings.TrimSpace(s.Curl)))
	}
	return b.String() + "\n</details>\n"
}

// markdownCut names the facts whose failures had no room.
func markdownCut(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	return fmt.Sprintf("\nCut, since a summary has at most 1 MiB; the other reports have all: %s\n", codes(ids))
}

// markdownTail tells of what is known to fail, what was not checked and what was
// left behind.
func (r *Report) markdownTail() string {
	var missing, known, outdated, left []string
	for _, m := range r.Missing {
		missing = append(missing, code(m.Endpoint)+": an existing asset is answered "+code(m.Seen))
	}
	for _, f := range r.Facts {
		if d := f.Deviation; d != nil {
			until := ""
			if !d.Until.IsZero() {
				until = ", until " + d.Until.Format(time.DateOnly)
			}
			known = append(known, fmt.Sprintf("%s: %s%s: %s", code(f.Fact.ID), code(d.Reason), until, code(f.Reason)))
		}
	}
	for _, o := range r.Outdated {
		outdated = append(outdated, code(o))
	}
	for _, l := range r.CleanUp.LeftBehind[:min(len(r.CleanUp.LeftBehind), 100)] {
		left = append(left, code(l))
	}
	if more := len(r.CleanUp.LeftBehind) - len(left); more > 0 {
		left = append(left, fmt.Sprintf("and %d more", more))
	}
	return listed("Endpoints that seem not to be there", missing) + listed("Outdated deviations", outdated) + listed("Known deviations", known) +
		listed("Not checked", r.markdownUnchecked()) + listed("Left behind on the target", left)
}

// markdownUnchecked groups the facts without a result by what keeps them from one.
func (r *Report) markdownUnchecked() (all []string) {
	group := func(o Outcome, why string, by func(Result) string) {
		keys, ids := grouped(r, o, by)
		for _, key := range keys {
			all = append(all, fmt.Sprintf("%s %s%s", count(len(ids[key]), "fact"), why, code(key)))
		}
	}
	if hides := r.hiding(); hides != "" {
		all = append(all, hides+": "+codes(r.hidden()))
	}
	group(Blocked, "blocked by ", func(f Result) string { return f.BlockedBy })
	group(Unprovisioned, "unprovisioned, for lack of the provider state ", func(f Result) string { return f.State })
	for _, o := range []Outcome{Deselected, Untestable} {
		group(o, string(o)+": ", func(f Result) string { return f.Reason })
	}
	if r.Stopped != "" && r.Count(Errored) > 0 {
		all = append(all, count(r.Count(Errored), "fact")+" errored, since the run did not get to its end")
	}
	return all
}

func listed(title string, items []string) string {
	if len(items) == 0 {
		return ""
	}
	return "\n### " + title + "\n\n- " + strings.Join(items, "\n- ") + "\n"
}

// code gives a text as a span of code, on one line and not for ever.
func code(s string) string {
	const longest = 300
	s = plain.Line(s)
	if runes := []rune(s); len(runes) > longest {
		s = string(runes[:longest]) + "…"
	}
	if strings.Trim(s, " ") == "" {
		return ""
	}
	if strings.Trim(s, " `") != s { // the spaces belong to the fence then
		s = " " + s + " "
	}
	fence := strings.Repeat("`", backticks(s)+1)
	return fence + s + fence
}

func codes(all []string) string {
	spans := make([]string, len(all))
	for i, s := range all {
		spans[i] = code(s)
	}
	return strings.Join(spans, ", ")
}

// fenced gives a text as a block of code.
func fenced(language, text string) string {
	text = plain.Text(text)
	fence := strings.Repeat("`", max(3, backticks(text)+1))
	return fence + language + "\n" + text + "\n" + fence + "\n"
}

// backticks is the length of the longest run of them.
func backticks(s string) int {
	longest, run := 0, 0
	for _, c := range s {
		if run++; c != '`' {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}

// prefixed begins each line of a text with a mark.
func prefixed(mark, text string) string { return mark + strings.ReplaceAll(text, "\n", "\n"+mark) }
