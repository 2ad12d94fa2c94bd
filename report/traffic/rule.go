package traffic

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck/fixtures"
)

// The validations of the document; each has a rule here, which a test holds.
const (
	mustBeString  = "Must be a String"
	mustBeStrings = "Must be an array of String"
)

var mustBeOneOf = regexp.MustCompile(`^Must be one of: (.*)\.$`)

// holds tells whether a value keeps the validation of its parameter.
func holds(p fixtures.Parameter, value json.RawMessage) bool {
	switch p.Validation.Text {
	case mustBeString:
		return value[0] == '"'
	case mustBeStrings:
		_, isList := decoded[[]*string](value) // a null in it is a matter of the server's
		return isList
	}
	if one := mustBeOneOf.FindStringSubmatch(p.Validation.Text); one != nil {
		text, isText := decoded[string](value)
		return isText && slices.Contains(strings.Split(one[1], ", "), text)
	}
	return true
}

func decoded[T any](value []byte) (v T, ok bool) {
	err := json.Unmarshal(value, &v)
	return v, err == nil
}

// shown is a value as a finding has it: a long one, or one with others in it, by its kind.
func shown(value json.RawMessage) string {
	if len(value) > 60 || value[0] == '{' || value[0] == '[' {
		return kindOf(value)
	}
	return string(value)
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
