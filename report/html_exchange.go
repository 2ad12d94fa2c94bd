package report

import (
	"bytes"
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// htmlExchange is a request with its answer, as a page shows it.
type htmlExchange struct {
	Method, URL, Key, Body, Answer, Took string
	Status, Times                        int
}

// htmlAsked is what was asked in a scenario.
type htmlAsked struct {
	exchanges []Exchange
	script    string // that repeats it; "" where nobody needs to
	passed    bool
	texts     []htmlTexts // of the exchanges, once they are asked for
}

// htmlTexts are those of an exchange, as any page may show them.
type htmlTexts struct{ url, body, answer htmlShown }

// htmlShown is as much of a text as any page shows, and how many bytes all of it has.
type htmlShown struct {
	shown string
	whole int
}

// of gives as much of a text as a detail shows.
func (d htmlDetail) of(t htmlShown) string { return d.shorten(t.shown, t.whole) }

func shownFrom(text string) htmlShown {
	return htmlShown{displayed(text, htmlDetails[0].text), len(text)}
}

// bodiesOf are those of requests and answers, line by line where they are JSON. Most are
// sent or answered again and again.
func bodiesOf(r *Report) map[string]htmlShown {
	all := map[string]htmlShown{}
	for _, f := range r.Facts {
		for _, s := range f.Scenarios {
			for _, e := range s.Exchanges {
				for _, text := range []string{e.Body, e.Answer} {
					if _, known := all[text]; !known {
						all[text] = shownFrom(byLine(text))
					}
				}
			}
		}
	}
	return all
}

// read gives what the exchanges are shown by.
func (a *htmlAsked) read(target string, bodies map[string]htmlShown) {
	a.texts = make([]htmlTexts, len(a.exchanges))
	for i, e := range a.exchanges {
		a.texts[i] = htmlTexts{shownFrom(strings.TrimPrefix(e.URL, target)), bodies[e.Body], bodies[e.Answer]}
	}
}

// exchanges gives what was sent and answered. The same over and over, as a
// read-back asks, is shown once; of too many, the middle is left out.
func (d htmlDetail) exchanges(a *htmlAsked) (shown []htmlExchange, leftOut int) {
	shown = make([]htmlExchange, 0, len(a.exchanges))
	for i, e := range a.exchanges {
		t := a.texts[i]
		line := htmlExchange{
			Method: e.Method, URL: d.of(t.url), Key: e.Key, Status: e.Status, Times: 1,
			Body: d.of(t.body), Answer: d.of(t.answer), Took: took(e.Duration),
		}
		if n := len(shown); n > 0 && line.sameAs(shown[n-1]) {
			line.Times = shown[n-1].Times + 1
			shown[n-1] = line
			continue
		}
		shown = append(shown, line)
	}
	if leftOut = len(shown) - d.requests; leftOut <= 0 {
		return shown, 0
	}
	half := d.requests / 2
	return append(shown[:half:half], shown[half+leftOut:]...), leftOut
}

// write writes what was asked, as far as a detail shows it, and the script that repeats it;
// false where that is more than so many bytes. A template, which looks each field up by its
// name, takes a third of the time of a report for it.
func (a *htmlAsked) write(b *bytes.Buffer, d htmlDetail, most int) bool {
	if a.passed {
		d.text, d.requests = d.held, d.passed
	}
	shown, leftOut := d.exchanges(a)
	if len(shown) > 0 {
		writeAll(b, `<p class="label">`, count(len(shown), "exchange"), `</p>`)
	}
	for _, e := range shown {
		if e.writeTo(b); b.Len() > most {
			return false
		}
	}
	if len(shown) > 0 && leftOut > 0 {
		writeAll(b, `<p class="kind">`, count(leftOut, "exchange"), ` between these left out.</p>`)
	}
	switch {
	case len(a.script) > d.script:
		b.WriteString(`<p class="kind">The script that repeats it is too long for this page; the JSON report has it.</p>`)
	case a.script != "":
		writeAll(b, `<p class="label">Repeat it</p><pre class="script">`, escapesTags.Replace(display(a.script)), `</pre>`)
	}
	return b.Len() <= most
}

// writeTo writes it as elements; no text of it is markup there.
func (e htmlExchange) writeTo(b *bytes.Buffer) {
	status, times := "no answer", ""
	if e.Status != 0 {
		status = strconv.Itoa(e.Status)
	}
	if e.Times > 1 {
		times = fmt.Sprintf(` <span class="kind">%d times, the last </span>`, e.Times)
	}
	writeAll(b, `<details class="exchange"><summary><b>`, escapesTags.Replace(e.Method), `</b> <code>`, escapesTags.Replace(e.URL),
		`</code> <span class="status">`, status, `</span>`, times, ` <span class="kind">`, e.Took, `</span></summary>`)
	if sender := e.sender(); sender != "" {
		writeAll(b, `<p class="kind">`, escapesTags.Replace(sender), `</p>`)
	}
	if e.Body != "" {
		writeAll(b, `<p class="kind">Request</p><pre>`, escapesTags.Replace(e.Body), `</pre>`)
	}
	writeAll(b, `<p class="kind">Answer</p><pre>`, escapesTags.Replace(cmp.Or(e.Answer, "(no body)")), `</pre></details>`)
}

func writeAll(b *bytes.Buffer, parts ...string) {
	for _, part := range parts {
		b.WriteString(part)
	}
}

// sender tells which API key a request was sent with, unless it is the target's.
func (e htmlExchange) sender() string {
	switch {
	case e.Key == "POCKETCHECK_API_KEY" || e.URL == statesURL:
		return ""
	case e.Key == "":
		return "without a key that the target knows"
	}
	return "with the key of another caller, " + e.Key
}

// statesURL is what stands for the address of the provider states, which may
// hold a token.
const statesURL = "the states URL"

func (e htmlExchange) sameAs(other htmlExchange) bool {
	other.Took, other.Times = e.Took, e.Times
	return e == other
}
