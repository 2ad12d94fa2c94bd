package traffic

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck/fixtures"
)

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
	if want == "" && !strings.HasPrefix(strings.ToLower(cleaned(path)), apiPath) {
		return nil
	}
	return []Finding{{PathFact, "the path", x.cut(x.Method + " " + path), cmp.Or(want, "that of an endpoint")}}
}

// cleaned is a path as it may have been meant: with a slash between segments.
func cleaned(text string) string { return path.Clean("/" + text) }

// endpointLike is what was meant by a path that is of no endpoint, with the values that it
// has; "" where none is like it.
func endpointLike(method, path string) string {
	clean := cleaned(path)
	for _, spelling := range []string{path, clean, "/api/v2" + clean, "/api" + clean, strings.Replace(clean, apiPath, apiPath+"v2/", 1)} {
		segments := strings.Split(spelling, "/")
		meant, least := "", farthest
		for _, o := range operations() {
			far, ok := o.farFrom(segments)
			if o.Method != method {
				far += anotherMethod
			}
			if ok && far < least {
				meant, least = o.Method+" "+o.like(segments), far
			}
		}
		if meant != "" {
			return meant
		}
	}
	return ""
}

// How far a path is from that of an endpoint: each word that is misspelt or value that
// is missing, the more so with another method; what is as far as can be is not meant.
const (
	aWord, aValue = 1, 2
	anotherMethod = 10
	farthest      = anotherMethod + aValue
)

// farFrom tells how far a path is from the operation's; not ok: it is another.
func (o *operation) farFrom(segments []string) (far int, ok bool) {
	if len(segments) == len(o.segments)-1 {
		segments = append(slices.Clone(segments), "") // the last value is missing
	}
	if len(segments) != len(o.segments) {
		return 0, false
	}
	for i, wanted := range o.segments {
		_, isValue := isParameter(wanted)
		word := strings.ToLower(unescaped(segments[i]))
		switch {
		case isValue && segments[i] == "":
			far += aValue
		case isValue && !isSegment(segments[i]):
			return 0, false
		case isValue, word == wanted:
		case word != "" && word[0] == wanted[0] && fixtures.Nearest(word, wanted) != "": // who errs knows how it begins
			far += aWord
		default:
			return 0, false
		}
	}
	return far, true
}

// like is the path of the operation with the values that another has in its place.
func (o *operation) like(segments []string) string {
	all := slices.Clone(o.segments)
	for i, segment := range segments {
		if _, isValue := isParameter(all[i]); isValue && isSegment(segment) {
			all[i] = segment
		}
	}
	return strings.Join(all, "/")
}
