package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"math"
	"strings"
	"sync"
)

var (
	//go:embed page.html.tmpl
	htmlTemplate string
	//go:embed page.css
	htmlStyle string
	//go:embed page.js
	htmlScript string
)

// htmlLimit keeps an HTML report small enough for an e-mail.
const htmlLimit = 999_999

// htmlDetail is how much of what was sent and answered a report shows.
type htmlDetail struct {
	text     int // bytes of one text
	held     int // of one that belongs to a scenario that passed
	passed   int // requests of such a scenario
	script   int // bytes of a script; a longer one is left out, since a half of it does not run
	requests int // of one scenario
}

// htmlDetails are tried in turn, until a report is within the limit. What held is
// cut first; a target that breaks everything, with long answers, is cut too.
var htmlDetails = []htmlDetail{
	{4000, 4000, 40, 16000, 40}, {4000, 1000, 40, 16000, 40}, {4000, 600, 40, 16000, 40}, {4000, 400, 40, 16000, 40},
	{4000, 200, 20, 16000, 40}, {4000, 100, 4, 16000, 40}, {4000, 0, 0, 16000, 40}, {2000, 0, 0, 16000, 40}, {1000, 0, 0, 16000, 40},
	{500, 0, 0, 16000, 20}, {250, 0, 0, 8000, 10}, {100, 0, 0, 4000, 6}, {100, 0, 0, 2000, 4}, {50, 0, 0, 0, 0},
}

// WriteHTML writes the report as one HTML page, under 1 MB, that needs nothing
// else: no network, no further file, and no JavaScript to be read. Nothing that a
// target sent is markup there. Where the run has more than fits, what passed loses its
// requests first, and then long texts are cut.
func (r *Report) WriteHTML(w io.Writer) error {
	bodies := sync.OnceValue(func() map[string]htmlShown { return bodiesOf(r) })
	go func() { // while the template is at work
		defer func() { _ = recover() }() // it is the panic of who asks for them, too
		bodies()
	}()
	var frame *htmlFrame
	for i, d := range htmlDetails {
		most := htmlLimit
		if i == len(htmlDetails)-1 {
			most = math.MaxInt // there is no less to show
		}
		if frame == nil || frame.detail.text != d.text {
			var err error
			if frame, err = newHTMLFrame(r, d, bodies, most); err != nil {
				return err
			}
		}
		if page := frame.page(i, most); page != nil {
			_, err := w.Write(page)
			return err
		}
	}
	return errTooLarge // which the last detail never is
}

// upTo takes no more than a buffer may hold, so that no report is written to its
// end in vain.
type upTo struct {
	*bytes.Buffer
	most int
}

var errTooLarge = errors.New("the report is too large")

func (u upTo) Write(p []byte) (int, error) {
	if u.Len()+len(p) > u.most {
		return 0, errTooLarge
	}
	return u.Buffer.Write(p)
}

var parsedHTML = template.Must(template.New("report").Funcs(template.FuncMap{
	"count": count, "mark": func(o Outcome) htmlMark { return htmlMarks[o] }, "text": htmlText, "code": htmlCode, "path": breakable,
}).Parse(htmlTemplate))

// htmlText escapes what stands between tags. The template would escape quotes as
// well, which make a third of what JSON takes in a page.
func htmlText(text string) template.HTML { return template.HTML(escapesTags.Replace(text)) } // #nosec G203 -- this is what escapes

var escapesTags = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// breakable lets a path break before its slashes.
func breakable(path string) template.HTML {
	return template.HTML(strings.ReplaceAll(string(htmlText(path)), "/", "<wbr>/")) // #nosec G203 -- escaped before
}

// htmlMark is how an outcome looks, so that its colour never says it alone.
type htmlMark struct{ Symbol, Word string }

// knownDeviation is the mark of a fact that fails and is listed.
const knownDeviation Outcome = "deviation"

var htmlMarks = map[Outcome]htmlMark{
	Passed: {"✓", "passed"}, Failed: {"✕", "failed"}, knownDeviation: {"≠", "known deviation"},
	Blocked: {"⊘", "blocked"}, Errored: {"!", "errored"}, Unprovisioned: {"○", "unprovisioned"},
	Deselected: {"–", "deselected"}, Untestable: {"·", "untestable"},
}

// shownAs is the outcome that a fact is marked with.
func (f Result) shownAs() Outcome {
	if f.Outcome == Failed && f.Deviation != nil {
		return knownDeviation
	}
	return f.Outcome
}

// htmlPolicy lets a browser run and paint what this binary wrote, and nothing
// else, were the escaping ever to fail.
func htmlPolicy() string {
	return fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; script-src 'sha256-%s'; base-uri 'none'; form-action 'none'",
		contentHash(htmlStyle), contentHash(htmlScript))
}

func contentHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}
