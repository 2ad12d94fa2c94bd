package traffic

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/tidwall/gjson"
)

// met gives the ids of the facts that an exchange is: the recorded example that it is
// like, the error row of its status, and the headers and parameters that it gives.
func (r *request) met() []string {
	o := r.operation
	ids := make([]string, 0, 8)
	add := func(id string) {
		if id != "" {
			ids = append(ids, id)
		}
	}
	for _, h := range o.headers {
		if firstOf(r.Header, h.key) != "" {
			add(h.fact)
		}
	}
	for _, p := range o.parameters {
		if _, isGiven := r.value(p); isGiven {
			add(p.fact)
			add(p.rule)
		}
	}
	if x := r.example(); x != nil {
		add(x.fact)
	}
	for _, row := range o.Errors {
		if row.Status == r.Status {
			add(r.fact(row.Lines))
		}
	}
	return ids
}

// example is the recorded one that an exchange is like: one with the error that is
// answered, or a success, and of several the one whose request has most in common; nil
// where there is none.
func (r *request) example() (best *recorded) {
	text, isError := errorOf(r.Answer)
	if isError {
		text = r.impersonal(text)
	}
	most := -1
	for i := range r.operation.recorded {
		x := &r.operation.recorded[i]
		if x.Status != r.Status || isError != x.isError || isError && text != x.text {
			continue
		}
		if n := r.common(x); n > most {
			best, most = x, n
		}
	}
	return best
}

// longestRefusal is as long as an answer is at most that tells of an error.
const longestRefusal = 8 << 10

// errorOf gives the text of an answer's error.
func errorOf(answer []byte) (string, bool) {
	if len(answer) > longestRefusal {
		return "", false
	}
	if !bytes.Contains(answer, []byte("error")) && bytes.IndexByte(answer, '\\') < 0 {
		return "", false // as most answers, which need not be parsed
	}
	text := gjson.GetBytes(answer, "error")
	return text.Str, text.Type == gjson.String
}

// impersonal is the text of an error without the values that the request gives.
func (r *request) impersonal(text string) string {
	for _, v := range r.path {
		text = replaced(text, v.value, ":"+v.name)
	}
	for _, m := range r.body {
		text = replaced(text, m.value.Raw, ":"+m.name)
	}
	return text
}

// replaced leaves single letters and digits, which stand for much else in a text.
func replaced(text, value, by string) string {
	if len(value) < 2 {
		return strings.ReplaceAll(text, "="+value, "="+by)
	}
	return strings.ReplaceAll(text, value, by)
}

// common counts what a request gives as a recorded one does.
func (r *request) common(x *recorded) (n int) {
	if len(r.operation.known) == 0 || x.Method == http.MethodDelete {
		return 0
	}
	if r.namesItself() == x.request.namesItself() {
		n++
	}
	for _, p := range r.operation.parameters {
		if p.inPath {
			continue
		}
		mine, isMine := r.value(p)
		its, isIts := x.request.value(p)
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
	for _, m := range r.body {
		for _, v := range r.path {
			if m.value.Type == gjson.String && m.value.Str == v.value {
				return true
			}
		}
	}
	return false
}

// alike compares values as far as they are not the client's own: those that the document
// lists, and how an address begins.
func alike(p parameter, a, b gjson.Result) bool {
	if strings.HasPrefix(p.Validation.Text, mustBeOne) {
		return a.Str == b.Str
	}
	scheme, _, _ := strings.Cut(a.Str, "://")
	its, _, isAddress := strings.Cut(b.Str, "://")
	return isAddress && strings.EqualFold(scheme, its)
}
