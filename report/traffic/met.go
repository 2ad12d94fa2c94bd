package traffic

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/tidwall/gjson"
)

// met gives the ids of the facts that an exchange is: the recorded example that it is
// like, the error row of its status, and the headers and parameters that it gives.
func (r *request) met() (ids []string) {
	o := r.operation
	for i, h := range o.Headers {
		if values := r.Header[o.headers[i]]; len(values) > 0 && values[0] != "" {
			ids = append(ids, r.fact(h.Lines))
		}
	}
	for _, p := range o.Parameters {
		if _, isGiven := r.value(p.Name); isGiven {
			ids = append(ids, r.fact(p.Lines), r.fact(p.Validation.Lines))
		}
	}
	if x := r.example(); x != nil {
		ids = append(ids, r.fact(x.Lines))
	}
	for _, row := range o.Errors {
		if row.Status == r.Status {
			ids = append(ids, r.fact(row.Lines))
		}
	}
	return slices.DeleteFunc(ids, func(id string) bool { return id == "" })
}

// example is the recorded one that an exchange is like, nil where it is like none: one with
// the error that is answered, or a success, and of several the one whose request has most
// in common.
func (r *request) example() (best *recorded) {
	text, isError := errorOf(r.Answer)
	if isError {
		text = r.impersonal(text)
	}
	most := -1 // not counted yet: of a single one nobody asks
	for i := range r.operation.examples {
		x := &r.operation.examples[i]
		if x.Example.Status != r.Status || x.isError != isError || x.error != text {
			continue
		}
		if best == nil {
			best = x
			continue
		}
		if most < 0 {
			most = r.common(&best.request)
		}
		if n := r.common(&x.request); n > most {
			best, most = x, n
		}
	}
	return best
}

// errorOf gives the text of an answer's error.
func errorOf(answer []byte) (string, bool) {
	text := gjson.GetBytes(answer, "error")
	return text.String(), text.Type == gjson.String
}

// recordedAs is a recorded example, as an exchange that came.
func recordedAs(o *operation, x fixtures.Example) recorded {
	r := recorded{Example: x, request: request{operation: o}}
	path, query, _ := strings.Cut(x.Path, "?")
	r.path = o.values(path)
	r.query, _ = url.ParseQuery(query) // the document's can be read
	r.body, _ = decoded[members]([]byte(x.RequestBody))
	if r.error, r.isError = errorOf([]byte(x.ResponseBody)); r.isError {
		r.error = r.impersonal(r.error)
	}
	return r
}

// impersonal is the text of an error without the values that the request gives.
func (r *request) impersonal(text string) string {
	for _, name := range slices.Sorted(maps.Keys(r.path)) {
		text = replaced(text, r.path[name], ":"+name)
	}
	for _, name := range slices.Sorted(maps.Keys(r.body)) {
		text = replaced(text, string(r.body[name]), ":"+name)
	}
	return text
}

// replaced leaves single letters and digits, which stand for much else in a text.
func replaced(text, value, by string) string {
	if len(value) < 2 && !strings.Contains(text, "="+value) {
		return text
	}
	if len(value) < 2 {
		return strings.ReplaceAll(text, "="+value, "="+by)
	}
	return strings.ReplaceAll(text, value, by)
}

// common counts what a request gives as a recorded one does.
func (r *request) common(recorded *request) (n int) {
	if r.namesItself() == recorded.namesItself() {
		n++
	}
	for _, p := range r.operation.Parameters {
		if r.operation.inPath[p.Name] {
			continue
		}
		mine, isMine := r.value(p.Name)
		its, isIts := recorded.value(p.Name)
		if isMine == isIts {
			n++
		}
		if isMine && isIts && alike(p, mine, its) {
			n++
		}
	}
	return n
}

// namesItself tells of a request whose parameter is what its path is about.
func (r *request) namesItself() bool {
	for _, value := range r.body {
		text, isText := decoded[string](value)
		for _, id := range r.path {
			if isText && text == id {
				return true
			}
		}
	}
	return false
}

// alike compares values as far as they are not the client's own: those that the document
// lists, and how an address begins.
func alike(p fixtures.Parameter, a, b json.RawMessage) bool {
	if mustBeOneOf.MatchString(p.Validation.Text) {
		return string(a) == string(b)
	}
	one, _ := decoded[string](a)
	other, _ := decoded[string](b)
	scheme, _, _ := strings.Cut(one, "://")
	return strings.Contains(other, "://") && strings.HasPrefix(other, scheme+"://")
}
