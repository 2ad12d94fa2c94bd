// Package match compares JSON with the patterns of the features.
package match

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// Mismatch is the first place at which an answer is not what a pattern asks for:
// its path, such as "$.asset.title", and both sides as JSON or in words. Further are
// other members of the same objects that are wrong, too.
type Mismatch struct {
	Path, Expected, Actual string
	Further                []*Mismatch
}

// and adds another place.
func (m *Mismatch) and(other *Mismatch) *Mismatch {
	if m == nil || other == nil {
		return cmp.Or(m, other)
	}
	m.Further = append(append(m.Further, other), other.Further...)
	other.Further = nil
	return m
}

// Known gives what a scenario knows by a name, such as "asset id".
type Known func(name string) (string, error)

const (
	andOthers = "#and others" // last in an array: further elements are free
	each      = "#each"       // first in an array: every element matches the next pattern
)

// timestampFormat is the one format that the document's examples show.
var timestampFormat = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)

// kinds are the placeholders for a kind of value.
var kinds = map[string]struct {
	expected string
	match    func(gjson.Result) bool
}{
	"#string":         {"a string", func(v gjson.Result) bool { return v.Type == gjson.String }},
	"#number":         {"a number", func(v gjson.Result) bool { return v.Type == gjson.Number }},
	"#boolean":        {"true or false", gjson.Result.IsBool},
	"#array":          {"an array", gjson.Result.IsArray},
	"#anything":       {"any value", gjson.Result.Exists},
	"#string or null": {"a string or null", func(v gjson.Result) bool { return v.Type == gjson.String || v.Type == gjson.Null }},
	"#timestamp": {"a timestamp YYYY-MM-DDTHH:MM:SS.mmmZ", func(v gjson.Result) bool {
		if v.Type != gjson.String || !timestampFormat.MatchString(v.Str) {
			return false
		}
		_, err := time.Parse(time.RFC3339, v.Str)
		return err == nil
	}},
}

// numbers are the known values that are JSON numbers; the others are strings.
var numbers = map[string]bool{"comment id": true, "other comment id": true, "run id": true, "DAG action id": true, "media id": true}

// placeholder is a kind of value, or what the scenario knows by a name.
var placeholder = regexp.MustCompile(`^(?:#[a-zA-Z ]+|\$\{([a-zA-Z ]+)\})$`)

// IsPlaceholder tells whether a text of a pattern stands for others.
func IsPlaceholder(text string) bool { return placeholder.MatchString(text) }

// Match returns nil where actual, which is at path, matches pattern: an object does
// when every key of the pattern is there and matches, further keys are free. Both
// must be valid JSON. The error is a fault of the feature: an unknown placeholder.
func (m Known) Match(pattern, actual gjson.Result, path string) (*Mismatch, error) {
	switch {
	case pattern.IsObject():
		return m.object(pattern, actual, path)
	case pattern.IsArray():
		return m.array(pattern, actual, path)
	case pattern.Type == gjson.String && placeholder.MatchString(pattern.Str):
		return m.placeholder(pattern.Str, actual, path)
	}
	if pattern.Type == actual.Type && literalOf(pattern) == literalOf(actual) {
		return nil, nil
	}
	return &Mismatch{Path: path, Expected: pattern.Raw, Actual: Shown(actual)}, nil
}

// literalOf gives what equal values share: the text of a string, however it is
// escaped, the exact value of a number, however it is written, and the JSON of anything
// else. Ids may be beyond what a float64 holds.
func literalOf(v gjson.Result) string {
	switch v.Type {
	case gjson.String:
		return v.Str
	case gjson.Number:
		if n, ok := exactly(v.Raw); ok {
			return n.RatString()
		}
	}
	return v.Raw
}

func (m Known) placeholder(text string, actual gjson.Result, path string) (*Mismatch, error) {
	if k, ok := kinds[text]; ok {
		if k.match(actual) {
			return nil, nil
		}
		return &Mismatch{Path: path, Expected: k.expected, Actual: Shown(actual)}, nil
	}
	name := placeholder.FindStringSubmatch(text)[1]
	if name == "" {
		return nil, fmt.Errorf("there is no kind of value %s", text)
	}
	v, err := m(name)
	if err != nil {
		return nil, err
	}
	if numbers[name] {
		if actual.Type == gjson.Number && Text(actual) == v {
			return nil, nil
		}
		return &Mismatch{Path: path, Expected: fmt.Sprintf("the %s, the number %s", name, v), Actual: Shown(actual)}, nil
	}
	if actual.Type == gjson.String && actual.Str == v {
		return nil, nil
	}
	return &Mismatch{Path: path, Expected: fmt.Sprintf("the %s, %q", name, v), Actual: Shown(actual)}, nil
}

func (m Known) object(pattern, actual gjson.Result, path string) (*Mismatch, error) {
	if !actual.IsObject() {
		return &Mismatch{Path: path, Expected: "an object", Actual: Shown(actual)}, nil
	}
	var found *Mismatch
	var fault error
	pattern.ForEach(func(key, want gjson.Result) bool {
		at := path + "." + key.Str
		values := members(actual, key.Str)
		if len(values) == 0 {
			found = found.and(&Mismatch{Path: at, Expected: describe(want), Actual: "missing"})
		}
		for _, v := range values { // a key given twice: readers differ in which they take
			var bad *Mismatch
			if bad, fault = m.Match(want, v, at); bad != nil || fault != nil {
				found = found.and(bad)
				break
			}
		}
		return fault == nil
	})
	return found, fault
}

// members gives the values of a key. gjson's own paths would need escapes.
func members(object gjson.Result, name string) []gjson.Result {
	var values []gjson.Result
	object.ForEach(func(key, v gjson.Result) bool {
		if key.Str == name {
			values = append(values, v)
		}
		return true
	})
	return values
}

func (m Known) array(pattern, actual gjson.Result, path string) (*Mismatch, error) {
	if !actual.IsArray() {
		return &Mismatch{Path: path, Expected: "an array", Actual: Shown(actual)}, nil
	}
	want, have := pattern.Array(), actual.Array()
	if len(want) == 2 && want[0].Str == each {
		for i, v := range have {
			if bad, err := m.Match(want[1], v, fmt.Sprintf("%s[%d]", path, i)); bad != nil || err != nil {
				return bad, err
			}
		}
		return nil, nil
	}
	if n := len(want); n > 0 && want[n-1].Str == andOthers {
		return m.holds(want[:n-1], have, path)
	}
	if len(want) != len(have) {
		return &Mismatch{Path: path, Expected: "exactly " + describe(pattern) + ", in any order", Actual: Shown(actual)}, nil
	}
	return m.holds(want, have, path)
}

// holds looks for a different element for each pattern, in any order.
func (m Known) holds(want, have []gjson.Result, path string) (*Mismatch, error) {
	fits := make([][]bool, len(want)) // by pattern and element
	for i, w := range want {
		for _, v := range have {
			bad, err := m.Match(w, v, path) // which would fill the memory, of a long array
			if err != nil {
				return nil, err
			}
			fits[i] = append(fits[i], bad == nil)
		}
	}
	takenBy := map[int]int{}
	for i := range want {
		if !pair(fits, i, takenBy, map[int]bool{}) {
			return m.absent(want[i], have, path)
		}
	}
	return nil, nil
}

// pair finds an element for pattern i. One that is taken is free again where its
// pattern finds another.
func pair(fits [][]bool, i int, takenBy map[int]int, tried map[int]bool) bool {
	for j, does := range fits[i] {
		if !does || tried[j] {
			continue
		}
		tried[j] = true
		if other, taken := takenBy[j]; !taken || pair(fits, other, takenBy, tried) {
			takenBy[j] = i
			return true
		}
	}
	return false
}

// absent says what an array lacks. Where an element has the id that was looked
// for, its own mismatch says more than the whole list does.
func (m Known) absent(want gjson.Result, have []gjson.Result, path string) (*Mismatch, error) {
	raw := make([]string, len(have))
	for j, v := range have {
		if len(have) == 1 && want.IsObject() || m.sameID(want, v) {
			if bad, err := m.Match(want, v, fmt.Sprintf("%s[%d]", path, j)); bad != nil || err != nil {
				return bad, err
			}
		}
		raw[j] = v.Raw
	}
	return &Mismatch{Path: path, Expected: "an element " + describe(want), Actual: "[" + strings.Join(raw, ",") + "]"}, nil
}

// sameID tells whether both are objects of one identity: the scenario knows the
// id that want asks for, and v has it.
func (m Known) sameID(want, v gjson.Result) bool {
	found := placeholder.FindStringSubmatch(want.Get("id").Str)
	if found == nil || found[1] == "" || !want.IsObject() || !v.IsObject() {
		return false
	}
	k, err := m(found[1])
	return err == nil && Text(v.Get("id")) == k
}

// describe gives a pattern as a reader wants to see it.
func describe(pattern gjson.Result) string {
	if k, ok := kinds[pattern.Str]; ok && pattern.Type == gjson.String {
		return k.expected
	}
	return pattern.Raw
}

// Shown gives an actual value for a message; "missing" where there is none.
func Shown(v gjson.Result) string {
	if !v.Exists() {
		return "missing"
	}
	return v.Raw
}
