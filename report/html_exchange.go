package report

import (
	"bytes"
	"cmp"
	"fmt"
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
}

// exchanges gives what was sent and answered. The same over and over, as a
// read-back asks, is shown once; of too many, the middle is left out.
func (d htmlDetail) exchanges(f *htmlFrame, all []Exchange) (shown []htmlExchange, leftOut int) {
	for _, e := range all {
		line := htmlExchange{
			Method: e.Method, URL: d.cut(strings.TrimPrefix(e.URL, f.target)), Key: e.Key, Status: e.Status, Times: 1,
			Body: f.json(d, e.Body), Answer: f.json(d, e.Answer), Took: took(e.Duration),
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
func (a htmlAsked) write(b *bytes.Buffer, d htmlDetail, f *htmlFrame, most int) bool {
	if a.passed {
		d.text, d.requests = d.held, d.passed
	}
	shown, leftOut := d.exchanges(f, a.exchanges)
	if len(shown) > 0 {
		fmt.Fprintf(b, `<p class="label">%s</p>`, count(len(shown), "exchange"))
	}
	for _, e := range shown {
		if e.writeTo(b); b.Len() > most {
			return false
		}
	}
	if len(shown) > 0 && leftOut > 0 {
		fmt.Fprintf(b, `<p class="kind">%s between these left out.</p>`, count(leftOut, "exchange"))
	}
	switch {
	case len(a.script) > d.script:
		b.WriteString(`<p class="kind">The script that repeats it is too long for this page; the JSON report has it.</p>`)
	case a.script != "":
		fmt.Fprintf(b, `<p class="label">Repeat it</p><pre class="script">%s</pre>`, htmlText(display(a.script)))
	}
	return b.Len() <= most
}

// writeTo writes it as elements; no text of it is markup there.
func (e htmlExchange) writeTo(b *bytes.Buffer) {
	status, times := "no answer", ""
	if e.Status != 0 {
		status = fmt.Sprint(e.Status)
	}
	if e.Times > 1 {
		times = fmt.Sprintf(` <span class="kind">%d times, the last </span>`, e.Times)
	}
	fmt.Fprintf(b, `<details class="exchange"><summary><b>%s</b> <code>%s</code> <span class="status">%s</span>%s <span class="kind">%s</span></summary>`,
		htmlText(e.Method), htmlText(e.URL), status, times, e.Took)
	if sender := e.sender(); sender != "" {
		fmt.Fprintf(b, `<p class="kind">%s</p>`, htmlText(sender))
	}
	if e.Body != "" {
		fmt.Fprintf(b, `<p class="kind">Request</p><pre>%s</pre>`, htmlText(e.Body))
	}
	fmt.Fprintf(b, `<p class="kind">Answer</p><pre>%s</pre></details>`, htmlText(cmp.Or(e.Answer, "(no body)")))
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
