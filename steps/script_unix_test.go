//go:build unix

package steps

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestScriptGoesAnywhere: a script writes to a log that others write to, to a socket,
// and to what it could not open itself.
func TestScriptGoesAnywhere(t *testing.T) {
	t.Parallel()
	target := newTarget(t, nil)
	got := target.check(t, scenario("Given an asset", "When I get the asset", "Then the request is refused with 500"), nil)
	require.Equal(t, report.Failed, got.Outcome, got.Reason)
	path := filepath.Join(t.TempDir(), "log")
	log, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	require.NoError(t, err)
	defer func() { _ = log.Close() }()
	_, err = log.WriteString("what was there\n")
	require.NoError(t, err)
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	require.NoError(t, err)
	near, far := os.NewFile(uintptr(pair[0]), "near"), os.NewFile(uintptr(pair[1]), "far")
	defer func() { _, _ = near.Close(), far.Close() }()
	for name, stderr := range map[string]*os.File{"log": log, "socket": near} {
		command := exec.CommandContext(t.Context(), "sh", "-c", got.Curl)
		command.Env = []string{"PATH=" + os.Getenv("PATH"), "POCKETCHECK_API_KEY=pocketcheck-editor-key"}
		command.Stdout, command.Stderr = log, stderr
		require.NoError(t, command.Run(), name)
	}
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, 6, strings.Count(string(text), "HTTP/1.1 200 OK"), "%s", text)
	assert.Contains(t, string(text), "what was there\n")
	assert.Empty(t, target.remaining(t))
}
