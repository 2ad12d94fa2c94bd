package traffic

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
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
		Endpoint: e, called: e.Method + " " + e.Path, segments: strings.Split(e.Path, "/"), ids: map[fixtures.Lines]string{},
		inPath: map[string]bool{}, statuses: map[int]bool{},
	}
	for _, segment := range o.segments {
		if name, ok := isParameter(segment); ok {
			o.inPath[name] = true
		}
	}
	for _, p := range e.Parameters {
		if !o.inPath[p.Name] {
			o.elsewhere = append(o.elsewhere, p.Name)
		}
	}
	for _, h := range e.Headers {
		o.headers = append(o.headers, http.CanonicalHeaderKey(h.Name))
	}
	for _, x := range e.Examples {
		o.statuses[x.Status] = true
		o.examples = append(o.examples, recordedAs(o, x))
	}
	for _, row := range e.Errors {
		o.statuses[row.Status] = true
	}
	o.documented = listed(o.statuses)
	for _, f := range fixtures.Facts() {
		if f.Endpoint != o.called || f.Kind == "description" {
			continue
		}
		o.name = f.Operation()
		if _, isNamed := o.ids[f.Lines]; !isNamed { // what follows from it stands behind it
			o.ids[f.Lines] = f.ID
		}
	}
	return o
}

func listed(statuses map[int]bool) string {
	var all []string
	for _, status := range slices.Sorted(maps.Keys(statuses)) {
		all = append(all, strconv.Itoa(status))
	}
	return strings.Join(all, ", ")
}

// fits tells whether a path is one of the operation.
func (o *operation) fits(path string) bool {
	rest, hasMore := path, true
	for _, wanted := range o.segments {
		var segment string
		if !hasMore {
			return false
		}
		segment, rest, hasMore = strings.Cut(rest, "/")
		if _, isValue := isParameter(wanted); isValue {
			if !isSegment(segment) {
				return false
			}
		} else if wanted != segment && wanted != unescaped(segment) {
			return false
		}
	}
	return !hasMore
}

// isSegment tells of what can stand for a value in a path.
func isSegment(text string) bool {
	_, err := url.PathUnescape(text)
	return text != "" && err == nil
}

// values gives those of the parameters of a path that fits.
func (o *operation) values(path string) map[string]string {
	values := make(map[string]string, len(o.inPath))
	for _, wanted := range o.segments {
		segment, rest, _ := strings.Cut(path, "/")
		if name, isValue := isParameter(wanted); isValue {
			values[name] = unescaped(segment)
		}
		path = rest
	}
	return values
}

// unescaped is a segment without escapes, where they can be read.
func unescaped(segment string) string {
	if text, err := url.PathUnescape(segment); err == nil {
		return text
	}
	return segment
}

// Endpoint gives the endpoint of the document that a request is to, as documented, with
// the values of its path's parameters; "" where it is to none. HEAD is as good as GET.
func Endpoint(method, target string) (endpoint string, values map[string]string) {
	o, values := routed(method, target)
	if o == nil {
		return "", nil
	}
	return o.called, values
}

func routed(method, target string) (*operation, map[string]string) {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	path, _, _ := strings.Cut(target, "?")
	for _, o := range operations() {
		if o.Method == method && o.fits(path) {
			return o, o.values(path)
		}
	}
	return nil, nil
}

// longestPath is how long a path is at most that is compared with others.
const longestPath = 300

// apiPath is how the paths of all endpoints begin. What is beside it is none of the
// document's, unless an endpoint was meant.
const apiPath = "/api/"

// strayed says what was meant by a request that is to no endpoint.
func (x Exchange) strayed() []Finding {
	method, target := x.Method, x.Target
	path, _, _ := strings.Cut(target, "?")
	segments := strings.Split(path, "/")
	var methods, near []string
	for _, o := range operations() {
		if o.fits(path) {
			methods = append(methods, o.Method)
		}
		near = append(near, o.Method+" "+o.like(segments))
	}
	if len(methods) > 0 {
		slices.Sort(methods)
		return []Finding{{PathFact, "the method of " + x.cut(path), x.cut(method), strings.Join(methods, " or ")}}
	}
	wrong := Finding{PathFact, "the path", x.cut(method + " " + path), "that of an endpoint"}
	if len(path) > longestPath && strings.HasPrefix(path, apiPath) {
		return []Finding{wrong}
	}
	if len(path) > longestPath {
		return nil
	}
	meant := []string{path, strings.TrimRight(path, "/"), "/api/v2" + path, "/api" + path}
	for _, path := range meant {
		if o, _ := routed(method, path); o != nil {
			return []Finding{{wrong.Fact, wrong.At, wrong.Got, method + " " + path}}
		}
	}
	for _, path := range meant {
		if wrong.Want = fixtures.Nearest(method+" "+path, near...); wrong.Want != "" {
			return []Finding{wrong}
		}
	}
	wrong.Want = "that of an endpoint"
	if !strings.HasPrefix(path, apiPath) {
		return nil
	}
	return []Finding{wrong}
}

// like is the path of the operation with the values that another has in its place.
func (o *operation) like(segments []string) string {
	if len(segments) != len(o.segments) {
		return o.Path
	}
	all := slices.Clone(o.segments)
	for i, segment := range all {
		if _, isValue := isParameter(segment); isValue && isSegment(segments[i]) {
			all[i] = segments[i]
		}
	}
	return strings.Join(all, "/")
}
