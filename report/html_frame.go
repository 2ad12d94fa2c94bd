package report

import (
	"bytes"
	"errors"
)

// htmlFrame is a page without what was asked in its scenarios, and where that belongs. It
// is what a report takes above all: as much as fits is put in, and the frame need not be
// made anew for each try.
type htmlFrame struct {
	bytes.Buffer
	detail   htmlDetail
	target   string
	places   []htmlPlace
	texts    map[string]htmlShown // of the requests
	size     int                  // of the page, with what was put in
	tooLarge bool                 // with nothing put in
}

// htmlPlace is where what was asked in a scenario belongs.
type htmlPlace struct {
	at    int // in the frame
	asked htmlAsked
	part  []byte // what is put there
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

// Asked notes that it belongs where the template has come to.
func (s htmlScenario) Asked() string {
	s.frame.places = append(s.frame.places, htmlPlace{at: s.frame.Len(), asked: s.asked})
	return ""
}

// page is the whole with what the nth detail shows everywhere; nil where that is more than
// so many bytes. Where there is room, it has what the details before it show: of what did
// not pass first.
func (f *htmlFrame) page(n, most int) []byte {
	if f.tooLarge {
		return nil
	}
	f.size = f.Len()
	for i := range f.places {
		f.places[i].part = nil
	}
	for i := range f.places {
		if !f.put(i, htmlDetails[n], most) {
			return nil
		}
	}
	for _, passed := range []bool{false, true} {
		for fuller := n - 1; fuller >= 0 && f.enrich(passed, htmlDetails[fuller]); fuller-- {
		}
	}
	return f.whole()
}

// enrich puts in what a fuller detail shows of the scenarios that passed, or of the others,
// wherever there is room; it tells whether there was everywhere.
func (f *htmlFrame) enrich(passed bool, d htmlDetail) bool {
	fits := true
	for i := range f.places {
		if f.places[i].asked.passed == passed && !f.put(i, d, htmlLimit) {
			fits = false
		}
	}
	return fits
}

// put puts in a place what a detail shows there, unless the page were then larger than
// most bytes.
func (f *htmlFrame) put(place int, d htmlDetail, most int) bool {
	p := &f.places[place]
	others := f.size - len(p.part)
	var part bytes.Buffer
	if !p.asked.write(&part, d, f, most-others) {
		return false
	}
	p.part, f.size = part.Bytes(), others+part.Len()
	return true
}

func (f *htmlFrame) whole() []byte {
	page := make([]byte, 0, f.size)
	done := 0
	for _, p := range f.places {
		page = append(append(page, f.Bytes()[done:p.at]...), p.part...)
		done = p.at
	}
	return append(page, f.Bytes()[done:]...)
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
