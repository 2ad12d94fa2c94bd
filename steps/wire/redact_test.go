package wire

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRedaction(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, key, text, want string }{
		{"raw", "s3cret", "the key is s3cret.", "the key is REDACTED."},
		{"several times", "s3cret", "s3cret, s3cret", "REDACTED, REDACTED"},
		{"inside a longer word", "s3cret", "xs3cretx", "xREDACTEDx"},
		{"another case is another text", "s3cret", "S3CRET", "S3CRET"},
		{"part of it", "s3cret", "s3cre s3", "s3cre s3"},
		{"base64", "s3cret-key", "x czNjcmV0LWtleQ== y", "x REDACTED y"},
		{"base64, behind a user", "s3cret-key", "Basic dXNlcjpzM2NyZXQta2V5", "Basic dXNlcjpREDACTED"},
		{"base64, before others", "s3cret-key", "czNjcmV0LWtleTp1c2Vy", "REDACTEDTp1c2Vy"},
		{"base64 for URLs", "??>>~~??", "Pz8-Pn5-Pz8", "REDACTED"},
		{"the usual key of a test", UsualKey, "pocketcheck: POCKETCHECK_API_KEY is pocketcheck", "pocketcheck: POCKETCHECK_API_KEY is pocketcheck"},
		{"hexadecimal", "s3cret", "733363726574 733363726574", "REDACTED REDACTED"},
		{"short", "k", "ok, k=k", "oREDACTED, REDACTED=REDACTED"},
		{"as a query has it", "a b/c+d=&", "?key=a+b%2Fc%2Bd%3D%26&x=1", "?key=REDACTED&x=1"},
		{"as a path has it", "a b/c", "/keys/a%20b%2fc/x", "/keys/REDACTED/x"},
		{"every character in hex", "key", "%6b%65%79", "REDACTED"},
		{"escaped twice for a URL", "a/b", "?to=%2Fx%3Fkey%3Da%252Fb", "?to=%2Fx%3Fkey%3DREDACTED"},
		{"JSON, all of it escaped", "key", `{"k": "\u006b\u0065\u0079"}`, `{"k": "REDACTED"}`},
		{"JSON, one letter escaped", "key", `{"k": "my k\u0065y!"}`, `{"k": "my REDACTED!"}`},
		{"JSON, capital digits", "k/~y", `"k\u002F\u007Ey"`, `"REDACTED"`},
		{"JSON, quote and backslash", `a"b\c/d`, `{"k": "a\"b\\c\/d"}`, `{"k": "REDACTED"}`},
		{"JSON in JSON", `a"b`, `{"k": "{\"k\": \"a\\\"b\"}"}`, `{"k": "{\"k\": \"REDACTED\"}"}`},
		{"JSON that broke off", "key", `{"k": "\u006bey`, `{"k": "REDACTED`},
		{"after an odd quote", "key", `5" wide {"k": "\u006bey"}`, `5" wide {"k": "REDACTED"}`},
		{"no ASCII", "clé", `"cl\u00e9 cl%C3%A9"`, `"REDACTED REDACTED"`},
		{"HTML", `a&b"c`, "<p>a&amp;b&quot;c", "<p>REDACTED"},
		{"HTML, in numbers", "a/b", "&#97;&#47;&#98; &#x61;&#X2F;&#x62; a&#47b &#97&#47;b", "REDACTED REDACTED REDACTED REDACTED"},
		{"HTML, by names", "a/b+c", "a&sol;b&plus;c", "REDACTED"},
		{"HTML, in JSON", "a/b", `{"k": "a\u0026#47;b &amp;#97;/b"}`, `{"k": "REDACTED REDACTED"}`},
		{"no reference of HTML's", "a;b", "&#; &#x; &#xg; &none; & a;b &", "&#; &#x; &#xg; &none; & REDACTED &"},
		{"as C writes it", "a/b", `\x61\x2fb \141/\142 \u{61}/b \U00000061/b`, "REDACTED REDACTED REDACTED REDACTED"},
		{"no escape of C's", "key", `\x6 \8 \u{} \u{6b key \U0`, `\x6 \8 \u{} \u{6b REDACTED \U0`},
		{"beyond all characters", "\ufffdkey", `\U00110000key \UFFFFFFFFkey \ufffdkey`, `\U00110000key \UFFFFFFFFkey REDACTED`},
		{"as Go quotes it", `a"b`, fmt.Sprintf("%q", "a\"b\x00"), `"REDACTED\x00"`},
		{"a percent that escapes nothing", "key", "100% key%", "100% REDACTED%"},
		{"a backslash at the end", "key", `key\`, `REDACTED\`},
		{"escapes elsewhere stay", "key", `\u0041 %41 \n &amp; key`, `\u0041 %41 \n &amp; REDACTED`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var r Redactor
			r.Add(NewKey(tt.key))
			assert.Equal(t, tt.want, r.Text(tt.text))
		})
	}
}

func TestRedactionOfSeveralKeys(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, keys, text, want string }{
		{"one is part of another", "abc abcdef", "abcdef abc", "REDACTED REDACTED"},
		{"the longer one first", "abcdef abc", "abcdef abc", "REDACTED REDACTED"},
		{"they overlap", "abcd cdef", "abcdef", "REDACTED"},
		{"one is part of the mark", "secret ACT", "secret", "REDACTED"},
		{"in different spellings", "k/1 k/2", `%6b/1 \u006b\/2`, "REDACTED REDACTED"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var r Redactor
			for key := range strings.FieldsSeq(tt.keys) {
				r.Add(NewKey(key))
			}
			assert.Equal(t, tt.want, r.Text(tt.text))
		})
	}
	var none Redactor
	none.Add(NewKey(""), Key{})
	assert.Equal(t, "a b", none.Text("a b"), "no key is no text to look for")
}

// TestCutsLeaveNoHalfKey moves a key, in two spellings, over the place where a
// text is cut.
func TestCutsLeaveNoHalfKey(t *testing.T) {
	t.Parallel()
	const key = "QWJZKVXH-QWJ"
	var r Redactor
	r.Add(NewKey(key))
	var escaped strings.Builder
	for _, c := range key {
		fmt.Fprintf(&escaped, `\u%04x`, c)
	}
	for cut, shown := range map[int]func(string) string{
		kept:    r.Shorten,
		longest: r.Shown,
	} {
		for _, spelling := range []string{key, escaped.String()} {
			for at := 1; at < len(spelling)+2; at += len(spelling) / len(key) {
				got := shown(strings.Repeat("x", cut-at) + spelling + strings.Repeat("x", cut))
				got = got[cut-at:] // what is there of the key, and what follows
				require.Less(t, len(got), len(spelling)+64)
				require.NotContains(t, got, spelling[:min(at, 6)], "the key begins %d before the cut", at)
			}
		}
	}
	assert.Equal(t, "short", r.Shorten("short"))
	assert.Equal(t, strings.Repeat("é", longest/2)+"… (8000 bytes)", clip(strings.Repeat("é", longest)))
	assert.Equal(t, "x"+strings.Repeat("é", longest/2-1)+"… (8001 bytes)", clip("x"+strings.Repeat("é", longest)))
}

// TestKeyDoesNotPrint: whatever prints, logs or encodes a key, or a struct that
// holds one, shows no more than that there is one.
func TestKeyDoesNotPrint(t *testing.T) {
	t.Parallel()
	holder := struct{ Key Key }{NewKey("s3cret")}
	encoded, err := json.Marshal(holder)
	require.NoError(t, err)
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "key", holder.Key, "holder", holder)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "key", holder.Key, "holder", holder)
	for _, text := range []string{
		string(encoded), log.String(), fmt.Sprint(holder), fmt.Sprintf("%v %+v %#v %s %q", holder, holder, holder, holder, holder),
	} {
		assert.NotContains(t, text, "s3cret")
	}
	assert.Equal(t, "s3cret", holder.Key.Reveal())
	assert.True(t, NewKey("").IsZero())
	assert.Empty(t, Key{}.Reveal())
}

// TestRedactionOfEveryForm: a key of eight characters or more is hidden in whatever form,
// and in one that holds another.
func TestRedactionOfEveryForm(t *testing.T) {
	t.Parallel()
	each := func(format string) func(string) string {
		return func(text string) string {
			var b strings.Builder
			for _, c := range []byte(text) {
				fmt.Fprintf(&b, format, c)
			}
			return b.String()
		}
	}
	eachRune := func(format string) func(string) string {
		return func(text string) string {
			var b strings.Builder
			for _, c := range text {
				fmt.Fprintf(&b, format, c)
			}
			return b.String()
		}
	}
	forms := map[string]func(string) string{
		"base64":             func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		"base64url":          func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
		"base64 with a user": func(s string) string { return base64.StdEncoding.EncodeToString([]byte("user:" + s)) },
		"base64 amid others": func(s string) string { return base64.StdEncoding.EncodeToString([]byte("user:" + s + ":1")) },
		"hex":                func(s string) string { return hex.EncodeToString([]byte(s)) },
		"HEX":                func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
		"lower case":         strings.ToLower, "upper case": strings.ToUpper,
		"HTML": html.EscapeString, "query": url.QueryEscape, "path": url.PathEscape,
		"HTML, decimal": eachRune("&#%d;"), "HTML, hex": eachRune("&#x%x;"), "HTML, HEX": eachRune("&#X%X;"),
		"percent": each("%%%02x"), "PERCENT": each("%%%02X"), "octal": each(`\%03o`), `\x`: each(`\x%02x`), `\u`: eachRune(`\u%04x`),
		`\u{}`: eachRune(`\u{%x}`), `\U`: eachRune(`\U%08x`), "slashes": strings.NewReplacer("/", `\/`, `\`, `\\`, `"`, `\"`).Replace,
		"JSON": func(s string) string {
			text, err := json.Marshal(s)
			require.NoError(t, err)
			return string(text[1 : len(text)-1])
		},
		"Latin-1": func(s string) string {
			var b strings.Builder
			for _, c := range []byte(s) {
				b.WriteRune(rune(c))
			}
			return b.String()
		},
		"Go": func(s string) string { q := strconv.QuoteToASCII(s); return q[1 : len(q)-1] },
	}
	for _, key := range []string{"12345678", "s3cret-key", `a"b<c>&'d/e\f%g`, "Schlüssel-世界", "pk_live/+==abc", `S3cr3t"%41longenough`,
		"sv=2020-08-04&sig=abc%2Bdefghijklmn%3D", "S3cr3t&#65;longenough\"x<y", "abc%252Fdefghij/klmnop%3D", `S3cr3t\u0041/long"enough`, "S3cr3té¡ÿlong", strings.Repeat("k3y!", 60)} {
		for name, form := range forms {
			for outer, again := range map[string]func(string) string{
				"": func(s string) string { return s }, " in JSON": forms["JSON"], " in a query": forms["query"], " in HTML": forms["HTML"],
				" in JSON in JSON": func(s string) string { return forms["JSON"](forms["JSON"](s)) },
			} {
				text := Redact("before "+again(form(key))+" after", NewKey(key))
				assert.Contains(t, text, redacted, "%q as %s%s", key, name, outer)
				assert.Less(t, len(text), len("before REDACTED after")+20, "%q as %s%s: %s", key, name, outer, text)
			}
		}
	}
}

// TestWordAsKey: a key that is a word hides no other.
func TestWordAsKey(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "give REDACTED as CANARY_API_KEY", Redact("give canary as CANARY_API_KEY", NewKey("canary")))
}

func TestSecretsOf(t *testing.T) {
	t.Parallel()
	for address, want := range map[string][]string{
		"http://proxy:8080": nil, "http://user:pass%2Fw%40rd@proxy:8080": {"pass%2Fw%40rd", "pass/w@rd"}, "user:p@ss:word@proxy:8080": {"p@ss:word", "p@ss:word"},
		"http://user:short@proxy": nil, "http://host/s?a=true&token=to+ken+123#part": {"a=true&token=to+ken+123", "to+ken+123", "to ken 123"},
	} {
		var got []string
		for _, k := range SecretsOf(address) {
			got = append(got, k.Reveal())
		}
		assert.Equal(t, want, got, address)
	}
}
