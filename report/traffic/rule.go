package traffic

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// The validations of the document; each has a rule here, which a test holds.
const (
	mustBeString  = "Must be a String"
	mustBeStrings = "Must be an array of String"
	mustBeOne     = "Must be one of: "
)

var mustBeOneOf = regexp.MustCompile("^" + mustBeOne + `(.*)\.$`)

// holds tells whether a value keeps a validation.
func holds(validation string, value gjson.Result) bool {
	switch validation {
	case mustBeString:
		return value.Type == gjson.String
	case mustBeStrings:
		return isStrings(value)
	}
	one := mustBeOneOf.FindStringSubmatch(validation)
	return one == nil || value.Type == gjson.String && slices.Contains(strings.Split(one[1], ", "), value.Str)
}

// isStrings tells of an array of strings. A null in it is a matter of the server's.
func isStrings(value gjson.Result) bool {
	all := value.IsArray()
	value.ForEach(func(_, element gjson.Result) bool {
		all = all && (element.Type == gjson.String || element.Type == gjson.Null)
		return all
	})
	return all
}

// shown is a value as a finding has it: a long one, or one with others in it, by its kind.
func shown(value gjson.Result) string {
	text := cmp.Or(value.Raw, strconv.Quote(value.Str)) // that of a path has none
	if len(text) > longestShown || text[0] == '{' || text[0] == '[' {
		return kindOf([]byte(text))
	}
	return text
}

// kindOf says what a JSON value is.
func kindOf(value []byte) string {
	switch value[0] {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "a number"
}
