package traffic

import (
	"cmp"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/pocketcheck/pocketcheck/fixtures"
)

// named is a value with the name of its parameter.
type named struct{ name, value string }

// segments are those of a path between its slashes, the first of which is empty.
type segments struct {
	all   [mostSegments]string
	count int
}

// mostSegments are more than the path of any endpoint has.
const mostSegments = 10

// segmentsOf takes the path of a target apart, so far as it may be that of an endpoint.
func segmentsOf(target string) (s segments) {
	path, _, _ := strings.Cut(target, "?")
	for more := true; more && s.count < mostSegments; s.count++ {
		s.all[s.count], path, more = strings.Cut(path, "/")
	}
	return s
}

// fits gives the values of the path's parameters, where the path is one of the operation.
func (o *operation) fits(path *segments) (values []named, ok bool) {
	if path.count != len(o.segments) {
		return nil, false
	}
	for i, wanted := range o.segments {
		segment := path.all[i]
		if _, isValue := isParameter(wanted); !isValue && wanted != segment && wanted != unescaped(segment) || isValue && !isSegment(segment) {
			return nil, false
		}
	}
	values = make([]named, 0, len(o.inPath))
	for i, wanted := range o.segments {
		if name, isValue := isParameter(wanted); isValue {
			values = append(values, named{name, unescaped(path.all[i])})
		}
	}
	return values, true
}

// isSegment tells of what can stand for a value in a path.
func isSegment(text string) bool {
	_, err := url.PathUnescape(text)
	return text != "" && err == nil
}

// unescaped is a segment without escapes, where they can be read.
func unescaped(segment string) string {
	if text, err := url.PathUnescape(segment); err == nil {
		return text
	}
	return segment
}

// EndpointOf gives the endpoint of the document that a request is to, as documented, with
// the id of the asset in its path; "" where it is to none. HEAD is as good as GET.
func EndpointOf(r *http.Request) (endpoint, assetID string) {
	o, values := routed(r.Method, targetOf(r))
	if o == nil {
		return "", ""
	}
	for _, v := range values {
		if v.name == "asset_id" {
			assetID = v.value
		}
	}
	return o.called, assetID
}

func routed(method, target string) (*operation, []named) {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	path := segmentsOf(target)
	for _, o := range alikeOperations()[shape{method, path.count}] {
		if values, ok := o.fits(&path); ok {
			return o, values
		}
	}
	return nil, nil
}

// shape is what operations are told apart by first.
type shape struct {
	method   string
	segments int
}

// alikeOperations are the operations of each shape.
var alikeOperations = sync.OnceValue(func() map[shape][]*operation {
	alike := map[shape][]*operation{}
	for _, o := range operations() {
		of := shape{o.Method, len(o.segments)}
		alike[of] = append(alike[of], o)
	}
	return alike
})

// longestPath is how long a path is at most that is compared with others.
const longestPath = 300

// apiPath is how the paths of all endpoints begin. What is beside it is none of the
// document's, unless an endpoint was meant.
const apiPath = "/api/"

// strayed says what was meant by a request that is to no endpoint.
func (x *Exchange) strayed() []Finding {
	path, _, _ := strings.Cut(x.Target, "?")
	segments := segmentsOf(path)
	var methods []string
	for _, o := range operations() {
		if _, ok := o.fits(&segments); ok {
			methods = append(methods, o.Method)
		}
	}
	if len(methods) > 0 {
		slices.Sort(methods)
		return []Finding{{PathFact, "the method of " + x.cut(path), x.cut(x.Method), strings.Join(methods, " or ")}}
	}
	want := ""
	if len(path) <= longestPath {
		want = endpointLike(x.Method, path)
	}
	if want == "" && !strings.HasPrefix(cleaned(path), apiPath) {
		return nil
	}
	return []Finding{{PathFact, "the path", x.cut(x.Method + " " + path), cmp.Or(want, "that of an endpoint")}}
}

// cleaned is a path as it may have been meant: with a slash between segments, and small.
func cleaned(text string) string { return path.Clean("/" + strings.ToLower(text)) }

// endpointLike is what was meant by a path that is of no endpoint, with the values that it
// has; "" where none is like it. Of other methods it is one with as many segments.
func endpointLike(method, path string) string {
	segments := strings.Split(path, "/")
	var near, alike []string
	for _, o := range operations() {
		near = append(near, o.Method+" "+o.like(segments))
		if len(o.segments) == len(segments) {
			alike = append(alike, near[len(near)-1])
		}
	}
	spellings := []string{path, cleaned(path), strings.TrimRight(path, "/"), "/api/v2" + path, "/api" + path}
	for _, path := range spellings {
		if o, _ := routed(method, path); o != nil {
			return method + " " + path
		}
	}
	for _, candidates := range [][]string{alike, near} { // a word that is wrong first
		for _, path := range spellings {
			if meant := fixtures.Nearest(method+" "+path, candidates...); meant != "" {
				return meant
			}
		}
	}
	for _, other := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
		if meant := fixtures.Nearest(other+" "+path, alike...); meant != "" {
			return meant
		}
	}
	return ""
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
