package steps

import (
	"cmp"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/report/plain"
	"github.com/pocketcheck/pocketcheck/steps/wire"
)

const longestLasting = 200 // bytes of an expected or an actual value

var (
	index   = regexp.MustCompile(`\[\d+\]`)
	address = regexp.MustCompile(`https?://[^\s"<>]+`)
	// numbered is a word that has a digit: an id, a time, a count.
	numbered = regexp.MustCompile(`[\pL_-]*\d[\pL\d_:.+-]*`)
)

// lasting says what is wrong so that it is the same in another run of the same
// target: without addresses, numbers, and what this scenario alone knows, on one
// line of printable characters.
func lasting(f report.Failure, known map[string]wire.Part) string {
	if f.Path == "" {
		want, _, _ := strings.Cut(f.Expected, " ") // "403 Forbidden"
		if strings.HasPrefix(f.Message, "status of ") {
			actual, _, _ := strings.Cut(f.Actual, " ")
			if f.Expected == "no 5xx" {
				want = f.Expected
			}
			return "status is " + actual + ", want " + want
		}
		if f.Expected == anAnswer {
			return "no answer"
		}
		return "body is no " + want
	}
	expected := timeless(f.Expected, known)
	if _, err := strconv.ParseFloat(f.Expected, 64); err == nil { // the feature's own
		expected = f.Expected
	}
	return plain.Line(index.ReplaceAllString(f.Path, "[]") + " is " + actually(f, expected, known) + ", want " + expected)
}

// actually is the value of an answer where the feature has one to compare it with,
// and its kind where any other would be as wrong.
func actually(f report.Failure, expected string, known map[string]wire.Part) string {
	var value, want any
	if json.Unmarshal([]byte(f.Actual), &value) != nil {
		return timeless(f.Actual, known) // "missing"
	}
	isLiteral := json.Unmarshal([]byte(f.Expected), &want) == nil && expected == clip(f.Expected)
	switch value := value.(type) {
	case string:
		if isLiteral || strings.HasPrefix(f.Path, "$.error") {
			return timeless(f.Actual, known)
		}
		return "a string"
	case float64:
		if _, isNumber := want.(float64); isNumber {
			return clip(f.Actual)
		}
		return "a number"
	case map[string]any:
		return "an object"
	case []any:
		if len(value) == 0 {
			return "an empty array"
		}
		return "an array"
	}
	return f.Actual
}

// timeless takes out of a text what differs from run to run.
func timeless(text string, known map[string]wire.Part) string {
	text = address.ReplaceAllString(text, "…")
	longestFirst := func(a, b string) int { // one may be a part of another
		return cmp.Or(cmp.Compare(len(known[b].Text), len(known[a].Text)), cmp.Compare(a, b))
	}
	for _, name := range slices.SortedFunc(maps.Keys(known), longestFirst) {
		if value := known[name].Text; len(value) >= 4 {
			text = strings.ReplaceAll(text, value, "<"+name+">")
		}
	}
	return clip(numbered.ReplaceAllString(text, "…"))
}

func clip(text string) string {
	if len(text) <= longestLasting {
		return text
	}
	return strings.ToValidUTF8(text[:longestLasting], "") + "…"
}
