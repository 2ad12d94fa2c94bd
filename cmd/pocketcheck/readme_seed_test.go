package main

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestReadmeShowsASeed: what docs/mock.md shows as one is taken, and has each part that the
// seed of the mock has, with the members of its first.
func TestReadmeShowsASeed(t *testing.T) {
	t.Parallel()
	found := regexp.MustCompile("(?s)All members that it may have.*?```json\n(.*?)```").FindStringSubmatch(read(t, "../../docs/mock.md"))
	require.NotNil(t, found)
	_, err := reference.ReadSeed(strings.NewReader(found[1]))
	require.NoError(t, err)
	var shown, whole map[string][]map[string]any
	require.NoError(t, json.Unmarshal([]byte(found[1]), &shown))
	require.NoError(t, json.Unmarshal(fixtures.Seed(), &whole))
	for part, rows := range whole {
		require.NotEmpty(t, shown[part], part)
		for name := range rows[0] {
			assert.Contains(t, shown[part][0], name, part)
		}
	}
}
