package postgres

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

// TestSwapOfExternalIDs: of two writers that want each other's external id, which
// waits for the other is nothing that a client could be told.
func TestSwapOfExternalIDs(t *testing.T) {
	t.Parallel()
	address := newDatabase(t)
	s, _ := openRecorded(t, address, sink{})
	conn := connect(t, address)
	var pair [2]reference.Asset
	for n, id := range []string{"one", "two"} {
		a, err := s.CreateAsset(t.Context(), reference.Asset{ID: id, ExternalID: &id})
		require.NoError(t, err)
		pair[n] = a
	}
	deadlocks := func() (n int) {
		const query = `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`
		require.NoError(t, conn.QueryRow(t.Context(), query).Scan(&n))
		return n
	}
	for round := 0; round < 3000 && deadlocks() < 3; round++ {
		var errs [2]error
		var writers sync.WaitGroup
		for n := range pair {
			wanted := pair[n]
			wanted.ExternalID = pair[1-n].ExternalID
			writers.Go(func() { _, errs[n] = s.UpdateAsset(t.Context(), wanted) })
		}
		writers.Wait()
		for _, err := range errs {
			require.ErrorIs(t, err, reference.ErrTaken)
		}
	}
	assert.Positive(t, deadlocks(), "they never met")
}
