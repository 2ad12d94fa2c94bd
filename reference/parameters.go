package reference

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/tidwall/gjson"
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
	holds       func(value string) bool
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

// values are the members of the JSON that a request gives, in its order.
type values []member

// member is a parameter by its name, with its value as JSON.
type member struct{ name, value string }

// of gives the value of a parameter: that which is last where there are several. null is
// not given.
func (v values) of(name string) (value string, isGiven bool) {
	for _, m := range v {
		if m.name == name {
			value, isGiven = m.value, m.value != "null"
		}
	}
	return value, isGiven
}

// parameters reads the endpoint's parameters from the JSON body. The first
// missing one, in documented order, is reported alone, before any bad value.
func parameters(r *call, wanted ...parameter) (values, error) {
	all, err := object(r.body)
	if err != nil {
		return nil, err
	}
	for _, p := range wanted {
		if _, isGiven := all.of(p.name); p.required && !isGiven {
			return nil, missing(p.name)
		}
	}
	for _, p := range wanted {
		if value, isGiven := all.of(p.name); isGiven {
			if err := p.takes(value); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// takes tells what is wrong with a value.
func (p parameter) takes(value string) error {
	for _, rule := range p.rules {
		if !rule.holds(value) {
			return invalid(p.name, inspect(value), rule.description)
		}
	}
	if !storable.holds(value) {
		return invalid(p.name, inspect(value), storable.description)
	}
	// A byte of JSON gives three at most: U+FFFD, for one that is no UTF-8.
	if p.name != "title" && len(value) > longestText/3 && lengthOf(value) > longestText { // that of a title is documented
		return &refusal{http.StatusUnprocessableEntity,
			fmt.Sprintf("Parameter %s is too long (maximum is %d bytes)", p.name, longestText)}
	}
	return nil
}

func missing(name string) error {
	return &refusal{http.StatusUnprocessableEntity, "Missing parameter " + name}
}

func invalid(name, inspected, description string) error {
	return &refusal{http.StatusUnprocessableEntity,
		fmt.Sprintf("Invalid parameter '%s' value %s: %s", name, inspected, description)}
}

// bodies are read into memory that is used again.
var bodies = sync.Pool{New: func() any { return &bytes.Buffer{} }}

func setAside(body *bytes.Buffer) {
	if body.Cap() <= longestKept {
		body.Reset()
		bodies.Put(body)
	}
}

func readBody(w http.ResponseWriter, r *http.Request, limit int64, to *bytes.Buffer) error {
	if r.Body == http.NoBody {
		return nil
	}
	_, err := to.ReadFrom(http.MaxBytesReader(w, r.Body, limit))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return &refusal{http.StatusRequestEntityTooLarge, "Request body is too large"}
	}
	if err != nil {
		return &refusal{http.StatusBadRequest, "Request body can't be read"}
	}
	return nil
}

// object is the members of a JSON body. No body is as good as {}.
func object(body []byte) (values, error) {
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return nil, nil
	}
	if !json.Valid(body) {
		return nil, &refusal{http.StatusBadRequest, "Request body is not valid JSON"}
	}
	whole := gjson.ParseBytes(body)
	if !whole.IsObject() {
		return nil, &refusal{http.StatusBadRequest, "Request body is not a JSON object"}
	}
	all := make(values, 0, 4)
	whole.ForEach(func(name, value gjson.Result) bool {
		all = append(all, member{name.String(), value.Raw})
		return true
	})
	return all, nil
}

// text is a String parameter; nil when not given.
func (v values) text(name string) *string {
	value, isGiven := v.of(name)
	if !isGiven {
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
	value, isGiven := v.of("tags")
	if !isGiven {
		return nil, nil
	}
	all, _ := decodeStrings(value) // parameters has judged it
	if len(all) > mostTags {
		return nil, &refusal{http.StatusInsufficientStorage, fmt.Sprintf("Insufficient storage: more than %d tags", mostTags)}
	}
	return all, nil
}

// decodeString is empty for what is no string.
func decodeString(value string) string {
	if isString(value) && !strings.Contains(value, `\`) && utf8.ValidString(value) { // as most are
		return strings.Clone(value[1 : len(value)-1]) // of the body nothing else is kept
	}
	var text string
	_ = json.Unmarshal([]byte(value), &text)
	return text
}

func decodeStrings(value string) ([]string, error) {
	var elements []*string
	if err := json.Unmarshal([]byte(value), &elements); err != nil {
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

func isString(value string) bool { return value[0] == '"' }

func isArrayOfString(value string) bool {
	_, err := decodeStrings(value)
	return err == nil
}

func isNotEmpty(value string) bool { return decodeString(value) != "" }

func isArticle(value string) bool { return decodeString(value) == "article" }

func hasNoNull(value string) bool {
	if !strings.Contains(value, `\u0000`) { // JSON writes it in no other way
		return true
	}
	return !slices.ContainsFunc(textsIn(value), func(s string) bool { return strings.ContainsRune(s, 0) })
}

// lengthOf is how many bytes the texts of a parameter have.
func lengthOf(value string) int { return len(strings.Join(textsIn(value), "")) }

// textsIn are the texts of an array, or the one text.
func textsIn(value string) []string {
	if isString(value) {
		return []string{decodeString(value)}
	}
	all, _ := decodeStrings(value) // the rules have judged it
	return all
}
