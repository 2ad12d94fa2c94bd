package fieldtest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// canary is an API key that every encoding spells in another way, and whose
// parts are found in no other text.
const canary = `CANARY/0123456789+abcdefghij="<&>'KLMNOPQRSTUVwxyz%\end`

// spellings are the ways in which a target may echo the key.
func spellings() map[string]string {
	encoded, _ := json.Marshal(canary) // a string always encodes
	inJSON := strings.Trim(string(encoded), `"`)
	again, _ := json.Marshal(inJSON)
	var hex, units, references strings.Builder
	for _, c := range []byte(canary) {
		fmt.Fprintf(&hex, "%%%02x", c)
		fmt.Fprintf(&units, `\u%04x`, c)
		fmt.Fprintf(&references, "&#%d;", c)
	}
	return map[string]string{
		"as it is":        canary,
		"as JSON":         inJSON,
		"as JSON in JSON": strings.Trim(string(again), `"`),
		"as \\u00..":      units.String(),
		"as a query":      url.QueryEscape(canary),
		"as a path":       url.PathEscape(canary),
		"as %..":          hex.String(),
		"as HTML":         html.EscapeString(canary),
		"as &#..;":        references.String(),
	}
}

// echoes are targets that give the key away, by where they do.
func echoes(key string) map[string]http.HandlerFunc {
	body := func(status int, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, text) // the client sees what is missing
		}
	}
	all := map[string]http.HandlerFunc{
		"error":      body(http.StatusBadRequest, `{"error": "key `+key+` is bad"}`),
		"not JSON":   body(http.StatusOK, "<p>"+key+"</p>"),
		"broken off": body(http.StatusOK, `{"error": "`+key),
		"member":     body(http.StatusOK, `{"asset": {"id": "1", "`+key+`": 1, "title": {"`+key+`": ["`+key+`"]}}, "error": ["`+key+`"]}`),
		"id":         body(http.StatusOK, `{"asset": {"id": "`+key+`"}, "comment": {"id": "`+key+`"}, "dag_action_run": {"id": "`+key+`"}, "error": "`+key+`"}`),
		"header": func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["X-Key"] = []string{key}
			w.Header()["Location"] = []string{"/" + key + "?api_key=" + key}
			w.Header()["Retry-After"] = []string{key}
			w.WriteHeader(http.StatusFound)
		},
		"status text":   raw("HTTP/1.1 418 " + key + "\r\nContent-Length: 0\r\n\r\n"),
		"status":        raw("HTTP/1.1 " + key + "\r\n\r\n"),
		"protocol":      raw(key + "\r\n\r\n"),
		"broken header": raw("HTTP/1.1 200 OK\r\n" + key + "\r\n\r\n"),
		"length":        raw("HTTP/1.1 200 OK\r\nContent-Length: " + key + "\r\n\r\n"),
	}
	// Reports cut a text at 4000 bytes: at each place of the key.
	for _, before := range []int{3930, 3950, 3970, 3990, 3999} {
		all[fmt.Sprintf("after %d bytes", before)] = body(http.StatusOK, `{"asset": {"id": "1", "title": "`+strings.Repeat(".", before)+key+`"}, "error": "`+strings.Repeat(".", before)+key+`"}`)
	}
	return all
}

// raw answers with bytes that net/http would not send.
func raw(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = io.WriteString(c, text) // the client sees what is missing
		_ = c.Close()
	}
}

// escape is one character as JSON, Go or a URL may write it.
var escape = regexp.MustCompile(`\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|%[0-9a-fA-F]{2}|\\["'\\/]`)

// unescaped undoes one encoding of a text, line by line: an expression is slow in
// a long text.
func unescaped(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.ContainsAny(line, `\%`) {
			line = escape.ReplaceAllStringFunc(line, func(e string) string {
				if e[0] == '\\' && e[1] != 'u' && e[1] != 'x' {
					return e[1:]
				}
				c, _ := strconv.ParseUint(strings.TrimLeft(e, `\ux%`), 16, 32) // the pattern saw to it
				return string(rune(c))
			})
		}
		b.WriteString(line)
	}
	return html.UnescapeString(b.String())
}

// decoded undoes, step by step, what encodings did to a text.
func decoded(text string) []string {
	all := []string{text}
	for range 4 {
		plain := unescaped(text)
		if plain == text {
			break
		}
		text = plain
		all = append(all, text)
	}
	return all
}

// leak gives what a text tells of the key: eight of its characters or more.
func leak(text string) string {
	for _, plain := range decoded(text) {
		for i := range len(canary) - 8 {
			if strings.Contains(plain, canary[i:i+8]) {
				return canary[i : i+8]
			}
		}
	}
	return ""
}

// TestLeakIsFound: what looks for the key finds each of its spellings.
func TestLeakIsFound(t *testing.T) {
	t.Parallel()
	for how, key := range spellings() {
		assert.NotEmpty(t, leak("x"+key+"x"), how)
		assert.NotEmpty(t, leak(key[:len(key)/2]), how)
	}
	assert.Empty(t, leak(`the key is REDACTED \ % & %2 \u00 &amp; \\`))
}

// assertNoLeak looks for the key in all that is written of a report.
func assertNoLeak(t *testing.T, result *report.Report) {
	t.Helper()
	result.Facts = slices.DeleteFunc(result.Facts, func(f report.Result) bool { // the target says nothing there
		return f.Outcome == report.Deselected || f.Outcome == report.Untestable
	})
	require.NotEmpty(t, result.Facts)
	all := maps.Clone(report.Formats)
	all["text"] = func(r *report.Report, w io.Writer) error {
		return r.WriteText(w, report.TextOptions{Failures: report.AllFailures})
	}
	all["exchanges"] = (*report.Report).WriteExchanges
	all["deviations"] = func(r *report.Report, w io.Writer) error { return r.WriteDeviations(w, "") }
	for format, write := range all {
		var text strings.Builder
		require.NoError(t, write(result, &text))
		assert.Empty(t, leak(text.String()), "%s: %s", format, text.String())
	}
}

// TestNoReportHasTheKey runs the suite on targets that echo the key.
func TestNoReportHasTheKey(t *testing.T) {
	referencetest.Again(t)
	t.Parallel()
	for how, key := range spellings() {
		for where, handler := range echoes(key) {
			if inHeader := strings.Contains("header status text protocol length", where); inHeader && how != "as it is" {
				continue // who writes a header in JSON?
			}
			t.Run(where+" "+how, func(t *testing.T) {
				t.Parallel()
				result, err := pocketcheck.Run(t.Context(), pocketcheck.Target{
					Handler: handler, Key: pocketcheck.NewKey(canary),
				}, pocketcheck.Options{
					Settle: -1, Facts: []string{"assets.create.ok", "assets.get.ok", "comments.update.ok", "comments.list.err-404", "dag_actions.start.ok"},
				})
				require.NoError(t, err)
				require.NotEqual(t, report.Conformant, result.Verdict)
				assertNoLeak(t, result)
			})
		}
	}
}

// TestNoReportHasTheKeyOfItsTarget: a key in the target's URL or in what the
// implementation is called is in no report either, whether it is reached or not.
func TestNoReportHasTheKeyOfItsTarget(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	all := slices.Collect(maps.Values(spellings()))
	for where, host := range map[string]string{"reached": server.URL, "not reached": "http://127.0.0.1:1"} {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			path := host
			for _, key := range all {
				path += "/" + url.PathEscape(key)
			}
			result, err := pocketcheck.Run(t.Context(), pocketcheck.Target{
				URL: path, Key: pocketcheck.NewKey(canary),
				Implementation: strings.Join(all, " "), ImplementationVersion: strings.Join(all, "/"),
			}, pocketcheck.Options{Settle: -1, Facts: []string{"assets.get.ok"}})
			require.NoError(t, err)
			assertNoLeak(t, result)
		})
	}
}

// TestReportKnowsHandedOutKeys: what a target logs of a key that its states hand
// out can be hidden, too.
func TestReportKnowsHandedOutKeys(t *testing.T) {
	t.Parallel()
	target := referencetest.Target()
	target.Values.NoActionsViewKey = pocketcheck.NewKey("the-viewer")
	target.States = func(context.Context, string, map[string]string) (map[string]string, error) {
		return map[string]string{"api_key": canary}, nil
	}
	result, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{Settle: -1, Facts: []string{"assets.get.err-500"}})
	require.NoError(t, err)
	for how, key := range spellings() {
		assert.Equal(t, "keys REDACTED, REDACTED and REDACTED", result.Redact("keys "+referencetest.Key+", the-viewer and "+key), how)
	}
}
