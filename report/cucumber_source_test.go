package report

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

const ruled = `@feature.tag
Feature: GET /things
  All things

  Background:
    Given an asset

  Rule: Who may ask

    Background:
      Given another asset

    @things.list.err
    Scenario Outline: With <key>
      When I ask with "<key>"
      Then it is said:
        """json
        {}
        """

      @things.list.known
      Examples:
        | key |
        | a   |
        | b   |
`

// TestSourceKnowsRulesAndBackgrounds: the steps of a background come first, with
// their own lines, and a row of an outline is a scenario of its own.
func TestSourceKnowsRulesAndBackgrounds(t *testing.T) {
	t.Parallel()
	source := parsed("things.list.feature", []byte(ruled))
	row := Scenario{
		ID: "things.list.feature:25", Name: "With b", Outcome: Passed, Facts: []string{"feature.tag", "things.list.err", "things.list.known"},
		Steps: []Step{
			{Keyword: "Given", Text: "an asset"}, {Keyword: "Given", Text: "another asset"},
			{Keyword: "When", Text: `I ask with "b"`}, {Keyword: "Then", Text: "it is said:", Argument: "{}"},
		},
	}
	got := source.element(row, cucumberResult{Status: "passed"})
	assert.Equal(t, "things.list.feature:25", got.ID)
	assert.Equal(t, 14, got.Line)
	assert.Equal(t, []cucumberTag{{"@feature.tag", 1}, {"@things.list.err", 13}, {"@things.list.known", 21}}, got.Tags)
	var lines []int
	for _, step := range got.Steps {
		lines = append(lines, step.Line)
	}
	assert.Equal(t, []int{6, 11, 15, 16}, lines)
	assert.Equal(t, 17, got.Steps[3].DocString.Line)
	assert.Equal(t, "All things", source.feature("things.list.feature").Description)

	elsewhere := source.element(Scenario{ID: "things.list.feature:99", Name: "x", Facts: []string{"f"}, Step: "y"}, cucumberResult{})
	assert.Zero(t, elsewhere.Line)
}
