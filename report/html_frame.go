package report

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
)

// htmlFrame is a page without what was asked in its scenarios, and where that belongs. It
// is what a report takes above all: as much as fits is put in, and the frame need not be
// made anew for each try.
type htmlFrame struct {
	bytes.Buffer
	detail   htmlDetail
	places   []htmlPlace
	draft    bytes.Buffer // where what a place may have is written first
	size     int          // of the page, with what was put in
	tooLarge bool         // with nothing put in
	made     chan error   // of a part: how that went
}

// htmlPlace is where what was asked in a scenario belongs.
type htmlPlace struct {
	at    int // in the frame
	asked htmlAsked
	part  []byte // what is put there
}

func newHTMLFrame(r *Report, d htmlDetail, bodies func() map[string]htmlShown, most int) (*htmlFrame, error) {
	f := &htmlFrame{detail: d}
	page := newHTMLPage(r, d)
	for i := range page.Endpoints {
		e := &page.Endpoints[i]
		e.page = f
		e.frame.made = make(chan error, 1)
		go func() { e.frame.made <- e.frame.write("endpoint", e, most) }() // side by side: they are most of a page
	}
	err := f.write("report", page, most)
	if f.tooLarge = errors.Is(err, errTooLarge); f.tooLarge {
		return f, nil
	}
	for i := range f.places {
		f.places[i].asked.read(r.Target, bodies())
	}
	return f, err
}

// write writes what the template of a name makes of data, up to so many bytes.
func (f *htmlFrame) write(name string, data any, most int) (err error) {
	defer func() {
		if fault := recover(); fault != nil { // which nobody would survive in a goroutine of its own
			err = fmt.Errorf("write the page, %s: %v", name, fault)
		}
	}()
	return parsedHTML.ExecuteTemplate(upTo{&f.Buffer, most}, name, data)
}

// Section is that of an endpoint, where the template has come to.
func (e htmlEndpoint) Section() (template.HTML, error) {
	if err := <-e.frame.made; err != nil {
		return "", err
	}
	for _, p := range e.frame.places {
		p.at += e.page.Len()
		e.page.places = append(e.page.places, p)
	}
	return template.HTML(e.frame.String()), nil // #nosec G203 -- a template made it
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
	f.draft.Reset()
	if !p.asked.write(&f.draft, d, most-others) {
		return false
	}
	p.part, f.size = bytes.Clone(f.draft.Bytes()), others+f.draft.Len()
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
