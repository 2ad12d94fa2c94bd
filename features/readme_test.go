package features_test

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/fixtures"
)

// TestReadmeListsTheNeeds: who provisions a target finds there what each tag means.
func TestReadmeListsTheNeeds(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	listed, needed := map[string]bool{}, map[string]bool{}
	tag := regexp.MustCompile("`@needs:([^`]+)`")
	for _, row := range regexp.MustCompile("(?m)^\\| `@needs:.*").FindAllString(string(readme), -1) {
		for _, m := range tag.FindAllStringSubmatch(row, -1) {
			listed[m[1]] = true
		}
	}
	for _, f := range fixtures.Facts() {
		for _, state := range f.Needs {
			needed[needTag(state)] = true
		}
	}
	assert.Equal(t, needed, listed, "the first are the needs of fixtures/facts.csv, the second the tags that the table of features/README.md explains")
}
