package steps

import (
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestOneParameterOfABody is sent with another value, or not at all; the others as
// they are.
func TestOneParameterOfABody(t *testing.T) {
	t.Parallel()
	const body = `{"title": "t", "tags": ["title", "b"], "description": "title"}`
	for _, tt := range []struct{ when, sent string }{
		{"When I create an asset with 123 as title and all else of:", `{"title": 123, "tags": ["title", "b"], "description": "title"}`},
		{`When I create an asset with ["x"] as tags and all else of:`, `{"title": "t", "tags": ["x"], "description": "title"}`},
		{`When I create an asset with "x" as description and all else of:`, `{"title": "t", "tags": ["title", "b"], "description": "x"}`},
		{"When I create an asset with all but the title of:", `{ "tags": ["title", "b"], "description": "title"}`},
		{"When I create an asset with all but the tags of:", `{"title": "t",  "description": "title"}`},
		{"When I create an asset with all but the description of:", `{"title": "t", "tags": ["title", "b"]}`},
	} {
		target := newTarget(t, nil)
		result := target.run(t.Context(), t, scenario(with(tt.when, body), "Then the answer is no server error"), nil)
		require.Len(t, result.Scenarios, 1)
		require.Equal(t, report.Passed, result.Scenarios[0].Outcome, result.Scenarios[0].Reason)
		assert.JSONEq(t, tt.sent, result.Scenarios[0].Exchanges[0].Body, tt.when)
	}
	target := newTarget(t, nil)
	result := target.run(t.Context(), t, scenario(with("When I create an asset with all but the text of:", body), "Then the answer is no server error"), nil)
	assert.Contains(t, result.Scenarios[0].Reason, `the body has no parameter "text"`)
}
