package report

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// explains tells whether what was seen may be why another failure is, with all that
// is wrong in its answer.
func (f *Failure) explains(other *Failure) bool {
	for _, o := range other.all() {
		if !slices.ContainsFunc(f.all(), func(seen *Failure) bool { return seen.accountsFor(o) }) {
			return false
		}
	}
	return true
}

// accountsFor tells it of one place each. A wrong
// status is explained by the same one of the same endpoint alone. A wrong member is
// explained by a wrong answer of the same endpoint that is wrong in the same way,
// or that could not have it; and by the same wrong value in another's answer.
func (f *Failure) accountsFor(other *Failure) bool {
	switch {
	case other.Path == "":
		return f.Path == "" && f.Status == other.Status && f.Endpoint == other.Endpoint &&
			(f.Status >= http.StatusBadRequest || f.wantsRefusal() == other.wantsRefusal())
	case f.Path == "":
		return false
	case f.Endpoint != other.Endpoint:
		return f.member() == other.member() && f.Actual == other.Actual
	}
	return f.member() == other.member() && kindOf(f.Actual) == kindOf(other.Actual) || f.lacks(other.Path) || f.identifies(other.Path)
}

func (f *Failure) wantsRefusal() bool { return strings.HasPrefix(f.Expected, "4") }

// loses tells whether what was made was not found again, which explains that others
// do not find it either.
func (f *Failure) loses(other *Failure) bool {
	return f.Path == "" && f.Status == http.StatusNotFound && (other.Path != "" || other.Status == http.StatusNotFound)
}

// member is the name of what is wrong in an answer.
func (f *Failure) member() string {
	name := f.Path[strings.LastIndexByte(f.Path, '.')+1:]
	name, _, _ = strings.Cut(name, "[")
	return name
}

// lacks tells whether what was seen has no room for a place: no object where a
// member of one is looked for, no array where there should be an element.
func (f *Failure) lacks(place string) bool {
	rest, isBelow := strings.CutPrefix(place, f.Path)
	switch {
	case !isBelow || rest == "":
		return false
	case rest[0] == '.':
		return kindOf(f.Actual) != "object"
	}
	return rest[0] == '[' && kindOf(f.Actual) != "array"
}

// identifying are the members by which things are found in a list.
var identifying = map[string]bool{"id": true, "event_type": true, "event_targets": true, "elasticsearch_id": true}

// identifies tells whether what was seen keeps others from being found in the list
// at a place.
func (f *Failure) identifies(list string) bool {
	return identifying[f.member()] && strings.HasPrefix(f.Path, list+"[")
}

// kindOf is the kind of a value that is shown as JSON; "" where it is none, such as
// one that is missing.
func kindOf(shown string) string {
	var value any
	if json.Unmarshal([]byte(shown), &value) != nil {
		// A long one was cut.
		return map[byte]string{'{': "object", '[': "array", '"': "string"}[(shown + " ")[0]]
	}
	switch value.(type) {
	case map[string]any:
		return "object"
	case []any:
		return "array"
	case string:
		return "string"
	case float64:
		return "number"
	case bool:
		return "boolean"
	}
	return "null"
}
