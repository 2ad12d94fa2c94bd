package referencetest

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// Proofs are tests of a package, by name, that are the same suite over and over on many
// servers: the race detector learns nothing from them after the first, and makes them
// take four times as long.
type Proofs []string

// Skip leaves a test to [Proofs.Run] where the race detector is on.
func (p Proofs) Skip(t *testing.T) {
	t.Helper()
	switch {
	case !slices.Contains(p, t.Name()):
		t.Fatal("it is not among the proofs: nothing runs it with the race detector on")
	case raced:
		t.Skip("TestProofs runs it, without the race detector")
	}
}

// Run runs what the race detector skips, in the package's folder.
func (p Proofs) Run(t *testing.T) {
	t.Helper()
	if !raced {
		t.Skip("they run by themselves")
	}
	run := "^(" + strings.Join(p, "|") + ")$"
	out, err := exec.CommandContext(t.Context(), "go", "test", "-v", "-shuffle=on", "-run", run, ".").CombinedOutput() // #nosec G204 -- of names in the tests themselves
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range p {
		if !strings.Contains(string(out), "\n--- PASS: "+name+" ") {
			t.Errorf("%s did not pass:\n%s", name, out)
		}
	}
}
