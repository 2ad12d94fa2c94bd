package steps

import (
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const ruled = `Feature: f

  Background:
    Given an asset

  Rule: r

    Background:
      Given another asset

    @a.fact
    Scenario Outline: s
      When I get the asset
      Then the request is refused with <status>

      @b.fact
      Examples:
        | status |
        | 404    |
        | 404    |
`

// TestScenariosHaveOneIdentity: rows of an outline that differ in nothing are
// scenarios of their own, also within a rule; the steps of backgrounds are theirs.
func TestScenariosHaveOneIdentity(t *testing.T) {
	t.Parallel()
	result := newTarget(t, nil).run(t.Context(), t, ruled, nil)
	var ids []string
	for _, s := range result.Scenarios {
		ids = append(ids, s.ID)
		assert.Equal(t, report.Failed, s.Outcome, s.Reason)
		assert.Equal(t, []string{"a.fact", "b.fact"}, s.Facts)
		require.Len(t, s.Steps, 4)
		assert.Equal(t, "another asset", s.Steps[1].Text)
	}
	assert.Equal(t, []string{"f.feature:19", "f.feature:20"}, ids)
	assert.Equal(t, report.Ledger{Made: 5, Removed: 5}, result.Ledger, "two assets a row, and the probe's")
}
