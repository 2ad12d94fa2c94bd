package pocketcheck_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// proof marks a test that is the same suite over and over on many servers: the race
// detector learns nothing from it after the first, and makes it take four times as long.
func proof(t *testing.T) {
	t.Helper()
	require.Contains(t, proofs, t.Name(), "or nothing runs it with the race detector on")
	if raced {
		t.Skip("TestProofs runs it, without the race detector")
	}
}

var proofs = []string{
	"TestConnectionsThatEnd", "TestDocumentReplayed", "TestOrderAndConcurrencyChangeNothing", "TestNoReportHasTheKey",
	"TestCaches", "TestEveryAssertionIsNeeded", "TestOrderOfGivensChangesNothing", "TestNothingIsMissing", "TestBrokenEndpointIsReportedOnce",
}

// TestProofs runs what the race detector skips.
func TestProofs(t *testing.T) {
	t.Parallel()
	if !raced {
		t.Skip("they run by themselves")
	}
	run := "^(" + strings.Join(proofs, "|") + ")$"
	out, err := exec.CommandContext(t.Context(), "go", "test", "-v", "-shuffle=on", "-run", run, ".").CombinedOutput()
	require.NoError(t, err, "%s", out)
	for _, name := range proofs {
		assert.Contains(t, string(out), "\n--- PASS: "+name+" ")
	}
}
