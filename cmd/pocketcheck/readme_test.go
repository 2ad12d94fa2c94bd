package main

import (
	"bytes"
	"os"
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

// TestReadmeShowsRealOutput runs the README's first command.
func TestReadmeShowsRealOutput(t *testing.T) {
	t.Parallel()
	_, rest, found := strings.Cut(readme(t), "```sh\ngo run ./cmd/pocketcheck run\n```\n\n```\n")
	require.True(t, found)
	shown, _, _ := strings.Cut(rest, "```\n")
	var stdout, stderr bytes.Buffer
	require.Zero(t, run([]string{"run"}, &stdout, &stderr), "%s", stderr.String())
	assert.Equal(t, shown, stdout.String())
}

// TestReadmeNamesEveryFlag: a flag that nobody reads about is of no use.
func TestReadmeNamesEveryFlag(t *testing.T) {
	t.Parallel()
	text := readme(t)
	for _, c := range []*cobra.Command{runCommand(), serveCommand(), factsCommand()} {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			assert.Contains(t, text, "`--"+f.Name, "%s --%s", c.Name(), f.Name)
		})
	}
}
