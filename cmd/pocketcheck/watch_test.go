package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// serverAt starts a server at an address; "127.0.0.1:0" for any.
func serverAt(t *testing.T, address string, h http.Handler) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(h)
	require.NoError(t, server.Listener.Close())
	var err error
	server.Listener, err = net.Listen("tcp", address)
	require.NoError(t, err)
	server.Start()
	t.Cleanup(server.Close)
	return server
}

// TestWatch: who writes a server sees, without a command, what a change mended and broke.
func TestWatch(t *testing.T) {
	t.Parallel()
	ref, err := newReference()
	require.NoError(t, err)
	var isBroken atomic.Bool
	isBroken.Store(true)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isBroken.Load() && r.Method == http.MethodDelete && strings.Contains(r.URL.Path, "/comments/") {
			says(http.StatusOK, `{"ok": "gone"}`).ServeHTTP(w, r)
			return
		}
		ref.ServeHTTP(w, r)
	})
	server := serverAt(t, "127.0.0.1:0", handler)
	folder := t.TempDir()
	below := filepath.Join(folder, "src", "api")
	require.NoError(t, os.MkdirAll(below, 0o750))
	p, err := begin(t.TempDir(), "run", "--target", server.URL, "--fact", "comments.delete.*", "--watch", folder)
	require.NoError(t, err)
	t.Cleanup(p.close)
	require.True(t, p.stdout.has("\nDelete comment: "), p.stdout)
	assert.Contains(t, p.stdout.String(), "verdict: non-conformant")
	assert.Contains(t, p.stdout.String(), "    repeat:\n", "there is room for it")

	isBroken.Store(false)
	require.NoError(t, os.WriteFile(filepath.Join(below, "comments\x1b[2J.go"), nil, 0o600))
	require.True(t, p.stdout.has(`comments\x1b[2J.go changed, the `), p.stdout)
	require.True(t, p.stdout.has("\nmended "), p.stdout)
	require.True(t, p.stdout.has(`comments\x1b[2J.go changed`+"\nverdict: partial"), p.stdout)

	server.Close()
	isBroken.Store(true)
	address := server.Listener.Addr().String()
	require.True(t, p.stdout.has("it is away"), p.stdout)
	serverAt(t, address, handler)
	require.True(t, p.stdout.has(", it is there again\n"), p.stdout)
	require.True(t, p.stdout.has("\nbroken "), p.stdout)
	require.NoError(t, p.cmd.Process.Signal(os.Interrupt))
	<-p.ended
	assert.Zero(t, p.cmd.ProcessState.ExitCode(), p.stderr)
}

func TestFilesThatAreNoPartOfAProgram(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		".git": true, ".main.go.swp": true, "main.go~": true, "node_modules": true, "__pycache__": true,
		"main.go": false, ".": false, "..": false, "a.b": false, "modules": false,
	} {
		assert.Equal(t, want, isPassedOver(name), name)
	}
}
