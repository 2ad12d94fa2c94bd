package fault

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf16"
)

func around(wrap func(http.Handler) http.Handler) act { return act{around: wrap} }

func header(name, value string) act {
	return act{after: func(x *exchange) { x.header.Set(name, value) }}
}

func contentType(value string) act { return header("Content-Type", value) }

var furtherHeaders = act{after: func(x *exchange) {
	x.header.Add("Set-Cookie", "session=1; HttpOnly")
	x.header.Set("ETag", `W/"1"`)
	x.header.Set("X-Request-Id", strings.Repeat("0123456789abcdef", 256))
	x.header.Set("Cache-Control", "max-age=600")
}}

// on401 gives a refused key a body.
func on401(mediaType, body string) act {
	return act{after: func(x *exchange) {
		if x.status == http.StatusUnauthorized {
			x.header.Set("Content-Type", mediaType)
			x.text = []byte(body)
		}
	}}
}

func encodes(encode func(any) []byte) act { return act{after: func(x *exchange) { x.encode = encode }} }

func indented(v any) []byte { text, _ := json.MarshalIndent(v, "", "  "); return text }

func surrounded(v any) []byte { return []byte("\r\n\t " + string(encoded(v)) + "\r\n") }

func slashed(v any) []byte { return bytes.ReplaceAll(encoded(v), []byte("/"), []byte(`\/`)) }

func htmlEscaped(v any) []byte { text, _ := json.Marshal(v); return text }

func unicodeEscaped(v any) []byte {
	var b bytes.Buffer
	for _, r := range string(encoded(v)) {
		if r < 0x80 {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04X`, unit)
		}
	}
	return b.Bytes()
}

// floats writes numbers as those do who know no integers, in one of two ways.
func floats(v any) []byte {
	return encoded(mapped(v, func(n json.Number) json.Number {
		if strings.ContainsAny(n.String(), ".eE") {
			return n
		}
		if len(n)%2 == 0 {
			return n + "0e-1"
		}
		return n + ".0"
	}))
}

// mapped gives a value with other numbers.
func mapped(v any, f func(json.Number) json.Number) any {
	switch v := v.(type) {
	case json.Number:
		return f(v)
	case map[string]any:
		for name, child := range v {
			v[name] = mapped(child, f)
		}
	case []any:
		for i, child := range v {
			v[i] = mapped(child, f)
		}
	}
	return v
}

// reversed has the keys of each object from z to a.
func reversed(v any) []byte {
	var b bytes.Buffer
	switch v := v.(type) {
	case map[string]any:
		var members [][]byte
		for name, child := range v {
			members = append(members, slices.Concat(encoded(name), []byte(":"), reversed(child)))
		}
		slices.SortFunc(members, func(a, b []byte) int { return bytes.Compare(b, a) })
		fmt.Fprintf(&b, "{%s}", bytes.Join(members, []byte(",")))
	case []any:
		var elements [][]byte
		for _, child := range v {
			elements = append(elements, reversed(child))
		}
		fmt.Fprintf(&b, "[%s]", bytes.Join(elements, []byte(",")))
	default:
		b.Write(encoded(v))
	}
	return b.Bytes()
}

// gzipped compresses for clients that take it.
func gzipped(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		record := &recording{header: w.Header(), status: http.StatusOK}
		next.ServeHTTP(record, r)
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			w.WriteHeader(record.status)
			_, _ = w.Write(record.body.Bytes()) // the client is gone; there is nobody to tell
			return
		}
		w.Header().Del("Content-Length")
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(record.status)
		z := gzip.NewWriter(w)
		_, _ = z.Write(record.body.Bytes())
		_ = z.Close()
	})
}

// chunked sends seven bytes at a time.
func chunked(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		record := &recording{header: w.Header(), status: http.StatusOK}
		next.ServeHTTP(record, r)
		w.Header().Del("Content-Length")
		w.WriteHeader(record.status)
		for chunk := range slices.Chunk(record.body.Bytes(), 7) {
			_, _ = w.Write(chunk) // the client is gone; there is nobody to tell
			_ = http.NewResponseController(w).Flush()
		}
	})
}
