package traffic

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/tidwall/gjson"
)

// operation is an endpoint of the document with what is looked up for each request.
type operation struct {
	fixtures.Endpoint
	called     string // as the table of facts has it
	segments   []string
	ids        map[fixtures.Lines]string // of the facts that lines of it are
	headers    []header
	parameters []parameter
	known      []string // the names of those that are not in the path
	inPath     []string // the names of those that are
	statuses   map[int]bool
	documented string // the statuses, for a person
	recorded   []recorded
	inQuery    bool // the parameters that are not in the path are in the query, as in the examples of a GET
}

// parameter is one of the document, with the facts that it is.
type parameter struct {
	fixtures.Parameter
	fact, rule string
	inPath     bool
}

// header is one of the document, with the fact that it is.
type header struct {
	fixtures.Header
	key, fact string
	isMedia   bool
}

// recorded is an example of the document.
type recorded struct {
	fixtures.Example
	fact        string
	given       []given // of its request, as the operation's parameters are
	namesItself bool
	text        string // of the error that it answers
	isError     bool
}

// given is what a request gives a parameter.
type given struct {
	value   gjson.Result
	isGiven bool
}

// operations are the document's endpoints, in its order.
var operations = sync.OnceValue(func() []*operation {
	contract, err := fixtures.ParseContract(fixtures.Document())
	if err != nil {
		panic(err) // the document is embedded: it is the build that is broken
	}
	var all []*operation
	for _, e := range contract.Endpoints {
		all = append(all, operationOf(e))
	}
	return all
})

func operationOf(e fixtures.Endpoint) *operation {
	o := &operation{
		Endpoint: e, called: e.Method + " " + e.Path, segments: strings.Split(e.Path, "/"),
		ids: map[fixtures.Lines]string{}, statuses: map[int]bool{}, inQuery: e.Method == http.MethodGet,
	}
	for _, f := range fixtures.Facts() {
		_, isNamed := o.ids[f.Lines] // what follows from it stands behind it
		if f.Endpoint == o.called && f.Kind != "description" && !isNamed {
			o.ids[f.Lines] = f.ID
		}
	}
	for _, segment := range o.segments {
		if name, isValue := isParameter(segment); isValue {
			o.inPath = append(o.inPath, name)
		}
	}
	for _, h := range e.Headers {
		o.headers = append(o.headers, header{h, http.CanonicalHeaderKey(h.Name), o.ids[h.Lines], strings.Contains(h.Value, "/")})
	}
	for _, p := range e.Parameters {
		inPath := slices.Contains(o.inPath, p.Name)
		if !inPath {
			o.known = append(o.known, p.Name)
		}
		o.parameters = append(o.parameters, parameter{p, o.ids[p.Lines], o.ids[p.Validation.Lines], inPath})
	}
	for _, x := range e.Examples {
		o.statuses[x.Status] = true
		path := segmentsOf(x.Path)
		values, _ := o.fits(&path)
		r, _ := taking(&Exchange{Method: x.Method, Target: x.Path, Body: []byte(x.RequestBody)}, o, values)
		text, isError := errorOf([]byte(x.ResponseBody))
		of := recorded{Example: x, fact: o.ids[x.Lines], namesItself: r.namesItself(), text: r.impersonal(text), isError: isError}
		for i := range o.parameters {
			value, isGiven := r.value(&o.parameters[i])
			of.given = append(of.given, given{value, isGiven})
		}
		o.recorded = append(o.recorded, of)
	}
	for _, row := range e.Errors {
		o.statuses[row.Status] = true
	}
	o.documented = listed(o.statuses)
	return o
}

func listed(statuses map[int]bool) string {
	var all []string
	for _, status := range slices.Sorted(maps.Keys(statuses)) {
		all = append(all, strconv.Itoa(status))
	}
	return strings.Join(all, ", ")
}

// isParameter tells of a segment of a documented path that stands for a value.
func isParameter(segment string) (name string, ok bool) { return strings.CutPrefix(segment, ":") }
