package traffic

import (
	"bytes"
	"net/http"
	"slices"
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
	for i := range o.headers {
		if h := &o.headers[i]; firstOf(r.Header, h.key) != "" {
			add(h.fact)
		}
	}
	for i := range o.parameters {
		p := &o.parameters[i]
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
func (r *request) example() *recorded {
	text, isError := errorOf(r.Answer)
	if isError {
		text = r.impersonal(text)
	}
	like := make([]*recorded, 0, 8)
	for i := range r.operation.recorded {
		x := &r.operation.recorded[i]
		if x.Status == r.Status && isError == x.isError && (!isError || text == x.text) {
			like = append(like, x)
		}
	}
	if len(like) == 0 {
		return nil
	}
	best := 0
	if len(like) > 1 {
		common := r.common(like)
		best = slices.Index(common, slices.Max(common))
	}
	return like[best]
}

// longestRefusal is as long as an answer is at most that tells of an error.
const longestRefusal = 8 << 10

// errorOf gives the text of an answer's error.
func errorOf(answer []byte) (string, bool) {
	if len(answer) > longestRefusal {
		return "", false
	}
	if !bytes.Contains(answer, []byte(`"error"`)) && bytes.IndexByte(answer, '\\') < 0 {
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

// common counts what a request gives as each of some recorded ones does.
func (r *request) common(all []*recorded) []int {
	counts := make([]int, len(all))
	if len(r.operation.known) == 0 || r.operation.Method == http.MethodDelete {
		return counts
	}
	namesItself := r.namesItself()
	for i, x := range all {
		if namesItself == x.namesItself {
			counts[i]++
		}
	}
	for n := range r.operation.parameters {
		p := &r.operation.parameters[n]
		if p.inPath {
			continue
		}
		mine, isMine := r.value(p)
		for i, x := range all {
			its := &x.given[n]
			if isMine == its.isGiven {
				counts[i]++
			}
			if isMine && its.isGiven && alike(p, mine, its.value) {
				counts[i]++
			}
		}
	}
	return counts
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
func alike(p *parameter, a, b gjson.Result) bool {
	if strings.HasPrefix(p.Validation.Text, mustBeOne) {
		return a.Str == b.Str
	}
	scheme, _, _ := strings.Cut(a.Str, "://")
	its, _, isAddress := strings.Cut(b.Str, "://")
	return isAddress && strings.EqualFold(scheme, its)
}
