package reference

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
)

// inspect prints a JSON value as Ruby's inspect does, which the document's
// error texts come from: "image", ["x", 1], {"a"=>nil}. Numbers stay as sent.
func inspect(value string) string {
	dec := json.NewDecoder(strings.NewReader(value))
	dec.UseNumber()
	var b strings.Builder
	inspectNext(&b, dec)
	return b.String()
}

func inspectNext(b *strings.Builder, dec *json.Decoder) {
	token, _ := dec.Token() // the value was decoded once already, so it is valid
	switch t := token.(type) {
	case json.Delim:
		b.WriteRune(rune(t))
		for i := 0; dec.More(); i++ {
			if i > 0 {
				b.WriteString(", ")
			}
			inspectNext(b, dec)
			if t == '{' {
				b.WriteString("=>")
				inspectNext(b, dec)
			}
		}
		end, _ := dec.Token()
		fmt.Fprint(b, end)
	case string:
		b.WriteString(inspectString(t))
	case nil:
		b.WriteString("nil")
	default:
		fmt.Fprint(b, t)
	}
}

// escapes are the characters that Ruby writes with a letter.
var escapes = map[rune]string{
	'"': `\"`, '\\': `\\`, '\n': `\n`, '\r': `\r`, '\t': `\t`, '\f': `\f`,
	'\v': `\v`, '\b': `\b`, '\a': `\a`, 0x1b: `\e`, 0x7f: `\x7F`,
}

func inspectString(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	runes := []rune(text)
	for i, c := range runes {
		escape, ok := escapes[c]
		switch {
		case ok:
			b.WriteString(escape)
		case c == '#' && i+1 < len(runes) && strings.ContainsRune("{$@", runes[i+1]):
			b.WriteString(`\#`) // would interpolate in Ruby
		case unicode.IsGraphic(c):
			b.WriteRune(c)
		case c > 0xffff:
			fmt.Fprintf(&b, `\u{%X}`, c)
		default:
			fmt.Fprintf(&b, `\u%04X`, c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
