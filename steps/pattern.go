package steps

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// mismatch is the first place at which an answer is not what a pattern asks for.
type mismatch struct{ path, expected, actual string }

// matcher compares JSON with a pattern of the features: an object matches when
// every key of the pattern is there and matches, further keys are free.
type matcher struct {
	// known gives what the scenario knows by a name, such as "asset id".
	known func(name string) (part, error)
}

const (
	andOthers = "<and others>" // last in an array: further elements are free
	each      = "<each>"       // first in an array: every element matches the next pattern
)

// timestampFormat is the one format that the document's examples show.
var timestampFormat = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)

// kinds are the placeholders for a kind of value.
var kinds = map[string]struct {
	expected string
	match    func(gjson.Result) bool
}{
	"<string>":         {"a string", func(v gjson.Result) bool { return v.Type == gjson.String }},
	"<number>":         {"a number", func(v gjson.Result) bool { return v.Type == gjson.Number }},
	"<boolean>":        {"true or false", gjson.Result.IsBool},
	"<array>":          {"an array", gjson.Result.IsArray},
	"<anything>":       {"any value", gjson.Result.Exists},
	"<string or null>": {"a string or null", func(v gjson.Result) bool { return v.Type == gjson.String || v.Type == gjson.Null }},
	"<timestamp>": {"a timestamp YYYY-MM-DDTHH:MM:SS.mmmZ", func(v gjson.Result) bool {
		if v.Type != gjson.String || !timestampFormat.MatchString(v.Str) {
			return false
		}
		_, err := time.Parse(time.RFC3339, v.Str)
		return err == nil
	}},
}

// numbers are the known values that are JSON numbers; the others are strings.
var numbers = map[string]bool{"comment id": true, "other comment id": true, "run id": true, "DAG action id": true, "media id": true}

var placeholder = regexp.MustCompile(`^<([a-zA-Z ]+)>$`)

// match returns nil where actual matches pattern. The error is a fault of the
// feature: an unknown placeholder.
func (m matcher) match(pattern, actual gjson.Result, path string) (*mismatch, error) {
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
	return &mismatch{path, pattern.Raw, shown(actual)}, nil
}

// literalOf gives what equal values share: the text of a string, however it is
// escaped, and the JSON of anything else. A number is its digits: ids may be
// beyond what a float64 holds.
func literalOf(v gjson.Result) string {
	if v.Type == gjson.String {
		return v.Str
	}
	return v.Raw
}

func (m matcher) placeholder(text string, actual gjson.Result, path string) (*mismatch, error) {
	if k, ok := kinds[text]; ok {
		if k.match(actual) {
			return nil, nil
		}
		return &mismatch{path, k.expected, shown(actual)}, nil
	}
	name := strings.Trim(text, "<>")
	v, err := m.known(name)
	if err != nil {
		return nil, err
	}
	if numbers[name] {
		if actual.Type == gjson.Number && actual.Raw == v.text {
			return nil, nil
		}
		return &mismatch{path, fmt.Sprintf("the %s, the number %s", name, v.text), shown(actual)}, nil
	}
	if actual.Type == gjson.String && actual.Str == v.text {
		return nil, nil
	}
	return &mismatch{path, fmt.Sprintf("the %s, %q", name, v.text), shown(actual)}, nil
}

func (m matcher) object(pattern, actual gjson.Result, path string) (*mismatch, error) {
	if !actual.IsObject() {
		return &mismatch{path, "an object", shown(actual)}, nil
	}
	var found *mismatch
	var fault error
	pattern.ForEach(func(key, want gjson.Result) bool {
		at := path + "." + key.Str
		values := members(actual, key.Str)
		if len(values) == 0 {
			found = &mismatch{at, describe(want), "missing"}
		}
		for _, v := range values { // a key given twice: readers differ in which they take
			if found, fault = m.match(want, v, at); found != nil || fault != nil {
				break
			}
		}
		return found == nil && fault == nil
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

func (m matcher) array(pattern, actual gjson.Result, path string) (*mismatch, error) {
	if !actual.IsArray() {
		return &mismatch{path, "an array", shown(actual)}, nil
	}
	want, have := pattern.Array(), actual.Array()
	if len(want) == 2 && want[0].Str == each {
		for i, v := range have {
			if bad, err := m.match(want[1], v, fmt.Sprintf("%s[%d]", path, i)); bad != nil || err != nil {
				return bad, err
			}
		}
		return nil, nil
	}
	if n := len(want); n > 0 && want[n-1].Str == andOthers {
		return m.holds(want[:n-1], have, path)
	}
	if len(want) != len(have) {
		return &mismatch{path, "exactly " + describe(pattern) + ", in any order", shown(actual)}, nil
	}
	return m.holds(want, have, path)
}

// holds looks for a different element for each pattern, in any order.
func (m matcher) holds(want, have []gjson.Result, path string) (*mismatch, error) {
	found := make([][]*mismatch, len(want)) // by pattern and element
	for i, w := range want {
		for j, v := range have {
			bad, err := m.match(w, v, fmt.Sprintf("%s[%d]", path, j))
			if err != nil {
				return nil, err
			}
			found[i] = append(found[i], bad)
		}
	}
	takenBy := map[int]int{}
	for i := range want {
		if !pair(found, i, takenBy, map[int]bool{}) {
			return m.absent(want[i], have, found[i], path), nil
		}
	}
	return nil, nil
}

// pair finds an element for pattern i. One that is taken is free again where its
// pattern finds another.
func pair(found [][]*mismatch, i int, takenBy map[int]int, tried map[int]bool) bool {
	for j, bad := range found[i] {
		if bad != nil || tried[j] {
			continue
		}
		tried[j] = true
		if other, taken := takenBy[j]; !taken || pair(found, other, takenBy, tried) {
			takenBy[j] = i
			return true
		}
	}
	return false
}

// absent says what an array lacks. Where an element has the id that was looked
// for, its own mismatch says more than the whole list does.
func (m matcher) absent(want gjson.Result, have []gjson.Result, found []*mismatch, path string) *mismatch {
	raw := make([]string, len(have))
	for j, v := range have {
		isMeant := len(have) == 1 && want.IsObject() || m.sameID(want, v)
		if found[j] != nil && isMeant {
			return found[j]
		}
		raw[j] = v.Raw
	}
	return &mismatch{path, "an element " + describe(want), "[" + strings.Join(raw, ",") + "]"}
}

// sameID tells whether both are objects of one identity: the scenario knows the
// id that want asks for, and v has it.
func (m matcher) sameID(want, v gjson.Result) bool {
	name := strings.Trim(want.Get("id").Str, "<>")
	if _, isKind := kinds["<"+name+">"]; isKind || !want.IsObject() || !v.IsObject() {
		return false
	}
	k, err := m.known(name)
	return err == nil && v.Get("id").String() == k.text
}

// describe gives a pattern as a reader wants to see it.
func describe(pattern gjson.Result) string {
	if k, ok := kinds[pattern.Str]; ok && pattern.Type == gjson.String {
		return k.expected
	}
	return pattern.Raw
}

// shown gives an actual value for a message; "missing" where there is none.
func shown(v gjson.Result) string {
	if !v.Exists() {
		return "missing"
	}
	return v.Raw
}
