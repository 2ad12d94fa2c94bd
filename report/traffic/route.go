package traffic

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/pocketcheck/pocketcheck/fixtures"
)

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
		Endpoint: e, segments: strings.Split(e.Path, "/"), ids: map[fixtures.Lines]string{},
		parameters: map[string]fixtures.Parameter{}, inPath: map[string]bool{}, statuses: map[int]bool{},
	}
	for _, segment := range o.segments {
		if name, ok := isParameter(segment); ok {
			o.inPath[name] = true
		}
	}
	for _, p := range e.Parameters {
		o.parameters[p.Name] = p
	}
	for _, x := range e.Examples {
		o.statuses[x.Status] = true
	}
	for _, row := range e.Errors {
		o.statuses[row.Status] = true
	}
	for _, f := range fixtures.Facts() {
		if f.Endpoint != o.called() || f.Kind == "description" {
			continue
		}
		o.name = f.Operation()
		if _, isNamed := o.ids[f.Lines]; !isNamed { // what follows from it stands behind it
			o.ids[f.Lines] = f.ID
		}
	}
	return o
}

// called is the endpoint as the table of facts has it.
func (o *operation) called() string { return o.Method + " " + o.Path }

// fits gives the values of the path's parameters, where the path is one of the operation.
func (o *operation) fits(segments []string) (map[string]string, bool) {
	if len(segments) != len(o.segments) {
		return nil, false
	}
	values := map[string]string{}
	for i, wanted := range o.segments {
		name, isValue := isParameter(wanted)
		if !isValue && wanted != segments[i] || isValue && segments[i] == "" {
			return nil, false
		}
		if isValue {
			value, err := url.PathUnescape(segments[i])
			if err != nil {
				return nil, false
			}
			values[name] = value
		}
	}
	return values, true
}

// Endpoint gives the endpoint of the document that a request is to, as documented, with
// the values of its path's parameters; "" where it is to none. HEAD is as good as GET.
func Endpoint(method, target string) (endpoint string, values map[string]string) {
	o, values := routed(method, target)
	if o == nil {
		return "", nil
	}
	return o.called(), values
}

func routed(method, target string) (*operation, map[string]string) {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	path, _, _ := strings.Cut(target, "?")
	segments := strings.Split(path, "/")
	for _, o := range operations() {
		if o.Method != method {
			continue
		}
		if values, ok := o.fits(segments); ok {
			return o, values
		}
	}
	return nil, nil
}

// longestPath is how long a path is at most that is compared with others.
const longestPath = 300

// strayed says what was meant by a request that is to no endpoint.
func strayed(method, target string) Finding {
	path, _, _ := strings.Cut(target, "?")
	segments := strings.Split(path, "/")
	var methods, near []string
	for _, o := range operations() {
		if _, ok := o.fits(segments); ok {
			methods = append(methods, o.Method)
		}
		near = append(near, o.Method+" "+o.like(segments))
	}
	if len(methods) > 0 {
		slices.Sort(methods)
		return Finding{PathFact, "the method of " + cut(path), cut(method), strings.Join(methods, " or ")}
	}
	asked := method + " " + path
	wrong := Finding{PathFact, "the path", cut(asked), "that of an endpoint"}
	if len(path) > longestPath {
		return wrong
	}
	spellings := []string{asked, strings.TrimRight(asked, "/"), method + " /api/v2" + path, method + " /api" + path}
	for _, other := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
		spellings = append(spellings, other+" "+path)
	}
	for _, asked := range spellings {
		if meant := fixtures.Nearest(asked, near...); meant != "" {
			wrong.Want = meant
			break
		}
	}
	return wrong
}

// like is the path of the operation with the values that another has in its place.
func (o *operation) like(segments []string) string {
	if len(segments) != len(o.segments) {
		return o.Path
	}
	all := slices.Clone(o.segments)
	for i, segment := range all {
		if _, isValue := isParameter(segment); isValue && segments[i] != "" {
			all[i] = segments[i]
		}
	}
	return strings.Join(all, "/")
}
