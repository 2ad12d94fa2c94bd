package fault

import (
	"encoding/json"
	"net/http"
	"strings"
)

// edit changes a JSON body: that of the answer, unless [passing] turns it to that
// of the request.
type edit func(x *exchange, body any) any

func (e edit) act() act {
	return act{after: func(x *exchange) { x.answer = e(x, x.answer) }}
}

// passing edits the request before the reference gets it.
func passing(e edit) act {
	return act{before: func(x *exchange) { x.passed = e(x, x.passed) }}
}

// answering gives another answer.
func answering(code int, body string) act {
	return act{after: func(x *exchange) {
		x.status, x.text = code, []byte(body)
		x.answer = decoded(x.text)
	}}
}

// coded gives the answer another status.
func coded(code int) act {
	return act{after: func(x *exchange) { x.status = code }}
}

// refusing gives an error in the document's shape.
func refusing(code int, text string) act {
	return answering(code, string(encoded(map[string]any{"error": text})))
}

var unauthorized = answering(http.StatusUnauthorized, "")

// without leaves a member out. In a path, * is each element of an array.
func without(path string) edit {
	return func(_ *exchange, body any) any {
		return changed(body, strings.Split(path, "."), func(any) (any, bool) { return nil, false })
	}
}

// with gives a member a value, whether or not it was there.
func with(path string, value any) edit {
	return altering(path, func(any) any { return value })
}

func altering(path string, f func(old any) any) edit {
	return func(_ *exchange, body any) any {
		return changed(body, strings.Split(path, "."), func(old any) (any, bool) { return f(old), true })
	}
}

// changed gives v with what f makes of the member at path; f tells whether it
// stays at all.
func changed(v any, path []string, f func(any) (any, bool)) any {
	key, rest := path[0], path[1:]
	next := func(child any) (any, bool) {
		if len(rest) == 0 {
			return f(child)
		}
		return changed(child, rest, f), true
	}
	switch v := v.(type) {
	case map[string]any:
		if child, stays := next(v[key]); stays {
			v[key] = child
		} else {
			delete(v, key)
		}
	case []any:
		if key == "*" {
			kept := []any{}
			for _, element := range v {
				if child, stays := next(element); stays {
					kept = append(kept, child)
				}
			}
			return kept
		}
	}
	return v
}

// retyped gives a value of another JSON type, as a careless encoder would: a
// number as a string, a string as an array of it.
func retyped(path string) edit {
	return altering(path, func(old any) any {
		switch old := old.(type) {
		case json.Number:
			return old.String()
		case string:
			return []any{old}
		case bool:
			return map[bool]string{true: "true", false: "false"}[old]
		case []any:
			return map[string]any{}
		case map[string]any:
			return []any{old}
		}
		return 0
	})
}

// textual changes a text.
func textual(path string, f func(string) string) edit {
	return altering(path, func(old any) any {
		if text, isText := old.(string); isText {
			return f(text)
		}
		return old
	})
}

// reworded ends a text with a full stop.
func reworded(path string) edit {
	return textual(path, func(text string) string { return text + "." })
}

// dated gives a time in another format.
func dated(path, format string) edit {
	return altering(path, func(old any) any { return redated(old, format) })
}

// empty leaves nothing in a list.
func empty(path string) edit { return with(path, []any{}) }

// asSent answers a text made of a parameter of the request.
func asSent(path, parameter string, f func(string) string) edit {
	return func(x *exchange, body any) any {
		text, _ := member(x.sent.json(), parameter).(string)
		return with(path, f(text))(x, body)
	}
}

// ascii is how texts come out of a column that knows no other.
func ascii(path string) edit { return textual(path, inASCII) }
