package traffic

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck/fixtures"
)

// named is a value with the name of its parameter.
type named struct{ name, value string }

// fits gives the values of the path's parameters, where the path is one of the operation.
func (o *operation) fits(path string) (values []named, ok bool) {
	for i, wanted := range o.segments {
		segment, rest, more := strings.Cut(path, "/")
		if isLast := i == len(o.segments)-1; isLast == more {
			return nil, false
		}
		path = rest
		name, isValue := isParameter(wanted)
		if !isValue && wanted == segment {
			continue
		}
		value, err := url.PathUnescape(segment)
		if !isValue && value == wanted {
			continue
		}
		if !isValue {
			return nil, false
		}
		if err != nil || segment == "" {
			return nil, false
		}
		values = append(values, named{name, value})
	}
	return values, true
}

// Endpoint gives the endpoint of the document that a request is to, as documented, with
// the id of the asset in its path; "" where it is to none. HEAD is as good as GET.
func Endpoint(method, target string) (endpoint, assetID string) {
	o, values := routed(method, target)
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
	path, _, _ := strings.Cut(target, "?")
	for _, o := range operations() {
		if o.Method != method {
			continue
		}
		if values, ok := o.fits(path); ok {
			return o, values
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
func strayed(method, target string) []Finding {
	path, _, _ := strings.Cut(target, "?")
	segments := strings.Split(path, "/")
	var methods, near []string
	for _, o := range operations() {
		if _, ok := o.fits(path); ok {
			methods = append(methods, o.Method)
		}
		near = append(near, o.Method+" "+o.like(segments))
	}
	if len(methods) > 0 {
		slices.Sort(methods)
		return []Finding{{PathFact, "the method of " + cut(path), cut(method), strings.Join(methods, " or ")}}
	}
	asked := method + " " + path
	wrong := Finding{PathFact, "the path", cut(asked), "that of an endpoint"}
	if len(path) <= longestPath {
		spellings := []string{asked, strings.TrimRight(asked, "/"), method + " /api/v2" + path, method + " /api" + path}
		for _, other := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
			spellings = append(spellings, other+" "+path)
		}
		for _, asked := range spellings {
			if meant := fixtures.Nearest(asked, near...); meant != "" {
				wrong.Want = meant
				return []Finding{wrong}
			}
		}
	}
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
		if _, isValue := isParameter(segment); isValue && segments[i] != "" {
			all[i] = segments[i]
		}
	}
	return strings.Join(all, "/")
}
