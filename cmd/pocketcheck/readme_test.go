package main

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	return string(text)
}

// TestReadmeShowsRealOutput runs the README's first command. On a machine that
// stands still for a while, a request must not be given up and sent again: that
// would be one thing more to remove.
func TestReadmeShowsRealOutput(t *testing.T) {
	t.Parallel()
	_, rest, found := strings.Cut(readme(t), "```sh\ngo run ./cmd/pocketcheck run\n```\n\n```\n")
	require.True(t, found)
	shown, _, _ := strings.Cut(rest, "```\n")
	var stdout, stderr bytes.Buffer
	require.Zero(t, run([]string{"run", "--timeout=5m"}, &stdout, &stderr), "%s", stderr.String())
	slowest := regexp.MustCompile(`slowest: .*`) // another one each time
	assert.Equal(t, slowest.ReplaceAllString(shown, "slowest:"), slowest.ReplaceAllString(stdout.String(), "slowest:"))
}

// TestReadmeNamesEveryFlag: a flag that nobody reads about is of no use.
func TestReadmeNamesEveryFlag(t *testing.T) {
	t.Parallel()
	text := readme(t)
	for _, c := range []*cobra.Command{runCommand(nil), serveCommand(), factsCommand(), proveCommand(), diffCommand(), verifyCommand(), doctorCommand(nil)} {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			assert.Contains(t, text, "`--"+f.Name, "%s --%s", c.Name(), f.Name)
		})
	}
}

// TestReadmeAgreesWithTheProof: the counts that the README gives are those of
// the servers that there are.
func TestReadmeAgreesWithTheProof(t *testing.T) {
	t.Parallel()
	all, err := trials(t.Context())
	require.NoError(t, err)
	for _, trial := range all {
		trial.Holds = true
		trial.Failed = trial.Wanted
	}
	var b bytes.Buffer
	require.NoError(t, sum(all).writeText(&b))
	_, shown, found := strings.Cut(readme(t), "and ends with\n\n```\n")
	require.True(t, found)
	shown, _, _ = strings.Cut(shown, "```\n")
	for line := range strings.Lines(shown) {
		assert.Contains(t, b.String(), line)
	}
}
