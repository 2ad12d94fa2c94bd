package steps

import (
	"regexp"
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTextWithAGap: what stands between the two ends of a text is the target's.
func TestTextWithAGap(t *testing.T) {
	t.Parallel()
	const then = `Then the message begins "bad " and ends ": no", if the wording is strict`
	for text, passes := range map[string]bool{"bad 1: no": true, `bad [\n1]: no`: true, "bad 1: no ": false, "Bad 1: no": false, `bad 1: no\n`: false, "bad: no": false, "bad : no": false} {
		for _, level := range []string{strictWording, "documented"} {
			result := newTarget(t, answering("GET", "", status(422, `{"error": "`+text+`"}`))).run(t.Context(), t,
				scenario("Given an asset", "When I get the asset", then), func(c *Config) { c.Wording = level })
			require.Len(t, result.Scenarios, 1)
			got := result.Scenarios[0]
			if passes || level != strictWording {
				assert.Equal(t, report.Passed, got.Outcome, "%s, %s: %s", level, text, got.Reason)
				continue
			}
			assert.Equal(t, report.Failed, got.Outcome, "%s, %s", level, text)
			assert.Equal(t, `a text that begins "bad " and ends ": no"`, got.Failure.Expected)
			assert.Equal(t, `"`+text+`"`, got.Failure.Actual)
			assert.Equal(t, "documented", got.Failure.Wording)
		}
	}
}

// TestNaming: frameworks spell the name of a parameter each in their own way.
func TestNaming(t *testing.T) {
	t.Parallel()
	for text, named := range map[string]bool{
		"Missing parameter external_id":     true,
		"External id is invalid":            true,
		"body/externalId must be a string":  true,
		"external-id: not a string":         true,
		"External must exist":               true,
		"External\nID":                      true,
		"Missing parameter":                 false,
		"":                                  false,
		"id must be a string":               false,
		"Validation failed: title is empty": false,
	} {
		assert.Equal(t, named, regexp.MustCompile(naming("external_id")).MatchString(text), text)
	}
}
