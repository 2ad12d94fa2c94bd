package report

import (
	"bytes"
	"errors"
)

// htmlFrame is a page without the requests of its scenarios, and where they belong. What
// a report takes is its requests above all: as many as fit are put in, and the frame
// need not be made anew for each try.
type htmlFrame struct {
	bytes.Buffer
	detail   htmlDetail
	target   string
	places   []htmlPlace
	texts    map[string]htmlShown // of the requests
	tooLarge bool                 // even without them
}

// htmlPlace is where the requests of a scenario belong.
type htmlPlace struct {
	at        int // in the frame
	exchanges []Exchange
	passed    bool
}

// htmlShown is as much of a text as any page shows, and how many bytes all of it has.
type htmlShown struct {
	shown string
	whole int
}

func newHTMLFrame(r *Report, d htmlDetail, most int) (*htmlFrame, error) {
	f := &htmlFrame{detail: d, target: r.Target, texts: map[string]htmlShown{}}
	err := parsedHTML.Execute(upTo{&f.Buffer, most}, newHTMLPage(r, d, f))
	if f.tooLarge = errors.Is(err, errTooLarge); f.tooLarge {
		return f, nil
	}
	return f, err
}

// serves tells that the frame is the same for a detail.
func (f *htmlFrame) serves(d htmlDetail) bool {
	return f.detail.text == d.text && f.detail.script == d.script
}

// Exchanges notes where they belong, which is where the template has come to.
func (s htmlScenario) Exchanges() string {
	s.frame.places = append(s.frame.places, htmlPlace{s.frame.Len(), s.exchanges, s.Outcome == Passed})
	return ""
}

// page is the whole with what a detail shows of the requests; nil where that is more
// than so many bytes.
func (f *htmlFrame) page(d htmlDetail, most int) []byte {
	if f.tooLarge {
		return nil
	}
	frame, done := f.Bytes(), 0
	b := bytes.NewBuffer(make([]byte, 0, 2*len(frame)))
	for _, p := range f.places {
		b.Write(frame[done:p.at])
		done = p.at
		d.ofScenario(p.passed).writeExchanges(b, f, p.exchanges)
		if b.Len()+len(frame)-done > most {
			return nil
		}
	}
	b.Write(frame[done:])
	return b.Bytes()
}

// json gives a JSON text of a request as [htmlDetail.json] does. It is asked for by one
// detail after the other.
func (f *htmlFrame) json(d htmlDetail, text string) string {
	t, known := f.texts[text]
	if !known {
		whole := byLine(text)
		t = htmlShown{displayed(whole, htmlDetails[0].text), len(whole)}
		f.texts[text] = t
	}
	return d.shorten(t.shown, t.whole)
}
