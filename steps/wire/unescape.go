package wire

import (
	"html"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// escapes are the bytes that begin an escape.
const escapes = `\%&`

// unescaped resolves one layer of escapes. Regular expressions take ten times as
// long for it, in each text of a run.
func (r reading) unescaped() reading {
	var b strings.Builder
	from := make([]int32, 0, len(r.text)+1)
	write := func(text string, at, step int) {
		b.WriteString(text)
		for i := range len(text) {
			from = append(from, int32(r.origin(at+i*step))) // #nosec G115 -- no text has 2 GiB: what is read of an answer is limited
		}
	}
	for at := 0; at < len(r.text); {
		next := strings.IndexAny(r.text[at:], escapes)
		if next < 0 {
			next = len(r.text) - at
		}
		write(r.text[at:at+next], at, 1)
		if at += next; at == len(r.text) {
			break
		}
		if plain, length := unescape(r.text[at:]); length > 0 {
			write(plain, at, 0)
			at += length
		} else {
			write(r.text[at:at+1], at, 1)
			at++
		}
	}
	return reading{b.String(), append(from, int32(r.origin(len(r.text))))} // #nosec G115 -- as above
}

// unescape resolves the escape that s begins with, and gives how long it is: 0 if
// there is none.
func unescape(s string) (plain string, length int) {
	switch {
	case s[0] == '&':
		return characterReference(s)
	case s[0] == '%':
		return octet(s, 1, 2, 16)
	case len(s) < 2:
		return "", 0
	}
	switch {
	case s[1] == 'x':
		return octet(s, 2, 2, 16)
	case '0' <= s[1] && s[1] <= '7':
		return octet(s, 1, 3, 8)
	case strings.HasPrefix(s[1:], "u{"):
		if end := strings.IndexByte(s[:min(len(s), 11)], '}'); end > 0 {
			return whole(s[3:end], end+1)
		}
	case s[1] == 'u' && len(s) >= 6:
		return whole(s[2:6], 6)
	case s[1] == 'U' && len(s) >= 10:
		return whole(s[2:10], 10)
	case strings.IndexByte(`"'\/`, s[1]) >= 0:
		return s[1:2], 2
	}
	return "", 0
}

// whole is an escape of a length, if its digits are those of a character.
func whole(digits string, length int) (string, int) {
	n, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || n > unicode.MaxRune {
		return "", 0
	}
	return string(rune(n)), length
}

// octet is an escape of one byte, which stands in so many digits from first on.
func octet(s string, first, digits, base int) (string, int) {
	if len(s) < first+digits {
		return "", 0
	}
	n, err := strconv.ParseUint(s[first:first+digits], base, 8)
	if err != nil {
		return "", 0
	}
	return string([]byte{byte(n)}), first + digits
}

// longestReference is more than the name of any character in HTML has.
const longestReference = 40

// characterReference is one of HTML's: &amp; &#38; &#x26; and some two thousand
// names.
func characterReference(s string) (string, int) {
	end := 1 + strings.IndexByte(s[:min(len(s), longestReference)], ';')
	if strings.HasPrefix(s, "&#") {
		end = numericReference(s)
	}
	plain := html.UnescapeString(s[:end])
	if plain == s[:end] || utf8.RuneCountInString(plain) > 2 { // there was none, or an ampersand before one
		return "", 0
	}
	return plain, end
}

// numericReference tells where one ends, with or without a semicolon.
func numericReference(s string) int {
	digits, end := "0123456789", 2
	if len(s) > 2 && (s[2] == 'x' || s[2] == 'X') {
		digits, end = "0123456789abcdefABCDEF", 3
	}
	for end < len(s) && end < longestReference && strings.IndexByte(digits, s[end]) >= 0 {
		end++
	}
	if end < len(s) && s[end] == ';' {
		end++
	}
	return end
}
