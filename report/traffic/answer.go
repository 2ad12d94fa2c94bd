package traffic

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/fixtures/openapi"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"github.com/tidwall/gjson"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// What the document says of any answer, without a line of its own.
const (
	StatusFact = "server.status" // its status is one that the endpoint's examples or error rows have
	JSONFact   = "server.json"   // what the document shows as JSON is JSON, in UTF-8
	ErrorFact  = "server.error"  // a refusal has an error, which is a string
)

// ofHTTP are statuses of what is between, of a server that is not well, or of HTTP itself:
// they say nothing of the document.
var ofHTTP = map[int]bool{
	http.StatusRequestTimeout: true, http.StatusRequestEntityTooLarge: true, http.StatusRequestURITooLong: true,
	http.StatusProxyAuthRequired: true, http.StatusExpectationFailed: true, http.StatusMisdirectedRequest: true,
	http.StatusTooEarly: true, http.StatusUpgradeRequired: true, http.StatusTooManyRequests: true,
	http.StatusRequestHeaderFieldsTooLarge: true, http.StatusBadGateway: true, http.StatusServiceUnavailable: true,
	http.StatusGatewayTimeout: true, http.StatusInsufficientStorage: true, http.StatusNetworkAuthenticationRequired: true,
}

// conditional are headers of a request with which HTTP has further answers.
var conditional = []string{"If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range", "Range"}

// isOfHTTP tells of an answer of which the document says nothing.
func (r *request) isOfHTTP() bool {
	asks := func(name string) bool { return len(r.Header[name]) > 0 }
	switch r.Status {
	case http.StatusNotAcceptable:
		return asks("Accept") || asks("Accept-Encoding") || asks("Accept-Language")
	case http.StatusPartialContent, http.StatusNotModified, http.StatusPreconditionFailed, http.StatusRequestedRangeNotSatisfiable:
		return slices.ContainsFunc(conditional, asks)
	}
	return r.Status == 0 || ofHTTP[r.Status]
}

// answered gives what the document finds wrong with an answer. A refusal of a request
// that is wrong itself may be any: the document shows few of them.
func (r *request) answered(isRequestWrong bool) []Finding {
	if r.isOfHTTP() || isRequestWrong && r.Status >= http.StatusBadRequest {
		return nil
	}
	if !r.operation.statuses[r.Status] && r.succeeds() {
		return []Finding{{StatusFact, "the status", statusLine(r.Status), "one of " + r.operation.documented}}
	}
	form := forms()[formKey{r.operation.called, r.Status}]
	if form == nil || r.Method == http.MethodHead || r.AnswerIsCut {
		return nil
	}
	isJSON := gjson.ValidBytes(r.Answer) || json.Valid(r.Answer) // the first is faster, the second has the say
	if !isJSON || !utf8.Valid(r.Answer) {
		return []Finding{{r.blamed(JSONFact), "the answer", "no JSON in UTF-8", "it as the document shows it"}}
	}
	if form.sure.fits(gjson.ParseBytes(r.Answer)) {
		return nil
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(r.Answer))
	if err != nil {
		return []Finding{{r.blamed(JSONFact), "the answer", "not to be read (" + err.Error() + ")", "JSON"}}
	}
	return r.misshapen(form.whole.Validate(value))
}

// succeeds tells that the document shows a success of the endpoint: where it shows none,
// that may have any status.
func (r *request) succeeds() bool {
	isSuccess := func(x fixtures.Example) bool { return x.Status < http.StatusBadRequest }
	return slices.ContainsFunc(r.operation.Examples, isSuccess) || r.Status >= http.StatusBadRequest
}

func statusLine(status int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}

// blamed is the recorded example of the answer's status, or a fact where there is none.
func (r *request) blamed(otherwise string) string {
	if x := r.example(); x != nil {
		return x.fact
	}
	for _, x := range r.operation.Endpoint.Examples {
		if x.Status == r.Status && x.Status < http.StatusBadRequest {
			return r.fact(x.Lines)
		}
	}
	return otherwise
}

// misshapen gives what a validation found, a line each.
func (r *request) misshapen(err error) (wrong []Finding) {
	invalid, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return nil
	}
	otherwise := StatusFact
	if r.Status >= http.StatusBadRequest {
		otherwise = ErrorFact
	}
	for _, leaf := range leaves(invalid) {
		got, want := "as no recorded one is ("+leaf.ErrorKind.LocalizedString(english)+")", "its documented shape"
		switch k := leaf.ErrorKind.(type) {
		case *kind.Type:
			got, want = k.Got, strings.Join(k.Want, " or ")
		case *kind.Required:
			got, want = "without "+strings.Join(k.Missing, ", "), "it"
		}
		wrong = append(wrong, Finding{r.blamed(otherwise), "the answer's " + pathOf(leaf.InstanceLocation), got, want})
	}
	return wrong
}

// pathOf is where a value is, as JSON path.
func pathOf(location []string) string {
	at := "$"
	for _, part := range location {
		if _, err := strconv.Atoi(part); err == nil {
			at += "[" + part + "]"
		} else {
			at += "." + part
		}
	}
	return at
}

var english = message.NewPrinter(language.English)

// leaves are the causes that have no further one.
func leaves(e *jsonschema.ValidationError) (all []*jsonschema.ValidationError) {
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	for _, cause := range e.Causes {
		all = append(all, leaves(cause)...)
	}
	return all
}

// form is the documented shape of an answer.
type form struct {
	whole *jsonschema.Schema
	sure  *outline
}

type formKey struct {
	endpoint string
	status   int
}

// forms are the documented shapes of answers. There is none of a 401 or a 500.
var forms = sync.OnceValue(func() map[formKey]*form {
	all, err := compiled()
	if err != nil {
		panic(err) // the document is embedded: it is the build that is broken
	}
	return all
})

func compiled() (map[formKey]*form, error) {
	contract := &fixtures.Contract{}
	for _, o := range operations() {
		contract.Endpoints = append(contract.Endpoints, o.Endpoint)
	}
	text, err := openapi.JSON(contract)
	if err != nil {
		return nil, err
	}
	description, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("read the description: %w", err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(describedAt, description); err != nil {
		return nil, fmt.Errorf("read the description: %w", err)
	}
	all := map[formKey]*form{}
	for _, o := range operations() {
		for status := range o.statuses {
			if status == http.StatusUnauthorized || status >= http.StatusInternalServerError {
				continue
			}
			whole, err := c.Compile(describedAt + "#/paths/" + o.pointer() + "/responses/" + strconv.Itoa(status) + "/content/application~1json/schema")
			if err != nil {
				return nil, fmt.Errorf("compile the answers of %s: %w", o.called, err)
			}
			all[formKey{o.called, status}] = &form{whole, outlineOf(whole)}
		}
	}
	return all, nil
}

const describedAt = "https://pocketcheck.invalid/openapi.json"

// pointer is where the description has the operation.
func (o *operation) pointer() string {
	segments := slices.Clone(o.segments)
	for i, segment := range segments {
		if name, ok := isParameter(segment); ok {
			segments[i] = "{" + name + "}"
		}
	}
	return strings.Join(segments, "~1") + "/" + strings.ToLower(o.Method)
}
