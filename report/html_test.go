package report_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// megabyte is what an HTML report must stay under.
const megabyte = 1_000_000

// attacked is a report in which everything that a target, or who describes it,
// can write is the text.
func attacked(text string) *report.Report {
	r := everyOutcome()
	r.Target, r.Implementation, r.ImplementationVersion = "http://127.0.0.1/"+text[:200], text[:200], text[:200]
	r.CleanUp.LeftBehind = []string{text}
	for i := range r.Facts {
		f := &r.Facts[i]
		f.Reason, f.State = text, text[:100]
		f.Deviation = &report.Deviation{Fact: f.Fact.ID, Reason: text[:500], Until: r.Started}
		for j := range f.Scenarios {
			s := &f.Scenarios[j]
			s.Reason, s.Name, s.Curl = text, text[:500], text[:4000]
			s.Failure = &report.Failure{Message: text, Path: text, Expected: `"` + text + `"`, Actual: text}
			s.Steps = []report.Step{{Keyword: "Given", Text: text[:500], Argument: text[:500]}}
			s.Exchanges = []report.Exchange{{Method: text[:100], URL: "javascript:" + text, Body: text, Status: 200, Answer: text}}
		}
	}
	return r
}

// parsedHTML gives the elements of a page.
func parsedHTML(t *testing.T, text string) []*html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	require.NoError(t, err)
	var all []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			all = append(all, n)
		}
	}
	return all
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func withID(t *testing.T, all []*html.Node, id string) *html.Node {
	t.Helper()
	for _, n := range all {
		if attribute(n, "id") == id {
			return n
		}
	}
	require.Fail(t, "not there", "#%s", id)
	return nil
}

func TestHTMLReportHasEveryFact(t *testing.T) {
	t.Parallel()
	result := everyOutcome()
	result.Implementation, result.ImplementationVersion = "Acme DAM", "4.2"
	all := parsedHTML(t, rendered(t, result, "html"))
	for id, says := range map[string][]string{
		"comments.list.hdr-content-type":   {"untestable", "rejection is undocumented", "lines 7–9", "Content-Type"},
		"comments.list.ok":                 {"passed", "lines 16–35", "Sample comment for tests"},
		"comments.list.err-404":            {"deselected", "not selected"},
		"comments.update.ok":               {"failed", "$.comment.message", `− "new updated comment"`, "+ \\x1b[31mred", "curl -X POST"},
		"comments.update.ok.effect":        {"blocked", "Blocked by comments.update.ok: "},
		"dag_actions.start.ok":             {"unprovisioned", "needs a DAG action"},
		"assets.get.ok":                    {"errored", "no answer"},
		"comments.list.other-users.effect": {"passed", "line 2"},
		"comments.delete.not-owner":        {"known deviation", "DAM-7", "until 30 June 2024", "− 403 Forbidden", "+ 200 OK"},
	} {
		text := textOf(withID(t, all, id))
		for _, s := range says {
			assert.Contains(t, text, s, id)
		}
	}
	page := textOf(all[0])
	for _, s := range []string{
		"Non-conformant", "The target breaks 2 of 4 facts that were checked; 1 of them known.", "Acme DAM 4.2", "pocketcheck " + report.Version,
		"27 November 2023, 08:42 UTC", "1.23s", "5 made for the run, 3 removed, 2 left behind",
	} {
		assert.Contains(t, page, s)
	}
	cells := 0
	for _, n := range all {
		if n.Data == "a" && attribute(n, "class") == "c failed" {
			assert.Equal(t, "comments.update.ok: failed", attribute(n, "aria-label"))
		}
		if n.Data == "a" && strings.HasPrefix(attribute(n, "class"), "c ") {
			cells++
		}
	}
	assert.Equal(t, len(result.Facts), cells)
}

// withExchanges is a report with each outcome whose failure shows its requests.
func withExchanges() *report.Report {
	r := everyOutcome()
	poll := report.Exchange{Method: "GET", URL: r.Target + "/api/v2/assets/a", Key: "POCKETCHECK_API_KEY", Status: 200, Answer: `{"asset":{"id":"a"}}`, Duration: 3 * time.Millisecond}
	r.Facts[3].Scenarios[0].Exchanges = []report.Exchange{
		{Method: "POST", URL: "the states URL", Body: `{"state": "another user"}`, Status: 200, Answer: `{"api_key": "REDACTED"}`},
		{Method: "POST", URL: r.Target + "/api/v2/assets", Key: "POCKETCHECK_OTHER_API_KEY", Body: `{"title":"<b>"}`, Answer: "no answer within 10s", Duration: 10 * time.Second},
		poll, poll, poll,
	}
	return r
}

func TestHTMLReportShowsTheExchanges(t *testing.T) {
	t.Parallel()
	result := withExchanges()
	fact := withID(t, parsedHTML(t, rendered(t, result, "html")), "comments.update.ok")
	var shown []string
	for n := range fact.Descendants() {
		if n.Type == html.ElementNode && attribute(n, "class") == "exchange" {
			shown = append(shown, strings.Join(strings.Fields(textOf(n)), " "))
		}
	}
	assert.Equal(t, []string{
		`POST the states URL 200 under 1msRequest{ "state": "another user" }Answer{ "api_key": "REDACTED" }`,
		`POST /api/v2/assets no answer 10swith the key of another caller, POCKETCHECK_OTHER_API_KEYRequest{ "title": "<b>" }Answerno answer within 10s`,
		`GET /api/v2/assets/a 200 3 times, the last 3msAnswer{ "asset": { "id": "a" } }`,
	}, shown)
}

// TestHTMLReportComparesLineByLine puts expected and actual together again from
// what is shown of their difference.
func TestHTMLReportComparesLineByLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ expected, actual, diff string }{
		{"403 Forbidden", "200 OK", "− 403 Forbidden|+ 200 OK"},
		{`"a <b>"`, `"a <i>"`, `− "a <b>"|+ "a <i>"`},
		{"null", "null", "  null"},
		{"[1,2]", "[]", "− [|− \t1,|− \t2|− ]|+ []"},
		{`{"a":1,"b":[1,2],"z":0}`, `{"a":1,"b":[1,3],"c":9,"z":0}`, "  {|  \t\"a\": 1,|  \t\"b\": [|  \t\t1,|− \t\t2|+ \t\t3|  \t],|+ \t\"c\": 9,|  \t\"z\": 0|  }"},
	} {
		result := everyOutcome()
		result.Facts[3].Scenarios[0].Failure = &report.Failure{Expected: c.expected, Actual: c.actual}
		var lines []string
		for _, n := range parsedHTML(t, rendered(t, result, "html")) {
			if attribute(n, "class") != "diff" || len(lines) > 0 {
				continue
			}
			for line := range n.ChildNodes() {
				lines = append(lines, textOf(line))
			}
		}
		assert.Equal(t, c.diff, strings.Join(lines, "|"))
	}
}

// TestHTMLReportIsWhole: ids are there once, links lead somewhere, headings don't
// skip a level, and all that the page needs is in it.
func TestHTMLReportIsWhole(t *testing.T) {
	t.Parallel()
	result, err := pocketcheck.Run(t.Context(), referencetest.Faulty(), pocketcheck.Options{Settle: -1})
	require.NoError(t, err)
	all := parsedHTML(t, rendered(t, result, "html"))
	ids, level := map[string]bool{}, 0
	for _, n := range all {
		if id := attribute(n, "id"); id != "" {
			assert.False(t, ids[id], "%s is there twice", id)
			ids[id] = true
		}
		if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
			assert.LessOrEqual(t, int(n.Data[1]-'0'), level+1, "%s after level %d", textOf(n), level)
			level = int(n.Data[1] - '0')
		}
		assert.Empty(t, attribute(n, "src")+attribute(n, "style"), n.Data)
		assert.NotContains(t, []string{"link", "img", "iframe", "object", "base"}, n.Data)
	}
	for _, n := range all {
		if n.Data == "a" {
			target := strings.TrimPrefix(attribute(n, "href"), "#")
			assert.True(t, ids[target], "%s leads nowhere", target)
		}
	}
	for _, f := range fixtures.Facts() {
		assert.True(t, ids[f.ID], f.ID)
	}
	for i := range 23 {
		assert.True(t, ids[fmt.Sprintf("endpoint-%d", i+1)])
	}
}

func TestHTMLReportShowsNoMarkupOfTheTarget(t *testing.T) {
	t.Parallel()
	attack := "</script><script>alert(1)</script></pre></title></style></details><img src=x onerror=alert(2)> \" onclick=\"alert(3) " + hostile
	text := rendered(t, attacked(attack+strings.Repeat("<b>", 1<<20/3)), "html")
	assert.True(t, utf8.ValidString(text))
	assert.Less(t, len(text), megabyte)
	for _, c := range text {
		if c != '\n' && c != '\t' && !unicode.IsPrint(c) {
			require.Fail(t, "not printable", "%U", c)
		}
	}
	scripts := 0
	for _, n := range parsedHTML(t, text) {
		assert.NotContains(t, []string{"img", "b><b"}, n.Data)
		if n.Data == "script" {
			scripts++
		}
		for _, a := range n.Attr {
			assert.False(t, strings.HasPrefix(a.Key, "on"), "%s of %s", a.Key, n.Data)
		}
		if n.Data == "a" {
			assert.True(t, strings.HasPrefix(attribute(n, "href"), "#"), "%v", n.Attr)
		}
	}
	assert.Equal(t, 1, scripts)
}
