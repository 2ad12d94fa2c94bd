package postgres

import (
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/fixtures/containers/containertest"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/elastic"
	"github.com/pocketcheck/pocketcheck/reference/storetest"
)

// TestStore runs the contract on a database for each promise; all of them share
// one index.
func TestStore(t *testing.T) {
	t.Parallel()
	containertest.Shared(t)
	storetest.Run(t, func(t *testing.T) storetest.Opened {
		database := newDatabase(t)
		var opened []*Store
		open := func(t *testing.T) reference.Store {
			t.Helper()
			s := openStore(t, database, reference.DefaultCapacity)
			opened = append(opened, s)
			return s
		}
		restart := func(t *testing.T) reference.Store {
			t.Helper()
			for _, s := range opened {
				s.Close()
			}
			opened = nil
			return open(t)
		}
		t.Cleanup(func() {
			for _, s := range opened {
				s.Close()
			}
		})
		within := func(t *testing.T, capacity reference.Capacity) reference.Store {
			t.Helper()
			s := openStore(t, database, capacity)
			t.Cleanup(s.Close)
			return s
		}
		return storetest.Opened{Store: open(t), Another: open, Restart: restart, Within: within}
	})
}

// openStore opens a store on a database and the shared index; its caller closes
// it.
func openStore(t testing.TB, database string, capacity reference.Capacity) *Store {
	t.Helper()
	index, err := elastic.Open(containertest.Shared(t).ElasticsearchURL(), nil)
	require.NoError(t, err)
	s, err := Open(t.Context(), database, index, Options{Capacity: capacity, Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	return s
}
