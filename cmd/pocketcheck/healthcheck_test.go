package main

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestHealthcheckAsksThisMachine: an address to listen at may be one that nobody can
// ask at, and a proxy would ask another machine.
func TestHealthcheckAsksThisMachine(t *testing.T) {
	t.Parallel()
	var proxied bool
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { proxied = true }))
	defer proxy.Close()
	ref, err := newReference()
	require.NoError(t, err)
	l, err := net.Listen("tcp", ":0")
	require.NoError(t, err)
	server := &httptest.Server{Listener: l, Config: &http.Server{Handler: ref}}
	server.Start()
	defer server.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	for _, host := range []string{"", "0.0.0.0", "[::]", "localhost", "127.0.0.1"} {
		assert.Zero(t, healthcheckOf(t, host+":"+port, proxy.URL), host)
	}
	assert.False(t, proxied)
	assert.Equal(t, exitNonConform, healthcheckOf(t, "127.0.0.1:tcpmux", proxy.URL), "nothing listens there")
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
