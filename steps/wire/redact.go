package wire

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

const redacted = "REDACTED"

// Redactor takes the API keys of a run out of every text that leaves it. Keys
// that a provider state hands out are added while the run goes on, so texts are
// redacted at its end, when all are known.
type Redactor struct {
	mu    sync.Mutex
	keys  []string
	known map[string]bool
	heads map[string]bool // how keys begin, for a quick look
	first [256]bool       // with which bytes, for a quicker one
	brief bool            // some are shorter than that
}

// ofHead is how many bytes of the beginning of a key are looked for first.
const ofHead = 6

func (r *Redactor) addForm(form string) {
	if r.known[form] {
		return
	}
	if r.known == nil {
		r.known, r.heads = map[string]bool{}, map[string]bool{}
	}
	r.known[form] = true
	r.keys = append(r.keys, form)
	if len(form) < ofHead {
		r.brief = true
		return
	}
	r.heads[form[:ofHead]], r.first[form[0]] = true, true
}

// mayHave tells whether a text may have a key: with many of them, most texts have none.
func (r *Redactor) mayHave(text string) bool {
	if r.brief {
		return true
	}
	for i := 0; i+ofHead <= len(text); i++ {
		if r.first[text[i]] && r.heads[text[i:i+ofHead]] {
			return true
		}
	}
	return false
}

// UsualKey is that of a test that is given none. It stands in the documentation, so it is
// no secret, and the suite's own words have it.
const UsualKey = "pocketcheck"

// Add lets the redactor know of keys. The zero Key is none, and the usual one no secret.
func (r *Redactor) Add(keys ...Key) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, k := range keys {
		text := k.Reveal()
		if text == UsualKey {
			continue
		}
		asQuery := strings.ReplaceAll(text, " ", "+")
		for _, form := range append(encoded(text), text, asQuery) {
			for _, form := range append(resolved(form), form) {
				if form != "" {
					r.addForm(form)
				}
			}
		}
	}
}

// resolved gives what becomes of a key with something in it that looks like an escape, where
// the escapes of the text around it are resolved.
func resolved(key string) (forms []string) {
	r := reading{text: key}
	for range deepest {
		if !strings.ContainsAny(r.text, escapes) {
			break
		}
		if r = r.unescaped(); len(r.text) >= shortest {
			forms = append(forms, r.text)
		}
	}
	return forms
}

// shortest is what a form of a key has that no other text has by chance.
const shortest = 8

// encoded gives what a text is in hexadecimal, and in base64, wherever in a longer one it
// begins: what shares a character with its neighbours is left out, but at an end. Where
// that is short, other texts would have it by chance; so they would have a word, in the
// other case. Who takes a header for Latin-1 makes other characters of UTF-8.
func encoded(text string) (forms []string) {
	var latin1 strings.Builder
	for _, c := range []byte(text) {
		latin1.WriteRune(rune(c))
	}
	all := []string{latin1.String(), hex.EncodeToString([]byte(text)), strings.ToUpper(hex.EncodeToString([]byte(text)))}
	if strings.ContainsFunc(text, func(c rune) bool { return !unicode.IsLetter(c) }) {
		all = append(all, strings.ToLower(text), strings.ToUpper(text))
	}
	for before := range 3 {
		bytes := append(make([]byte, before), text...)
		from, shared := (before*8+5)/6, 0
		if len(bytes)%3 != 0 {
			shared = 1
		}
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			form := encoding.EncodeToString(bytes)
			form = form[min(from, len(form)-shared):]
			all = append(all, form[:len(form)-shared], form, form+strings.Repeat("=", (3-len(bytes)%3)%3))
		}
	}
	for _, form := range all {
		if len(form) >= shortest {
			forms = append(forms, form)
		}
	}
	return forms
}

// deepest is how often an escaped text may have been escaped again.
const deepest = 3

// Text gives s without any key: as it is, and as JSON, URLs and HTML may spell
// it with escapes, also in a text that broke off and is none of them.
func (r *Redactor) Text(s string) string { return without(s, r.found(s)) }

// kept is how much of what a target sent outlives its scenario.
const kept = 16 << 10

// Shorten gives the beginning of s without any key, nor the beginning of one
// that the cut goes through.
func (r *Redactor) Shorten(s string) string {
	if len(s) <= kept {
		return strings.Clone(s) // it may be part of a longer one
	}
	return strings.Clone(without(s[:kept], r.found(s[:min(len(s), 2*kept)])))
}

// longest is how much of a text a report shows.
const longest = 4000

// Shown gives as much of s as a report shows, without any key. Redaction comes
// before the cut, lest half a key be left.
func (r *Redactor) Shown(s string) string { return clip(r.Text(s)) }

// clip cuts a text, at a whole character.
func clip(s string) string {
	if len(s) <= longest {
		return s
	}
	cut := longest
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return fmt.Sprintf("%s… (%d bytes)", s[:cut], len(s))
}

// Redact gives a text without the keys, however they are spelled in it.
func Redact(text string, keys ...Key) string {
	r := &Redactor{}
	r.Add(keys...)
	return r.Text(text)
}

// found tells which bytes of s spell a key; nil where none can.
func (r *Redactor) found(s string) (hide []bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	read := reading{text: s}
	for level := 0; ; level++ {
		if r.mayHave(read.text) {
			if hide == nil {
				hide = make([]bool, len(s))
			}
			for _, key := range r.keys {
				read.mark(key, hide)
			}
		}
		if level == deepest || !strings.ContainsAny(read.text, escapes) {
			return hide
		}
		read = read.unescaped()
	}
}

// without puts the mark of a redaction in the place of what is to be hidden.
func without(s string, hide []bool) string {
	if !slices.Contains(hide, true) {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		switch {
		case !hide[i]:
			b.WriteByte(s[i])
		case i == 0 || !hide[i-1]:
			b.WriteString(redacted)
		}
	}
	return b.String()
}

// reading is a text with its escapes resolved.
type reading struct {
	text string
	from []int32 // where each byte, and the end, stands in the original; nil: it is that
}

func (r reading) origin(i int) int {
	if r.from == nil {
		return i
	}
	return int(r.from[i])
}

// mark hides what spells key in the original.
func (r reading) mark(key string, hide []bool) {
	for at := strings.Index(r.text, key); at >= 0; {
		for i := r.origin(at); i < r.origin(at+len(key)); i++ {
			hide[i] = true
		}
		next := strings.Index(r.text[at+1:], key) // keys may overlap
		if next < 0 {
			return
		}
		at += 1 + next
	}
}
