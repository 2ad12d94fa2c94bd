package reference

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// parameter is one of an endpoint's, with the rules that its value must keep.
type parameter struct {
	name     string
	required bool
	rules    []rule
}

// rule is a validation; its description ends the error of a value that breaks
// it. Values are judged as JSON text, so that an error prints them as sent.
type rule struct {
	holds       func(value json.RawMessage) bool
	description string
}

var (
	aString       = rule{isString, "Must be a String"}
	arrayOfString = rule{isArrayOfString, "Must be an array of String"}
	notEmpty      = rule{isNotEmpty, "Must not be empty"}
	article       = rule{isArticle, "Must be one of: <code>article</code>."}

	// storable is a rule of every parameter: PostgreSQL's text has no U+0000.
	storable = rule{hasNoNull, "Must not contain a null character"}
)

func required(name string, rules ...rule) parameter { return parameter{name, true, rules} }
func optional(name string, rules ...rule) parameter { return parameter{name, false, rules} }

// longestText is how many bytes a text may have, and all tags together: more than
// anybody writes, and few enough that an answer with many of them is read in one go.
const longestText = 64 << 10

// values holds the parameters that a request gives; null is not given.
type values map[string]json.RawMessage

// parameters reads the endpoint's parameters from the JSON body. The first
// missing one, in documented order, is reported alone, before any bad value.
func parameters(r *http.Request, wanted ...parameter) (values, error) {
	given, err := object(body(r))
	if err != nil {
		return nil, err
	}
	for _, p := range wanted {
		if _, ok := given[p.name]; p.required && !ok {
			return nil, missing(p.name)
		}
	}
	for _, p := range wanted {
		value, ok := given[p.name]
		if !ok {
			continue
		}
		for _, rule := range append(slices.Clone(p.rules), storable) {
			if !rule.holds(value) {
				return nil, invalid(p.name, inspect(value), rule.description)
			}
		}
		// A byte of JSON gives three at most: U+FFFD, for one that is no UTF-8.
		if p.name != "title" && len(value) > longestText/3 && lengthOf(value) > longestText { // that of a title is documented
			return nil, &refusal{http.StatusUnprocessableEntity,
				fmt.Sprintf("Parameter %s is too long (maximum is %d bytes)", p.name, longestText)}
		}
	}
	return given, nil
}

func missing(name string) error {
	return &refusal{http.StatusUnprocessableEntity, "Missing parameter " + name}
}

func invalid(name, inspected, description string) error {
	return &refusal{http.StatusUnprocessableEntity,
		fmt.Sprintf("Invalid parameter '%s' value %s: %s", name, inspected, description)}
}

// object is the members of a JSON body, those that are null left out. No body
// is as good as {}.
func object(body []byte) (values, error) {
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return values{}, nil
	}
	var members values
	err := json.Unmarshal(body, &members)
	if _, broken := errors.AsType[*json.SyntaxError](err); broken {
		return nil, &refusal{http.StatusBadRequest, "Request body is not valid JSON"}
	}
	if err != nil || members == nil {
		return nil, &refusal{http.StatusBadRequest, "Request body is not a JSON object"}
	}
	for name, value := range members {
		if string(value) == "null" {
			delete(members, name)
		}
	}
	return members, nil
}

// text is a String parameter; nil when not given.
func (v values) text(name string) *string {
	value, ok := v[name]
	if !ok {
		return nil
	}
	text := decodeString(value)
	return &text
}

// mostTags is how many tags an asset has at most: far more than anybody gives one,
// and few enough that short ones don't take more room than they were sent with.
const mostTags = 1000

// tags are those of an asset, without the nulls in them; nil when not given.
func (v values) tags() ([]string, error) {
	value, ok := v["tags"]
	if !ok {
		return nil, nil
	}
	all, _ := decodeStrings(value) // parameters has judged it
	if len(all) > mostTags {
		return nil, &refusal{http.StatusInsufficientStorage, fmt.Sprintf("Insufficient storage: more than %d tags", mostTags)}
	}
	return all, nil
}

// decodeString is empty for what is no string.
func decodeString(value json.RawMessage) string {
	var text string
	_ = json.Unmarshal(value, &text)
	return text
}

func decodeStrings(value json.RawMessage) ([]string, error) {
	var elements []*string
	if err := json.Unmarshal(value, &elements); err != nil {
		return nil, err
	}
	all := []string{}
	for _, e := range elements {
		if e != nil {
			all = append(all, *e)
		}
	}
	return all, nil
}

func isString(value json.RawMessage) bool { return value[0] == '"' }

func isArrayOfString(value json.RawMessage) bool {
	_, err := decodeStrings(value)
	return err == nil
}

func isNotEmpty(value json.RawMessage) bool { return decodeString(value) != "" }

func isArticle(value json.RawMessage) bool { return decodeString(value) == "article" }

func hasNoNull(value json.RawMessage) bool {
	if !bytes.Contains(value, []byte(`\u0000`)) { // JSON writes it in no other way
		return true
	}
	return !slices.ContainsFunc(textsIn(value), func(s string) bool { return strings.ContainsRune(s, 0) })
}

// lengthOf is how many bytes the texts of a parameter have.
func lengthOf(value json.RawMessage) int { return len(strings.Join(textsIn(value), "")) }

// textsIn are the texts of an array, or the one text.
func textsIn(value json.RawMessage) []string {
	if isString(value) {
		return []string{decodeString(value)}
	}
	all, _ := decodeStrings(value) // the rules have judged it
	return all
}
