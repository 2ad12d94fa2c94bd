package wire

import (
	"encoding/json"
	"net/url"
	"strings"
)

// Part is a piece of a request: a literal text, or a value that the scenario
// learned on its way and that a shell script has in a variable.
type Part struct {
	Text     string
	Variable string // "" where the text is written out
}

// Template is a path, a query or a body made of parts.
type Template []Part

// Literal gives a text that is written out.
func Literal(text string) Template { return Template{{Text: text}} }

func (t Template) String() string {
	var b strings.Builder
	for _, p := range t {
		b.WriteString(p.Text)
	}
	return b.String()
}

// shell gives t as one word of a POSIX shell.
func (t Template) shell() string {
	var b, text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			b.WriteString(ShellQuote(text.String()))
			text.Reset()
		}
	}
	for _, p := range t {
		if p.Variable == "" {
			text.WriteString(p.Text)
			continue
		}
		flush()
		b.WriteString(`"$` + p.Variable + `"`)
	}
	flush()
	return b.String()
}

// ShellQuote gives a text as one word of a shell script.
func ShellQuote(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// InPath gives v as a path segment. A text that must be escaped there is written
// out: a shell variable would hold it unescaped.
func (v Part) InPath() Part {
	escaped := url.PathEscape(v.Text)
	if escaped != v.Text {
		return Part{Text: escaped}
	}
	return v
}

// InJSON gives v as it stands between the quotes of a JSON string.
func (v Part) InJSON() Part {
	quoted, _ := json.Marshal(v.Text) // a string always encodes
	escaped := string(quoted[1 : len(quoted)-1])
	if escaped != v.Text {
		return Part{Text: escaped}
	}
	return v
}

// VariableOf names the shell variable of a known value: "DAG action id" is
// dag_action_id.
func VariableOf(name string) string {
	return strings.ReplaceAll(strings.ToLower(name), " ", "_")
}
