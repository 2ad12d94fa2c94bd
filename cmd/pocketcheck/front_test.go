package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/report"
)

// serveWith starts pocketcheck serve for the time of the test.
func serveWith(t *testing.T, dir string, args ...string) *process {
	t.Helper()
	p, err := begin(dir, append([]string{"serve", "--port", "0"}, args...)...)
	require.NoError(t, err)
	t.Cleanup(p.close)
	require.True(t, p.stdout.has("serving at "), "%s%s", p.stdout, p.stderr)
	return p
}

// TestFirstRequest: the curl line of the banner works as it is printed.
func TestFirstRequest(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	identity(t, cert, key)
	seed := `{"users":[{"id":1,"email":"a@example.com","keys":["` + apiKey + `"]}]}`
	require.NoError(t, os.WriteFile(filepath.Join(dir, "seed.json"), []byte(seed), 0o600))
	for name, c := range map[string]struct {
		args  []string
		title string
	}{
		"the built-in seed":     {nil, `"Sample Asset"`},
		"a sample":              {[]string{"--sample", "small"}, ` at `},
		"another sample":        {[]string{"--sample", "small", "--sample-seed", "9"}, ` at `},
		"https":                 {[]string{"--tls-cert", cert, "--tls-key", key}, `"Sample Asset"`},
		"all addresses":         {[]string{"--listen", ":0"}, `"Sample Asset"`},
		"a seed without assets": {[]string{"--seed", "seed.json"}, `"First"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := serveWith(t, dir, c.args...)
			line := regexp.MustCompile(`(?m)^curl .*$`).FindString(p.stdout.String())
			require.NotEmpty(t, line, p.stdout)
			line = strings.Replace(line, `X-API-KEY: KEY"`, `X-API-KEY: `+apiKey+`"`, 1)
			said, err := exec.CommandContext(t.Context(), "sh", "-c", strings.Replace(line, "curl", "curl -sS", 1)).CombinedOutput() // #nosec G204 -- it is ours
			require.NoError(t, err, "%s: %s", line, said)
			assert.Contains(t, string(said), `{"asset":{"id":"`)
			assert.Contains(t, string(said), c.title)
			assert.NotContains(t, p.stdout.String(), secret)
		})
	}
}

func TestQuiet(t *testing.T) {
	t.Parallel()
	p := serveWith(t, t.TempDir(), "--quiet", "--control", "127.0.0.1:0", "--sample", "small")
	assert.Regexp(t, `^provider states at http://127.0.0.1:\d+/states\nserving at http://127.0.0.1:\d+\n$`, p.stdout.String())
}

// asked is what a request without a key is answered.
func asked(t *testing.T, method, url string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, http.NoBody)
	require.NoError(t, err)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }() // it is read
	text, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return answer, string(text)
}

// TestAbout: who finds the server finds out what it is.
func TestAbout(t *testing.T) {
	t.Parallel()
	with, without := serveWith(t, t.TempDir(), "--control", "127.0.0.1:0"), serveWith(t, t.TempDir())
	page := strings.TrimSuffix(with.servesAt().states, "states")
	for p, want := range map[*process]any{with: page, without: nil} {
		url := p.servesAt().api + "/"
		answer, text := asked(t, http.MethodGet, url)
		assert.Equal(t, http.StatusOK, answer.StatusCode)
		assert.Equal(t, "application/json", answer.Header.Get("Content-Type"))
		var got map[string]any
		require.NoError(t, json.Unmarshal([]byte(text), &got))
		assert.Equal(t, map[string]any{
			"name": "pocketcheck", "what": "The reference of the Media Pocket API v2, as a mock",
			"version": report.Version, "endpoints": 23.0, "page": want,
		}, got)
		answer, text = asked(t, http.MethodHead, url)
		assert.Equal(t, http.StatusOK, answer.StatusCode)
		assert.Empty(t, text)
		answer, text = asked(t, http.MethodPost, url)
		assert.Equal(t, http.StatusMethodNotAllowed, answer.StatusCode)
		assert.Equal(t, "GET, HEAD", answer.Header.Get("Allow"))
		assert.Equal(t, "{\"error\":\"method not allowed\"}\n", text)
		answer, _ = asked(t, http.MethodGet, url+"api")
		assert.Equal(t, http.StatusNotFound, answer.StatusCode)
	}
}

// TestPages: which pages in a browser may call the API, and with what.
func TestPages(t *testing.T) {
	t.Parallel()
	const app, other = "https://app.example.com", "http://localhost:3000"
	for name, c := range map[string]struct {
		args       []string
		app, other string // what Access-Control-Allow-Origin says to each
	}{
		"loopback":           {nil, "*", "*"},
		"none":               {[]string{"--cors", "none"}, "", ""},
		"one":                {[]string{"--cors", app}, app, ""},
		"two":                {[]string{"--cors", app, "--cors", other}, app, other},
		"all addresses":      {[]string{"--listen", ":0"}, "", ""},
		"any, all addresses": {[]string{"--listen", ":0", "--cors", "*"}, "*", "*"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := serveWith(t, t.TempDir(), append(c.args, "--control", "127.0.0.1:0")...).servesAt()
			url := strings.Replace(at.api, "[::]", "127.0.0.1", 1) + "/api/v2/assets/x"
			for origin, want := range map[string]string{app: c.app, other: c.other} {
				for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
					preflight, text := asked(t, http.MethodOptions, url, "Origin: "+origin, "Access-Control-Request-Method: "+method,
						"Access-Control-Request-Headers: content-type,prefer,x-api-key")
					assert.Equal(t, want, preflight.Header.Get("Access-Control-Allow-Origin"))
					if want != "" {
						assert.Equal(t, http.StatusNoContent, preflight.StatusCode)
						assert.Equal(t, method, preflight.Header.Get("Access-Control-Allow-Methods"))
						assert.Equal(t, "content-type,prefer,x-api-key", preflight.Header.Get("Access-Control-Allow-Headers"))
						assert.Empty(t, text)
					}
				}
				answer, _ := asked(t, http.MethodGet, url, "Origin: "+origin)
				assert.Equal(t, http.StatusUnauthorized, answer.StatusCode)
				assert.Equal(t, want, answer.Header.Get("Access-Control-Allow-Origin"))
				assert.Empty(t, answer.Header.Get("Access-Control-Allow-Credentials"))
				preflight, _ := asked(t, http.MethodOptions, url, "Origin: "+origin, "Access-Control-Request-Method: PATCH")
				assert.Empty(t, preflight.Header.Get("Access-Control-Allow-Methods"))
				control, _ := asked(t, http.MethodOptions, at.states, "Origin: "+origin, "Access-Control-Request-Method: POST")
				assert.Equal(t, http.StatusForbidden, control.StatusCode)
				assert.Empty(t, control.Header.Get("Access-Control-Allow-Origin"))
			}
			bare, _ := asked(t, http.MethodOptions, url)
			assert.Equal(t, http.StatusMethodNotAllowed, bare.StatusCode, "what is no preflight")
			assert.Equal(t, "DELETE, GET, HEAD, PUT", bare.Header.Get("Allow"))
		})
	}
}

// TestUnusedKeyIsInNoLine: a client puts a key of the seed's in a wrong place, before
// anybody has used it.
func TestUnusedKeyIsInNoLine(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const unused = "sesame-4711-open"
	seed := `{"users":[{"id":1,"email":"a@example.com","keys":["` + apiKey + `", "` + unused + `"]}]}`
	require.NoError(t, os.WriteFile(filepath.Join(dir, "seed.json"), []byte(seed), 0o600))
	p := serveWith(t, dir, "--seed", "seed.json")
	asked(t, http.MethodGet, p.servesAt().api+"/api/v2/assets/"+unused, "X-API-KEY: "+apiKey)
	require.True(t, p.stdout.has(" 404 "), "%s", p.stdout)
	assert.Contains(t, p.stdout.String(), "GET /api/v2/assets/REDACTED ")
	assert.NotContains(t, p.stdout.String(), unused)
}
