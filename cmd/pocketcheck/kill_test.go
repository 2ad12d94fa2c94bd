package main

import (
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestKilledRunIsCleanedUp kills a run while 16 of its scenarios are under way, as a
// machine that is short of memory does: nobody but its ledger knows what it made.
func TestKilledRunIsCleanedUp(t *testing.T) {
	t.Parallel()
	target := newSlow(t)
	before := target.seeded()
	p, dir := beginRun(t, target, "--ledger", "ledger.jsonl")
	waits := func(n int64) {
		t.Helper()
		require.Eventually(t, func() bool { return target.asked.Load() == n }, time.Minute, 10*time.Millisecond)
	}
	waits(16) // for an answer, each after it had those before
	require.NoError(t, p.cmd.Process.Kill())
	<-p.ended
	waits(0)
	there := func() (all []string) {
		for _, path := range target.made {
			if target.get(path).Code == http.StatusOK {
				all = append(all, path)
			}
		}
		return all
	}
	left := there()
	require.NotEmpty(t, left)
	text := read(t, filepath.Join(dir, "ledger.jsonl"))
	for _, path := range left {
		id := path[strings.LastIndex(path, "/")+1:]
		assert.Contains(t, text, `"`+id+`"`)
	}
	target.open()

	url := p.cmd.Args[slices.Index(p.cmd.Args, "--target")+1]
	clean := exec.CommandContext(t.Context(), "pocketcheck", "clean", "--target", url, "--ledger", "ledger.jsonl")
	clean.Dir, clean.Env = dir, p.cmd.Env
	out, err := clean.CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Contains(t, string(out), " 0 left behind\n")
	assert.Empty(t, there())
	assert.Equal(t, before, target.seeded())
}
