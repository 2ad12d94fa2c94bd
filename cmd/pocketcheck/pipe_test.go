package main

import (
	"bufio"
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// headed runs pocketcheck with a standard output that closes after some lines, as that
// of "pocketcheck … | head -n LINES" does.
func headed(t *testing.T, lines int, args ...string) (code int, stderr string) {
	t.Helper()
	r, w, err := os.Pipe()
	require.NoError(t, err)
	var problems bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "pocketcheck", args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = t.TempDir(), w, &problems
	cmd.Env = slices.Concat(quick, []string{"POCKETCHECK_API_KEY=" + apiKey})
	if lines == 0 {
		require.NoError(t, r.Close())
	}
	require.NoError(t, cmd.Start())
	require.NoError(t, w.Close())
	if lines > 0 {
		text := bufio.NewReaderSize(r, 16) // what was not asked for is not read, either
		for range lines {
			_, err := text.ReadString('\n')
			require.NoError(t, err)
		}
		require.NoError(t, r.Close())
	}
	_ = cmd.Wait() // the process's state tells
	return cmd.ProcessState.ExitCode(), problems.String()
}

// TestClosedPipe: who stops to read changes no exit code, and makes no usage wrong.
func TestClosedPipe(t *testing.T) {
	t.Parallel()
	var there atomic.Int64
	good, err := newReference()
	require.NoError(t, err)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		isAsset := strings.Count(r.URL.Path, "/") == 4
		switch {
		case r.Method == http.MethodPost && r.URL.Path == "/api/v2/assets":
			there.Add(1)
		case r.Method == http.MethodDelete && isAsset:
			there.Add(-1)
		case r.Method == http.MethodGet && isAsset && r.Header.Get("X-API-KEY") == "":
			r.Header.Set("X-API-KEY", apiKey) // which is not to be let in
		}
		good.ServeHTTP(w, r)
	}))
	defer server.Close()
	path := filepath.Join(t.TempDir(), "report.json")
	for _, tt := range []struct {
		code, lines int
		args        string
	}{
		{0, 0, "facts"},
		{0, 1, "facts"},
		{0, 1, "facts --json"},
		{0, 1, "schema"},
		{0, 1, "openapi"},
		{0, 0, "run --fact comments.list.ok"},
		{0, 1, "run --verbose"},
		{0, 0, "run --fact comments.list.ok --report json=-"},
		{1, 1, "run --target " + server.URL + " --endpoint GET_/api/v2/assets/:asset_id --report json=" + path},
		{1, 0, "run --quiet --target " + server.URL + " --endpoint GET_/api/v2/assets/:asset_id"},
		{0, 0, "verify " + path},
		{0, 0, "diff " + path + " " + path},
		{0, 0, "doctor --target " + server.URL},
		{3, 0, "doctor --target http://127.0.0.1:1"},
		{2, 0, "facts --no-such-flag"},
		{0, 0, "--help"},
	} {
		args := strings.Fields(tt.args)
		for i := range args {
			args[i] = strings.Replace(args[i], "GET_", "GET ", 1)
		}
		code, stderr := headed(t, tt.lines, args...)
		assert.Equal(t, tt.code, code, "%s: %s", tt.args, stderr)
		assert.NotContains(t, stderr, "broken pipe", tt.args)
	}
	assert.FileExists(t, path)
	assert.Zero(t, there.Load(), "what the runs made is removed")
}
