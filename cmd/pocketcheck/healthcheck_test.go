package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/cmd/pocketcheck/health"
	"github.com/pocketcheck/pocketcheck/reference/control"
)

// TestHealthcheckAsksThisMachine: an address to listen at may be one that nobody can
// ask at, and a proxy would ask another machine.
func TestHealthcheckAsksThisMachine(t *testing.T) {
	t.Parallel()
	var proxied bool
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { proxied = true }))
	defer proxy.Close()
	at, err := url.Parse(serveWith(t, t.TempDir(), "--listen", ":0").servesAt().api)
	require.NoError(t, err)
	port := at.Port()
	for _, host := range []string{"", "0.0.0.0", "[::]", "localhost", "127.0.0.1"} {
		assert.Zero(t, healthcheckOf(t, host+":"+port, proxy.URL), host)
	}
	assert.False(t, proxied)
	assert.Equal(t, exitNonConform, healthcheckOf(t, "127.0.0.1:tcpmux", proxy.URL), "nothing listens there")
}

// TestHealthcheckIsNoClient: what it asks is in no journal and no verdict, and no rule for
// everyone answers it, or is used up by it.
func TestHealthcheckIsNoClient(t *testing.T) {
	t.Parallel()
	at := serveWith(t, t.TempDir(), "--control", "127.0.0.1:0").servesAt()
	levers := control.Client{URL: strings.TrimSuffix(at.states, "/states")}
	_, err := levers.AddRule(t.Context(), control.Rule{Everyone: true, Status: http.StatusInternalServerError, Times: 1})
	require.NoError(t, err)
	address := strings.TrimPrefix(at.api, "http://")
	assert.Zero(t, healthcheckOf(t, address, ""))
	answer, text := asked(t, http.MethodHead, at.api+"/health")
	assert.Equal(t, http.StatusOK, answer.StatusCode)
	assert.Empty(t, text)
	answer, _ = asked(t, http.MethodPost, at.api+"/health")
	assert.Equal(t, http.StatusMethodNotAllowed, answer.StatusCode)

	answer, _ = asked(t, http.MethodGet, at.api+"/api/v2/assets/x")
	assert.Equal(t, http.StatusInternalServerError, answer.StatusCode, "the first of a client")
	_, text = asked(t, http.MethodGet, levers.URL+"/journal")
	assert.Equal(t, 1, strings.Count(text, `"method"`), text)
}

// TestUnhealthy: what is needed and missing is named, and so is what is only missed, without
// what an error may tell of addresses.
func TestUnhealthy(t *testing.T) {
	t.Parallel()
	fails := func(context.Context) error { return errors.New("no store at postgres://" + secret) }
	works := func(context.Context) error { return nil }
	ended, end := context.WithCancel(t.Context())
	end()
	for _, tt := range []struct {
		name    string
		serving context.Context
		checks  []health.Check
		code    int
		body    string
		stderr  string
	}{
		{"well", t.Context(), []health.Check{{Name: "a", Needed: true, Ask: works}}, 200, `{"status":"ok","checks":{"a":{"status":"ok"}}}`, ""},
		{"degraded", t.Context(), []health.Check{{Name: "a", Needed: true, Ask: works}, {Name: "b", Says: "away", Ask: fails}}, 200,
			`{"status":"degraded","checks":{"a":{"status":"ok"},"b":{"status":"degraded","reason":"away"}}}`, "pocketcheck: degraded: b: away\n"},
		{"unavailable", t.Context(), []health.Check{{Name: "a", Needed: true, Says: "gone", Ask: fails}, {Name: "b", Says: "away", Ask: fails}}, 503,
			`{"status":"unavailable","checks":{"a":{"status":"unavailable","reason":"gone"},"b":{"status":"degraded","reason":"away"}}}`,
			"pocketcheck: not healthy: a: gone; b: away\n"},
		{"ending", ended, []health.Check{{Name: "a", Needed: true, Ask: works}}, 503,
			`{"status":"unavailable","checks":{"server":{"status":"unavailable","reason":"it is about to end"}}}`,
			"pocketcheck: not healthy: server: it is about to end\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ready := health.New(tt.serving, slog.New(slog.DiscardHandler), tt.checks...)
			server := httptest.NewServer(beside(http.NotFoundHandler(), map[string]http.Handler{healthPath: ready}))
			t.Cleanup(server.Close)
			answer, text := asked(t, http.MethodGet, server.URL+"/health")
			assert.Equal(t, tt.code, answer.StatusCode)
			assert.JSONEq(t, tt.body, text)
			var stdout, stderr bytes.Buffer
			code := run([]string{"serve", "--healthcheck", "--listen", server.Listener.Addr().String()}, &stdout, &stderr)
			assert.Equal(t, tt.code == 200, code == 0)
			assert.Equal(t, tt.stderr, stderr.String())
			assert.Empty(t, stdout.String())
		})
	}
}

// TestProbes: a platform asks without the token, which all else of the listener wants.
func TestProbes(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(file, []byte(controlToken), 0o600))
	at := servesControl(t, "--control", "0.0.0.0:0", "--control-token-file", file)
	url := "http://127.0.0.1:" + at.Port()
	for path, want := range map[string]string{"/healthz": `{"status":"ok"}`, "/readyz": `{"status":"ok","checks":{"store":{"status":"ok"}}}`} {
		answer, text := asked(t, http.MethodGet, url+path)
		assert.Equal(t, http.StatusOK, answer.StatusCode, path)
		assert.JSONEq(t, want, text)
		answer, _ = asked(t, http.MethodPost, url+path)
		assert.Equal(t, http.StatusUnauthorized, answer.StatusCode, path)
		answer, _ = asked(t, http.MethodPost, url+path, "Authorization: Bearer "+controlToken)
		assert.Equal(t, http.StatusMethodNotAllowed, answer.StatusCode, path)
	}
	answer, _ := asked(t, http.MethodGet, url+"/keys")
	assert.Equal(t, http.StatusUnauthorized, answer.StatusCode)
}

// healthcheckOf gives the exit code for an address. The port may have a name.
func healthcheckOf(t *testing.T, address, proxy string) int {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "pocketcheck", "serve", "--healthcheck", "--listen", address)
	cmd.Env = append(os.Environ(), append(quick, "HTTP_PROXY="+proxy, "http_proxy="+proxy)...)
	cmd.Stderr = io.Discard
	_ = cmd.Run() // its code tells
	return cmd.ProcessState.ExitCode()
}
