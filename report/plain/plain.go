// Package plain is the door through which text from elsewhere reaches a person or
// a program: cleaned of what would steer a terminal, broken into lines that fit,
// encoded as JSON that can be read.
package plain

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Width is that of a terminal, in characters.
const Width = 80

// Text writes out what a terminal, or a reader, would not see as a character: what
// a target sends must not steer either. Line breaks stay.
func Text(s string) string {
	if isShown(s) || utf8.ValidString(s) && !strings.ContainsFunc(s, isHidden) {
		return s
	}
	var b strings.Builder
	for _, c := range s {
		if isHidden(c) {
			q := fmt.Sprintf("%+q", c)
			b.WriteString(q[1 : len(q)-1])
		} else {
			b.WriteRune(c)
		}
	}
	return b.String()
}

// isShown tells quickly of a text of ASCII, as most are.
func isShown(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < ' ' || c > '~') && c != '\n' {
			return false
		}
	}
	return true
}

func isHidden(c rune) bool { return c != '\n' && !unicode.IsPrint(c) } // a blank can be printed

// Line gives a text as [Text] does, and on one line.
func Line(s string) string { return strings.ReplaceAll(Text(s), "\n", `\n`) }

// Wrap breaks a text at its blanks into lines of a width, in characters. A longer
// word has a line of its own.
func Wrap(s string, width int) (lines []string) {
	for word := range strings.FieldsSeq(s) {
		last := len(lines) - 1
		if last >= 0 && utf8.RuneCountInString(lines[last])+1+utf8.RuneCountInString(word) <= width {
			lines[last] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}

// JSON writes a value for programs, and so that a person can read it in a terminal: what
// one would not see as a character is escaped.
func JSON(w io.Writer, value any) error {
	enc := json.NewEncoder(escaping{w})
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(value)
}

// escaping takes JSON, which has such characters in its strings alone.
type escaping struct{ io.Writer }

func (e escaping) Write(text []byte) (int, error) {
	escaped, n := text, len(text)
	if bytes.ContainsFunc(text, isHidden) {
		escaped = make([]byte, 0, len(text)+len(text)/8)
		for len(text) > 0 {
			c, size := utf8.DecodeRune(text)
			if isHidden(c) {
				for _, unit := range utf16.Encode([]rune{c}) {
					escaped = fmt.Appendf(escaped, `\u%04x`, unit)
				}
			} else {
				escaped = append(escaped, text[:size]...)
			}
			text = text[size:]
		}
	}
	if _, err := e.Writer.Write(escaped); err != nil {
		return 0, err
	}
	return n, nil
}
