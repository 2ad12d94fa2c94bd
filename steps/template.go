package steps

import (
	"encoding/json"
	"net/url"
	"strings"
)

// part is a piece of a request: a literal text, or a value that the scenario
// learned on its way and that a shell script has in a variable.
type part struct {
	text     string
	variable string
}

// template is a path, a query or a body made of parts.
type template []part

func literal(text string) template { return template{{text: text}} }

func (t template) String() string {
	var b strings.Builder
	for _, p := range t {
		b.WriteString(p.text)
	}
	return b.String()
}

// shell gives t as one word of a POSIX shell.
func (t template) shell() string {
	var b, text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			b.WriteString(shellQuote(text.String()))
			text.Reset()
		}
	}
	for _, p := range t {
		if p.variable == "" {
			text.WriteString(p.text)
			continue
		}
		flush()
		b.WriteString(`"$` + p.variable + `"`)
	}
	flush()
	return b.String()
}

func shellQuote(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// inPath gives v as a path segment. A text that must be escaped there is written
// out: a shell variable would hold it unescaped.
func (v part) inPath() part {
	escaped := url.PathEscape(v.text)
	if escaped != v.text {
		return part{text: escaped}
	}
	return v
}

// inJSON gives v as it stands between the quotes of a JSON string.
func (v part) inJSON() part {
	quoted, _ := json.Marshal(v.text) // a string always encodes
	escaped := string(quoted[1 : len(quoted)-1])
	if escaped != v.text {
		return part{text: escaped}
	}
	return v
}

// variableOf names the shell variable of a known value: "DAG action id" is
// dag_action_id.
func variableOf(name string) string {
	return strings.ReplaceAll(strings.ToLower(name), " ", "_")
}
