package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// outline is what a Markdown text comes to for GitHub's parser: its kinds of
// nodes, with all HTML, and what stands in code.
type outline struct{ nodes, code []string }

func outlineOf(t *testing.T, markdown string) (o outline) {
	t.Helper()
	source := []byte(markdown)
	doc := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	require.NoError(t, ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		what := n.Kind().String()
		switch n := n.(type) {
		case *ast.Text:
			return ast.WalkContinue, nil // it is parted as it comes
		case *ast.HTMLBlock:
			what += ": " + string(n.Lines().Value(source))
		case *ast.Heading:
			what += fmt.Sprint(n.Level)
		case *ast.CodeSpan:
			var span []byte
			for c := n.FirstChild(); c != nil; c = c.NextSibling() {
				span = append(span, c.(*ast.Text).Value(source)...)
			}
			o.code = append(o.code, string(span))
		case *ast.FencedCodeBlock:
			what += ": " + string(n.Language(source))
			o.code = append(o.code, string(n.Lines().Value(source)))
		}
		o.nodes = append(o.nodes, what)
		return ast.WalkContinue, nil
	}))
	return o
}

// markdownWith is the report with every outcome, its target's texts another.
func markdownWith(t *testing.T, said string) string {
	t.Helper()
	result := everyOutcome()
	result.Target, result.Implementation, result.Stopped, result.Outdated = said, said, said, []string{said}
	result.CleanUp.LeftBehind = []string{said}
	for i := range result.Facts {
		f := &result.Facts[i]
		f.Reason, f.State, f.BlockedBy = said, said, said
		if f.Deviation != nil {
			f.Deviation = &report.Deviation{Reason: said}
		}
		for j := range f.Scenarios {
			s := &f.Scenarios[j]
			s.Name, s.Feature, s.Step, s.Reason, s.Curl = said, said, said, said, said
			s.Failure = &report.Failure{Expected: said, Actual: said, Path: said}
		}
	}
	return rendered(t, result, "md")
}

// TestMarkdownKeepsATargetInCode: whatever a target sends, the outline is that of
// a report on a harmless one, and all that it sent stands in code.
func TestMarkdownKeepsATargetInCode(t *testing.T) {
	t.Parallel()
	want := outlineOf(t, markdownWith(t, "harmless"))
	require.NotEmpty(t, want.code)
	assert.NotContains(t, strings.Join(want.nodes, " "), "Link")
	for _, said := range []string{
		hostile, "`", "``", "` `` ``` ```` `````", "\n```\n", "\n```````\n</details>\n", " `x` ", "@octocat #1 GH-1", "https://evil.example www.evil.example a@evil.example",
		"[x](https://evil.example) ![x](https://evil.example/x.png) <https://evil.example>", "<img src=x onerror=alert(1)> <!-- ", "</details></summary><h1>",
		"\n# verdict: conformant\n\n- x\n\n---\n", "| a | b |\n| --- | --- |\n", "$`x`$ $$x$$", "\\`", "\\", "&lt;b&gt; &amp;", "\r\n    x", "[^1]\n[^1]: x", "~~~\nx\n~~~", "*x* _x_ ~x~ :tada:",
	} {
		markdown := markdownWith(t, said)
		got := outlineOf(t, markdown)
		assert.Equal(t, want.nodes, got.nodes, "%q: %s", said, markdown)
		assert.Len(t, got.code, len(want.code), "%q", said)
		assertPlain(t, markdown)
	}
	shown := outlineOf(t, markdownWith(t, "say `this` and ```that```"))
	assert.Contains(t, shown.code, "say `this` and ```that```")
	assert.Contains(t, shown.code, "- say `this` and ```that```\n+ say `this` and ```that```\n")
}

func TestMarkdownTellsOfAFailure(t *testing.T) {
	t.Parallel()
	got := rendered(t, everyOutcome(), "md")
	assert.True(t, strings.HasPrefix(got, "## Media Pocket API v2: non-conformant (1 known deviation, 1 new failure)\n"), got)
	assert.Contains(t, got, "| failed | 2 |\n| blocked | 1 |\n")
	assert.Contains(t, got, "\n- \"new updated comment\"\n+ \\x1b[31mred")
	assert.Contains(t, got, "\n\nRepeat it with curl:\n\n```sh\ncurl -X POST ")
	assert.Contains(t, got, "- Update comment, `Successful request`: `$.comment.message is ")
	assert.Contains(t, got, "\n<details>\n<summary>comments.update.ok</summary>\n\n`$.comment.message: is ")
	assert.Contains(t, got, "- `comments.delete.not-owner`: `DAM-7: ")
	assert.NotContains(t, got, "curl -X DELETE y", "a known deviation needs no repeating")
	assert.Contains(t, got, "- 1 fact blocked by `comments.update.ok`\n")
	assert.Contains(t, got, "- 1 fact untestable: `rejection is undocumented`\n")

	passed := &report.Report{Verdict: report.Conformant, Facts: everyOutcome().Facts[1:2]}
	assert.NotContains(t, rendered(t, passed, "md"), "###")
}

// TestMarkdownFitsASummary: GitHub shows nothing of a summary that is too long.
func TestMarkdownFitsASummary(t *testing.T) {
	t.Parallel()
	result := everyOutcome()
	failed := result.Facts[3]
	for i := range 400 {
		f := failed
		f.Fact.ID = fmt.Sprintf("comments.update.case-%d", i)
		s := failed.Scenarios[0]
		s.ID, s.Facts, s.Name, s.Curl = f.Fact.ID, []string{f.Fact.ID}, f.Fact.ID, strings.Repeat("`\x00\n", 4000)
		f.Scenarios = []report.Scenario{s}
		result.Facts = append(result.Facts, f)
		result.CleanUp.LeftBehind = append(result.CleanUp.LeftBehind, strings.Repeat("\x00", 4000))
	}
	got := rendered(t, result, "md")
	assert.Less(t, len(got), 1<<20)
	assert.Greater(t, len(got), 1<<20-60_000, "more would have fitted")
	for _, f := range result.Facts {
		if f.Outcome == report.Failed {
			assert.Contains(t, got, "`"+f.Fact.ID+"`")
		}
	}
	assert.Contains(t, got, "\nCut, since a summary has at most 1 MiB; the other reports have all: `comments.update.case-")
	assert.Contains(t, got, "\n- and 302 more\n")
	assert.NotContains(t, strings.Join(outlineOf(t, got).nodes, " "), "Link")
}
