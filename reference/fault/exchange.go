package fault

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
)

// exchange is a request and its answer, taken apart for a variant to change.
type exchange struct {
	request *http.Request
	sent    *sent // as it came; nothing until the reference wants it
	passed  any   // the JSON body that the reference gets

	status int
	header http.Header
	answer any    // the JSON body; nil where it is none
	text   []byte // the body of an answer that is not JSON
	encode func(any) []byte
}

// exchanging lets the variant change what goes in to next and comes out of it. What
// it has nothing to do with goes through as it is.
func (v Variant) exchanging(next http.Handler) http.Handler {
	if !v.exchanges() {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !v.concerns(r.Context()) {
			next.ServeHTTP(w, r)
			return
		}
		x := &exchange{sent: &sent{}, encode: encoded}
		x.request = withBody(r, func(text []byte) []byte { return v.pass(x, text) })
		if !x.take(next, w) {
			return
		}
		if v.hits(x) {
			for _, a := range v.acts {
				if a.after != nil {
					a.after(x)
				}
			}
			x.spell()
		}
		x.reply(w)
	})
}

// pass gives the body that the reference gets in place of the one that came.
func (v Variant) pass(x *exchange, text []byte) []byte {
	x.sent.text = text
	if !v.hits(x) {
		return text
	}
	for _, a := range v.acts {
		if a.before != nil {
			x.passed = decoded(text)
			a.before(x)
			text = encoded(x.passed)
		}
	}
	return text
}

// take lets next answer the request; false where the answer is too long to be changed,
// and was given to w as it is.
func (x *exchange) take(next http.Handler, w http.ResponseWriter) bool {
	record := recorded(next, x.request, w)
	if record.isPassed {
		return false
	}
	x.status, x.header, x.text = record.status, record.header, record.body.Bytes()
	x.answer = decoded(x.text)
	return true
}

// spell makes the text of the answer anew.
func (x *exchange) spell() {
	if x.answer != nil {
		x.text = x.encode(x.answer)
	}
}

// reply writes the answer as it is now.
func (x *exchange) reply(w http.ResponseWriter) {
	for name, values := range x.header {
		w.Header()[name] = slices.Clone(values)
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(x.text)))
	w.WriteHeader(x.status)
	_, _ = w.Write(x.text) // the client is gone; there is nobody to tell
}

// decoded is nil for what is not JSON. Numbers keep their digits.
func decoded(body []byte) any {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	return v
}

func encoded(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // what came from JSON encodes
	return b.Bytes()
}
