package fieldtest_test

import (
	"bytes"
	"context"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/report"
)

// TestStatesLeaveNothing: after a run with a states URL, all is as before: what was made
// with the keys of states is removed before these go.
func TestStatesLeaveNothing(t *testing.T) {
	t.Parallel()
	store := memory.New()
	seed, err := reference.ReadSeed(bytes.NewReader(fixtures.Seed()))
	require.NoError(t, err)
	server, err := reference.New(store, reference.Options{Seed: seed})
	require.NoError(t, err)
	states := httptest.NewServer(server.Control())
	t.Cleanup(states.Close)
	var before reference.Rows
	look := func(into *reference.Rows) {
		require.NoError(t, store.Rewrite(context.Background(), func(rows *reference.Rows) error {
			*into = *rows
			return nil
		}))
	}
	look(&before)
	r, err := pocketcheck.Run(t.Context(), pocketcheck.Target{
		Handler: server, Key: pocketcheck.NewKey("pocketcheck-admin-key"), StatesURL: states.URL + "/states",
	}, pocketcheck.Options{})
	require.NoError(t, err)
	assert.Equal(t, report.Conformant, r.Verdict)
	assert.Empty(t, r.CleanUp.LeftBehind)
	var after reference.Rows
	look(&after)
	assert.Equal(t, before, after)
}
