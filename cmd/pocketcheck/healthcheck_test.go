package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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

// TestUnhealthy: a store that does not answer is no server that works.
func TestUnhealthy(t *testing.T) {
	t.Parallel()
	unhealthy := func(context.Context) error { return errors.New("no store at postgres://" + secret) }
	server := httptest.NewServer(withHealth(http.NotFoundHandler(), unhealthy))
	defer server.Close()
	answer, text := asked(t, http.MethodGet, server.URL+"/health")
	assert.Equal(t, http.StatusServiceUnavailable, answer.StatusCode)
	assert.Equal(t, "{\"error\":\"the store does not answer\"}\n", text)
	assert.Equal(t, exitNonConform, healthcheckOf(t, server.Listener.Addr().String(), ""))
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
