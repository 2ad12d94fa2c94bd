package fault

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Formats of times that are not the document's.
const (
	noMillis   = "2006-01-02T15:04:05Z"
	microTimes = "2006-01-02T15:04:05.000000Z"
	withOffset = "2006-01-02T15:04:05.000+00:00"
	withSpace  = "2006-01-02 15:04:05.000Z"
)

// redated is the time in another format; what is no time stays.
func redated(v any, format string) any {
	text, _ := v.(string)
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return v
	}
	return at.UTC().Format(format)
}

func inASCII(text string) string {
	return strings.Map(func(r rune) rune {
		if r > 0x7f {
			return '?'
		}
		return r
	}, text)
}

// inBMP is how MySQL's utf8 keeps a text.
func inBMP(text string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xffff {
			return -1
		}
		return r
	}, text)
}

func escaped(text string) string {
	return strings.NewReplacer("&", "&amp;", `"`, "&quot;", "'", "&#39;").Replace(text)
}

func onOneLine(text string) string { return strings.ReplaceAll(text, "\n", " ") }

func same(text string) string { return text }

// lowered has the first letter of each word in lower case, and no other.
func lowered(text string) string {
	words := strings.Split(text, " ")
	for i, word := range words {
		first, size := utf8.DecodeRuneInString(word)
		words[i] = string(unicode.ToLower(first)) + word[size:]
	}
	return strings.Join(words, " ")
}

// capitalised begins a sentence.
func capitalised(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// secondWordUp has all but the first word of a text in capitals.
func secondWordUp(text string) string {
	first, rest, _ := strings.Cut(text, " ")
	return strings.TrimSpace(first + " " + strings.ToUpper(rest))
}
