//go:build unix

package performance

import (
	"bytes"
	"fmt"
	"net/http/httptest"
	"runtime"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
)

// scale measures what it costs that a store holds a million assets.
func (b bench) scale() {
	b.Helper()
	const many = 1_000_000
	few, _ := b.holding(1000)
	lots, bytes := b.holding(many)
	var gets, posts []string
	for i := range clients {
		path := "/api/v2/assets/" + fmt.Sprintf("asset-%014d", i*31)
		gets, posts = append(gets, getOf(path)), append(posts, commentOn(path))
	}
	for _, of := range []struct {
		what     string
		requests []string
	}{{"GET asset", gets}, {"POST comment", posts}} {
		var ratios []float64
		ofFew, ofLots := crowdOf(b.B, few, of.requests), crowdOf(b.B, lots, of.requests)
		for range rounds {
			little, much := turnsOf(b.B, ofFew, ofLots)
			ratios = append(ratios, little.perSecond()/much.perSecond())
		}
		b.row(of.what+", time among 1,000,000 assets in memory ÷ among 1,000", "", ratios, "≤ 1.2")
	}
	b.row("memory of an asset among them, with its first event", " B", []float64{bytes}, "stated")
}

// holding serves a reference with n assets as the document's examples have them, and
// tells how much memory each takes.
func (b bench) holding(n int) (url string, bytesOfEach float64) {
	b.Helper()
	seed, err := reference.ReadSeed(bytes.NewReader(fixtures.Seed()))
	require.NoError(b, err)
	store := memory.Within(reference.CapacityOf(2 * n))
	server, err := reference.New(store, reference.Options{Seed: seed})
	require.NoError(b, err)
	before := inUse()
	at := time.Date(2023, 11, 27, 9, 42, 48, 0, time.UTC)
	for i := range n {
		a := reference.Asset{
			ID: fmt.Sprintf("asset-%014d", i), Owner: "admin-user@example.com", Title: fmt.Sprint("Sample Asset ", i),
			Description: new(fmt.Sprint("Sample asset description ", i)), Category: new("test asset category"),
			Tags: []string{"test", "tag"}, MediaType: "placeholder", CreatedDate: at, ModificationDate: at,
		}
		_, err := store.CreateAsset(b.Context(), a, reference.Event{AssetID: a.ID, UserID: 1, Type: "ASSET_ADDED", CreatedAt: at})
		require.NoError(b, err)
	}
	api := httptest.NewServer(server)
	b.Cleanup(api.Close)
	return api.URL, float64(inUse()-before) / float64(n)
}

// inUse is how many bytes of memory are.
func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
