package traffic

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
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
