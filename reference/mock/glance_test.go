package mock_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/reference/mock"
)

// glancing is a store that counts how often it is glanced at.
type glancing struct {
	reference.Store
	glances atomic.Int64
}

// Glance looks at an asset.
func (g *glancing) Glance(ctx context.Context, id string) (*time.Time, error) {
	g.glances.Add(1)
	a, err := g.Asset(ctx, id)
	return a.Deleted, err
}

// TestStoreIsGlancedAt: the mock hides nothing of what its store offers.
func TestStoreIsGlancedAt(t *testing.T) {
	t.Parallel()
	store := &glancing{Store: memory.New()}
	seed, err := reference.ReadSeed(bytes.NewReader(fixtures.Seed()))
	require.NoError(t, err)
	m, err := mock.New(store, mock.Options{Seed: seed})
	require.NoError(t, err)
	r := httptest.NewRequest(http.MethodGet, "/api/v2/assets/"+seed.Assets[0].ID+"/comments", nil)
	r.Header.Set("X-API-KEY", "pocketcheck-admin-key")
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	require.Equal(t, http.StatusOK, w.Code, w.Body)
	assert.EqualValues(t, 1, store.glances.Load())
}
