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
)

// members are those of a JSON object; null is not given.
type members map[string]json.RawMessage

// taken takes a request apart; what can't be is a finding.
func taken(x Exchange) (r *request, wrong []Finding) {
	r = &request{Exchange: x}
	if isPreflight(x) {
		return r, nil
	}
	if r.operation, r.path = routed(x.Method, x.Target); r.operation == nil {
		return r, x.strayed()
	}
	if _, query, _ := strings.Cut(x.Target, "?"); query != "" {
		var err error
		if r.query, err = url.ParseQuery(query); err != nil {
			wrong = append(wrong, Finding{ParameterFact, "the query", "not to be read (" + err.Error() + ")", "names and values"})
		}
	}
	body := bytes.TrimSpace(x.Body)
	if x.IsCut || len(body) == 0 {
		return r, wrong
	}
	if err := json.Unmarshal(body, &r.body); err != nil || r.body == nil {
		wrong = append(wrong, Finding{BodyFact, "the body", spoilt(body, err), "a JSON object"})
	}
	maps.DeleteFunc(r.body, func(_ string, value json.RawMessage) bool { return string(value) == "null" })
	return r, wrong
}

// isPreflight tells of what a browser asks before a request of its page.
func isPreflight(x Exchange) bool {
	return x.Method == http.MethodOptions && x.Header.Get("Access-Control-Request-Method") != ""
}

// spoilt says what a body is, in place of an object.
func spoilt(body []byte, err error) string {
	if json.Valid(body) {
		return kindOf(body)
	}
	return "no JSON (" + err.Error() + ")"
}

// findings gives what the document finds wrong with a request to one of its endpoints.
func (r *request) findings() (wrong []Finding) {
	wrong = append(wrong, r.headers()...)
	for _, p := range r.operation.Parameters {
		value, isGiven := r.value(p.Name)
		if p.Required && !isGiven && !r.IsCut && r.body.isReadable(r.Exchange) {
			wrong = append(wrong, Finding{r.fact(p.Lines), "the parameter " + p.Name, "missing", "it in " + r.place() + ": it is required"})
		}
		if isGiven && !holds(p, value) {
			wrong = append(wrong, Finding{r.fact(p.Validation.Lines), "the parameter " + p.Name, shown(value), strconv.Quote(p.Validation.Text)})
		}
	}
	return append(wrong, r.strangers()...)
}

// isReadable tells that what a body lacks is known.
func (m members) isReadable(x Exchange) bool { return m != nil || len(bytes.TrimSpace(x.Body)) == 0 }

func (r *request) fact(lines fixtures.Lines) string { return r.operation.ids[lines] }

// inQuery tells where the parameters are that are not in the path: in the query of a GET,
// and in the body of all else, as the document's examples have it.
func (r *request) inQuery() bool { return r.operation.Method == http.MethodGet }

func (r *request) place() string {
	if r.inQuery() {
		return inQuery
	}
	return inBody
}

// value gives a parameter as JSON.
func (r *request) value(name string) (json.RawMessage, bool) {
	if text, ok := r.path[name]; ok {
		return quoted(text), true
	}
	if r.inQuery() {
		if !r.query.Has(name) {
			return nil, false
		}
		return quoted(r.query.Get(name)), true
	}
	value, ok := r.body[name]
	return value, ok
}

func quoted(text string) json.RawMessage {
	if !strings.ContainsFunc(text, isEscaped) {
		return json.RawMessage(`"` + text + `"`)
	}
	value, _ := json.Marshal(text) // a string always can be
	return value
}

func isEscaped(c rune) bool { return c < ' ' || c > '~' || c == '"' || c == '\\' }

// headers gives those that are required and not as they are to be.
func (r *request) headers() (wrong []Finding) {
	for i, h := range r.operation.Headers {
		value, isMedia, want := "", strings.Contains(h.Value, "/"), "one: it is required"
		if values := r.Header[r.operation.headers[i]]; len(values) > 0 {
			value = values[0]
		}
		if value == h.Value {
			continue
		}
		if isMedia {
			want = h.Value
		}
		if value == "" && h.Required {
			wrong = append(wrong, Finding{r.fact(h.Lines), "the header " + h.Name, "missing", want})
		} else if media, _, err := mime.ParseMediaType(value); isMedia && (err != nil || media != h.Value) {
			wrong = append(wrong, Finding{r.fact(h.Lines), "the header " + h.Name, strconv.Quote(r.cut(value)), want})
		}
	}
	return wrong
}

// The places in which a request has parameters.
const inPath, inQuery, inBody = "the path", "the query", "the JSON body"

// strangers gives the parameters that the endpoint has not, or has not there.
func (r *request) strangers() (wrong []Finding) {
	for _, name := range slices.Sorted(maps.Keys(r.body)) {
		wrong = r.placed(wrong, name, inBody)
	}
	for _, name := range slices.Sorted(maps.Keys(r.query)) {
		wrong = r.placed(wrong, name, inQuery)
	}
	return wrong
}

// placed adds what is wrong with a parameter that is in a place.
func (r *request) placed(wrong []Finding, name, place string) []Finding {
	isKnown := slices.Contains(r.operation.elsewhere, name)
	if isKnown && place == r.place() {
		return wrong
	}
	at := fmt.Sprintf("the parameter %q in %s", r.cut(name), place)
	switch {
	case r.operation.inPath[name]:
		return append(wrong, Finding{ParameterFact, at, "misplaced", "it in " + inPath})
	case isKnown:
		return append(wrong, Finding{ParameterFact, at, "misplaced", "it in " + r.place()})
	}
	return append(wrong, Finding{ParameterFact, at, "unknown", meant(name, r.operation.elsewhere)})
}

// meant says which parameter was meant by a name that the endpoint has not.
func meant(name string, known []string) string {
	if len(known) == 0 {
		return "none: the endpoint has no parameters there"
	}
	if len(name) <= longestPath {
		if near := fixtures.Nearest(name, known...); near != "" {
			return near
		}
	}
	return "one of " + strings.Join(known, ", ")
}
