package traffic

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/tidwall/gjson"
)

// request is one taken apart.
type request struct {
	*Exchange
	operation *operation // nil where it is to none
	path      []named
	query     url.Values
	body      []member
	// isRead tells that what the body lacks is known.
	isRead bool
}

// member is one of a JSON object. What is null is not given.
type member struct {
	name  string
	value gjson.Result
}

// taken takes a request apart; what can't be is a finding.
func taken(x *Exchange) (r request, wrong []Finding) {
	if isPreflight(x) {
		return request{Exchange: x}, nil
	}
	o, path := routed(x.Method, x.Target)
	if o == nil {
		return request{Exchange: x}, x.strayed()
	}
	return taking(x, o, path)
}

// isPreflight tells of what a browser asks before a request of its page.
func isPreflight(x *Exchange) bool {
	return x.Method == http.MethodOptions && x.Header.Get("Access-Control-Request-Method") != ""
}

// taking takes a request to an operation apart, whose path has values.
func taking(x *Exchange, o *operation, path []named) (r request, wrong []Finding) {
	r = request{Exchange: x, operation: o, path: path}
	if _, query, hasQuery := strings.Cut(x.Target, "?"); hasQuery {
		var err error
		if r.query, err = url.ParseQuery(query); err != nil {
			wrong = append(wrong, Finding{ParameterFact, "the query", "not to be read (" + err.Error() + ")", "names and values"})
		}
	}
	body := bytes.TrimSpace(x.Body)
	if r.isRead = !x.IsCut; x.IsCut || len(body) == 0 {
		return r, wrong
	}
	if !gjson.ValidBytes(body) || body[0] != '{' {
		r.isRead = false
		return r, append(wrong, Finding{BodyFact, "the body", spoilt(body), "a JSON object"})
	}
	gjson.ParseBytes(body).ForEach(func(name, value gjson.Result) bool {
		if value.Type != gjson.Null {
			r.body = append(r.body, member{name.String(), value})
		}
		return true
	})
	return r, wrong
}

// spoilt says what a body is, in place of an object.
func spoilt(body []byte) string {
	if gjson.ValidBytes(body) {
		return kindOf(body)
	}
	var any any
	return "no JSON (" + json.Unmarshal(body, &any).Error() + ")"
}

// findings gives what the document finds wrong with a request to one of its endpoints.
func (r *request) findings() (wrong []Finding) {
	wrong = append(wrong, r.headers()...)
	for i := range r.operation.parameters {
		p := &r.operation.parameters[i]
		value, isGiven := r.value(p)
		switch {
		case p.Required && !isGiven && r.isRead:
			wrong = append(wrong, Finding{p.fact, "the parameter " + p.Name, "missing", "it in " + r.place() + ": it is required"})
		case isGiven && !holds(p.Validation.Text, value):
			wrong = append(wrong, Finding{p.rule, "the parameter " + p.Name, shown(value), strconv.Quote(p.Validation.Text)})
		}
	}
	return append(wrong, r.strangers()...)
}

func (r *request) fact(lines fixtures.Lines) string { return r.operation.ids[lines] }

// place is where the parameters are that are not in the path.
func (r *request) place() string {
	if r.operation.inQuery {
		return "the query"
	}
	return "the JSON body"
}

// value gives a parameter, as JSON has it. Of several of one name the last counts, as for
// most readers.
func (r *request) value(p *parameter) (value gjson.Result, isGiven bool) {
	if p.inPath {
		for _, v := range r.path {
			if v.name == p.Name {
				return gjson.Result{Type: gjson.String, Str: v.value}, true
			}
		}
	}
	if r.operation.inQuery {
		return gjson.Result{Type: gjson.String, Str: r.query.Get(p.Name)}, r.query.Has(p.Name)
	}
	for _, m := range r.body {
		if m.name == p.Name {
			value, isGiven = m.value, true
		}
	}
	return value, isGiven
}

// headers gives those that are required and not as they are to be.
func (r *request) headers() (wrong []Finding) {
	for i := range r.operation.headers {
		h := &r.operation.headers[i]
		value, want := firstOf(r.Header, h.key), "one: it is required"
		if h.isMedia {
			want = h.Value
		}
		if value == "" && h.Required {
			wrong = append(wrong, Finding{h.fact, "the header " + h.Name, "missing", want})
		} else if h.isMedia && value != want && !isOfType(value, want) {
			wrong = append(wrong, Finding{h.fact, "the header " + h.Name, strconv.Quote(r.cut(value)), want})
		}
	}
	return wrong
}

func isOfType(value, media string) bool {
	got, _, err := mime.ParseMediaType(value)
	return err == nil && got == media
}

// strangers gives the parameters that the endpoint has not, or has not there.
func (r *request) strangers() (wrong []Finding) {
	look := func(name, place string) {
		isKnown := slices.Contains(r.operation.known, name)
		if isKnown && place == r.place() {
			return
		}
		got, want := "unknown", r.operation.meant(name)
		switch {
		case slices.Contains(r.operation.inPath, name):
			got, want = "misplaced", "it in the path"
		case isKnown:
			got, want = "misplaced", "it in "+r.place()
		}
		wrong = append(wrong, Finding{ParameterFact, fmt.Sprintf("the parameter %q in %s", r.cut(name), place), got, want})
	}
	for _, m := range r.body {
		look(m.name, "the JSON body")
	}
	if len(r.query) == 0 {
		return wrong // as most are
	}
	for _, name := range slices.Sorted(maps.Keys(r.query)) {
		look(name, "the query")
	}
	return wrong
}

// meant says which parameter was meant by a name that the endpoint has not.
func (o *operation) meant(name string) string {
	if len(o.known) == 0 {
		return "none: the endpoint has no parameters there"
	}
	if len(name) <= longestPath {
		if near := fixtures.Nearest(name, o.known...); near != "" {
			return near
		}
	}
	return "one of " + strings.Join(o.known, ", ")
}
