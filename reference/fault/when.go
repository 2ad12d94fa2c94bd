package fault

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// when tells in which exchanges a variant differs. It is asked before the
// request goes on, when the status is 0, and once it was answered.
type when func(*exchange) bool

func always(*exchange) bool { return true }

// ok is a success: the document has a status 200 that is none.
func ok(x *exchange) bool { return x.status == http.StatusOK && errorOf(x) == "" }

func status(code int) when {
	return func(x *exchange) bool { return x.status == code }
}

// says is a refusal, under whatever status, whose error has the text.
func says(text string) when {
	return func(x *exchange) bool { return strings.Contains(errorOf(x), text) && errorOf(x) != "" }
}

func errorOf(x *exchange) string {
	text, _ := member(x.answer, "error").(string)
	return text
}

func all(conditions ...when) when {
	return func(x *exchange) bool {
		return !slices.ContainsFunc(conditions, func(holds when) bool { return !holds(x) })
	}
}

// sends is a request with a parameter of a kind.
func sends(name string, is func(any) bool) when {
	return func(x *exchange) bool {
		parameters, _ := x.sent.json().(map[string]any)
		v, given := parameters[name]
		return given && is(v)
	}
}

// lacks is a request without the parameter.
func lacks(name string) when {
	return func(x *exchange) bool {
		parameters, isObject := x.sent.json().(map[string]any)
		_, given := parameters[name]
		return isObject && !given
	}
}

func aNumber(v any) bool { _, is := v.(json.Number); return is }
func aBool(v any) bool   { _, is := v.(bool); return is }
func aString(v any) bool { _, is := v.(string); return is }
func aList(v any) bool   { _, is := v.([]any); return is }

// exactly is a certain string.
func exactly(text string) func(any) bool { return func(v any) bool { return v == text } }

// length is a string of so many characters.
func length(from, to int) func(any) bool {
	return func(v any) bool {
		text, _ := v.(string)
		n := utf8.RuneCountInString(text)
		return from <= n && n <= to
	}
}

// heavier is a string of more bytes than n.
func heavier(n int) func(any) bool {
	return func(v any) bool { text, _ := v.(string); return len(text) > n }
}

func beginning(prefix string) func(any) bool {
	return func(v any) bool { text, _ := v.(string); return strings.HasPrefix(text, prefix) }
}

func member(v any, name string) any {
	object, _ := v.(map[string]any)
	return object[name]
}

func noKey(x *exchange) bool { return x.request.Header.Get("X-API-KEY") == "" }

// foreign is a request that was let through though it was about another's
// comment or about a project that is not there.
func foreign(x *exchange) bool { return asking(x.request.Context()).foreign }
