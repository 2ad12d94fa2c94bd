package steps

import (
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestParametersOfTheGivens are sent as they are, with another value of one or two, or
// without one.
func TestParametersOfTheGivens(t *testing.T) {
	t.Parallel()
	given := with("Given these parameters:", `{"title": "t", "tags": ["title", "b"], "description": "title"}`)
	for _, tt := range []struct{ when, sent string }{
		{"When I create an asset with these parameters", `{"title": "t", "tags": ["title", "b"], "description": "title"}`},
		{"When I create an asset with these parameters, but 123 as title", `{"title": 123, "tags": ["title", "b"], "description": "title"}`},
		{`When I create an asset with these parameters, but ["x"] as tags`, `{"title": "t", "tags": ["x"], "description": "title"}`},
		{`When I create an asset with these parameters, but "x as y" as title and description`, `{"title": "x as y", "tags": ["title", "b"], "description": "x as y"}`},
		{`When I create an asset with these parameters, but "a and b as c" as title and ["x", "y"] as tags and description`, `{"title": "a and b as c", "tags": ["x", "y"], "description": ["x", "y"]}`},
		{`When I create an asset with these parameters, but "article" as media_type`, `{"title": "t", "tags": ["title", "b"], "description": "title", "media_type": "article"}`},
		{"When I create an asset with these parameters, but no title", `{"tags": ["title", "b"], "description": "title"}`},
		{"When I create an asset with these parameters, but no tags", `{"title": "t", "description": "title"}`},
		{"When I create an asset with these parameters, but no description", `{"title": "t", "tags": ["title", "b"]}`},
	} {
		result := newTarget(t, nil).run(t.Context(), t, scenario(given, tt.when, "Then the answer is no server error"), nil)
		require.Len(t, result.Scenarios, 1)
		require.Equal(t, report.Passed, result.Scenarios[0].Outcome, result.Scenarios[0].Reason)
		assert.JSONEq(t, tt.sent, result.Scenarios[0].Exchanges[0].Body, tt.when)
	}
	for when, reason := range map[string]string{
		"but no text":         `there is no parameter "text"`,
		"but text as title":   "text as title begins with no JSON",
		`but "a" is as title`: `"a" is as title names no parameter`,
	} {
		result := newTarget(t, nil).run(t.Context(), t, scenario(given, "When I create an asset with these parameters, "+when, "Then the answer is no server error"), nil)
		assert.Contains(t, result.Scenarios[0].Reason, reason)
	}
}
