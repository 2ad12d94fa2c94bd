package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// proxying starts a proxy of a target, and gives where it listens.
func proxying(t *testing.T, dir, target string, args ...string) (p *process, at string) {
	t.Helper()
	p, err := begin(dir, append([]string{"proxy", "--target", target, "--listen", "127.0.0.1:0"}, args...)...)
	require.NoError(t, err)
	t.Cleanup(p.close)
	require.True(t, p.stdout.has("listening at "), p.stderr.String())
	return p, regexp.MustCompile(`http://\S+`).FindString(p.stdout.String())
}

// ended interrupts a proxy, and gives its exit code.
func ended(t *testing.T, p *process) int {
	t.Helper()
	require.NoError(t, p.cmd.Process.Signal(os.Interrupt))
	<-p.ended
	return p.cmd.ProcessState.ExitCode()
}

// askedThrough sends a request with a key, and gives the answer's body.
func askedThrough(t *testing.T, method, url, body string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("X-API-KEY", apiKey)
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return string(text)
}

// TestProxy: a client that keeps to the document, then one that does not.
func TestProxy(t *testing.T) {
	t.Parallel()
	handler, err := newReference()
	require.NoError(t, err)
	passed := ""
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		passed = r.Header.Get("X-Gateway")
		w.Header().Set("X-Echo", passed)
		handler.ServeHTTP(w, r)
	}))
	defer target.Close()
	dir := t.TempDir()
	p, at := proxying(t, dir, target.URL, "--header", "X-Gateway: "+secret+"-pass", "--report", "json={name}.json", "--report", "html={name}.html", "--har-out", "seen.har")
	assert.Contains(t, askedThrough(t, "POST", at+"/api/v2/assets", `{"title": "x"}`), `"title":"x"`)
	assert.Equal(t, secret+"-pass", passed)
	require.True(t, p.stdout.has("POST /api/v2/assets 200 "))
	assert.Zero(t, ended(t, p), p.stderr.String())
	assert.Contains(t, p.stdout.String(), "verdict: partial (the client broke the document in 0 of 1 request)")
	assert.Contains(t, p.stdout.String(), "verdict: partial (the server broke the document in 0 of 1 answer)")
	assert.Empty(t, p.stderr.String())
	of := func(side string) string {
		return gjson.Get(read(t, filepath.Join(dir, side+".json")), "target").String()
	}
	assert.Equal(t, []string{"clients of " + target.URL, target.URL}, []string{of("client"), of("server")}, "who is held against the document")

	bad, at := proxying(t, dir, target.URL)
	askedThrough(t, "POST", at+"/api/v2/assets", `{"titel": "`+apiKey+`"}`)
	assert.Equal(t, exitNonConform, ended(t, bad))
	assert.Contains(t, bad.stdout.String(), "  client: assets.create.param-title: the parameter title is missing")

	files, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	assert.Len(t, files, 5)
	for _, file := range files {
		assert.NotContains(t, read(t, file), secret, file)
	}
	assert.NotContains(t, p.stdout.String()+bad.stdout.String(), secret)
}

// TestProxyWithoutAVerdict: nothing came, or nobody was there to answer.
func TestProxyWithoutAVerdict(t *testing.T) {
	t.Parallel()
	p, _ := proxying(t, t.TempDir(), "http://127.0.0.1:1")
	assert.Equal(t, exitInconclusive, ended(t, p))
	assert.Equal(t, "pocketcheck: no request to the API came\n", p.stderr.String())

	p, at := proxying(t, t.TempDir(), "http://127.0.0.1:1")
	assert.Contains(t, askedThrough(t, "GET", at+"/api/v2/assets/a", ""), `{"error":"the target does not answer: dial tcp 127.0.0.1:1: `)
	assert.Equal(t, exitInconclusive, ended(t, p))
	assert.Contains(t, p.stderr.String(), "pocketcheck: the target was never reached: the target does not answer: dial tcp 127.0.0.1:1: ")
	assert.NotContains(t, p.stdout.String(), "  server:")
}
