package traffic

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck/fixtures"
)

// met gives the ids of the facts that an exchange is: the recorded example that it is
// like, the error row of its status, and the headers and parameters that it gives.
func (r request) met() (ids []string) {
	o := r.operation
	for _, h := range o.Headers {
		if r.Header.Get(h.Name) != "" {
			ids = append(ids, r.fact(h.Lines))
		}
	}
	for _, p := range o.Parameters {
		if _, isGiven := r.value(p.Name); isGiven {
			ids = append(ids, r.fact(p.Lines), r.fact(p.Validation.Lines))
		}
	}
	if x, ok := r.example(); ok {
		ids = append(ids, r.fact(x.Lines))
	}
	for _, row := range o.Errors {
		if row.Status == r.Status {
			ids = append(ids, r.fact(row.Lines))
		}
	}
	return slices.DeleteFunc(ids, func(id string) bool { return id == "" })
}

// example is the recorded one that an exchange is like: one with the error that is
// answered, or a success, and of several the one whose request has most in common.
func (r request) example() (best fixtures.Example, ok bool) {
	text, isError := errorOf(r.Answer)
	most := 0
	for _, x := range r.operation.Examples {
		recorded := recordedAs(r.operation, x)
		recordedText, isRecordedError := errorOf([]byte(x.ResponseBody))
		if x.Status != r.Status || isError != isRecordedError || isError && r.impersonal(text) != recorded.impersonal(recordedText) {
			continue
		}
		if n := r.common(recorded); !ok || n > most {
			best, ok, most = x, true, n
		}
	}
	return best, ok
}

// errorOf gives the text of an answer's error.
func errorOf(answer []byte) (string, bool) {
	body, _ := decoded[struct{ Error *string }](answer)
	if body.Error == nil {
		return "", false
	}
	return *body.Error, true
}

// recordedAs is a recorded request, as one that came.
func recordedAs(o *operation, x fixtures.Example) request {
	r := request{Exchange: Exchange{Method: x.Method, Target: x.Path, Body: []byte(x.RequestBody)}, operation: o}
	path, query, _ := strings.Cut(x.Path, "?")
	r.path, _ = o.fits(strings.Split(path, "/"))
	r.query, _ = url.ParseQuery(query) // the document's can be read
	r.body, _ = decoded[members](r.Body)
	return r
}

// impersonal is the text of an error without the values that the request gives.
func (r request) impersonal(text string) string {
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
func (r request) common(recorded request) (n int) {
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
func (r request) namesItself() bool {
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
