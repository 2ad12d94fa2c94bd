package mock_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/reference/mock"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSuite: a mock whose levers are idle conforms as the reference does.
func TestSuite(t *testing.T) {
	t.Parallel()
	seed, err := reference.ReadSeed(bytes.NewReader(fixtures.Seed()))
	require.NoError(t, err)
	m, err := mock.New(memory.New(), mock.Options{Seed: seed, Prefer: true})
	require.NoError(t, err)
	states := func(ctx context.Context, state string, params map[string]string) (map[string]string, error) {
		values, err := m.State(ctx, state, params)
		if errors.Is(err, reference.ErrStateNotOffered) {
			err = fmt.Errorf("%w: %w", pocketcheck.ErrStateNotOffered, err)
		}
		return values, err
	}
	target := pocketcheck.Target{Handler: m, Key: pocketcheck.NewKey(adminKey), States: states}
	r, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{Settle: -1})
	require.NoError(t, err)
	assert.Equal(t, report.Conformant, r.Verdict, r.Summary())
	seen := m.Journal().Client("", "the suite")
	assert.Equal(t, report.NonConformant, seen.Verdict, "it asks wrongly, too, on purpose")
	assert.Greater(t, seen.Count(report.Passed), 150)
}
