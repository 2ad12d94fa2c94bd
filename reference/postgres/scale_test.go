package postgres

import (
	"cmp"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

const (
	fewAssets  = 1_000
	manyAssets = "1000000" // unless POCKETCHECK_SCALE_ASSETS says otherwise
	samples    = 500
	maxRatio   = 1.2
)

// BenchmarkScale has a server with few assets and one with many, on the same
// containers, answer the same requests, and reports by which factor the median of
// the second is higher. Where it is above maxRatio three times, since what else the
// machine does only adds to it, the benchmark fails.
func BenchmarkScale(b *testing.B) {
	assets, err := strconv.Atoi(cmp.Or(os.Getenv("POCKETCHECK_SCALE_ASSETS"), manyAssets))
	require.NoError(b, err, "POCKETCHECK_SCALE_ASSETS")
	libraries := [2]library{openLibrary(b, fewAssets), openLibrary(b, assets)}
	seed := rand.Uint64()
	b.Log("seed", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for b.Loop() {
		measure(b, libraries, r, samples/10) // fills caches and pools
		least := map[string]float64{}
		for range 3 {
			worst := 0.0
			for i, m := range measure(b, libraries, r, samples) {
				name, few, many := operations[i].name, median(m[0]), median(m[1])
				ratio := float64(many) / float64(few)
				b.Logf("%-20s %s and %s: %.2f", name, few, many, ratio)
				least[name] = min(ratio, cmp.Or(least[name], ratio))
				worst = max(worst, least[name])
			}
			if worst <= maxRatio {
				break
			}
		}
		b.ReportMetric(0, "ns/op") // of no interest: all of them together
		for _, o := range operations {
			b.ReportMetric(least[o.name], o.name+"_ratio")
			assert.LessOrEqual(b, least[o.name], maxRatio, o.name)
		}
	}
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

// library is a server with a number of assets.
type library struct {
	store  *Store
	server *reference.Server
	assets int
	cursor int64 // to page 1,000 of the deep history
}

const key = "the author's"

func openLibrary(b *testing.B, assets int) library {
	address := newDatabase(b)
	s := openStore(b, address, reference.CapacityOf(2*assets)) // with room for what is measured
	b.Cleanup(s.Close)
	load(b, s, connect(b, address), assets)
	server, err := reference.New(s, reference.Options{
		Log: slog.New(slog.NewTextHandler(b.Output(), nil)),
		Seed: reference.Seed{
			Users: []reference.User{author}, Keys: []reference.UserKey{{Hash: reference.HashKey(key), UserID: author.ID}},
			DagActions: []reference.DagAction{{ID: 1, Name: "an action"}}, Projects: []reference.Project{{ID: "project", Title: "A project"}},
		},
	})
	require.NoError(b, err)
	before, err := s.Events(b.Context(), assetID(0), 0, 999*50)
	require.NoError(b, err)
	l := library{s, server, assets, before[len(before)-1].ID}
	l.checkRows(b)
	l.checkWrites(b)
	return l
}

// checkRows looks whether what was loaded comes out.
func (l library) checkRows(b *testing.B) {
	for _, i := range []int{1, l.assets / 2, l.assets - 1} {
		want := makeAsset(i)
		a, err := l.store.Asset(b.Context(), want.ID)
		require.NoError(b, err)
		want.Number = a.Number
		require.Equal(b, want, a)
		collections, err := l.store.Collections(b.Context(), a.ID)
		require.NoError(b, err)
		require.Equal(b, []reference.Collection{makeCollection(i / collectionSize)}, collections)
		comments, err := l.store.Comments(b.Context(), a.ID)
		require.NoError(b, err)
		require.Len(b, comments, commentsEach)
		require.Equal(b, message(commentsEach-1), comments[commentsEach-1].Message)
		events, err := l.store.Events(b.Context(), a.ID, 0, 100)
		require.NoError(b, err)
		require.Len(b, events, 1+commentsEach)
	}
	var page struct{ History struct{ Results []any } }
	require.NoError(b, json.Unmarshal(l.send(http.MethodGet, fmt.Sprint("/", assetID(0), "/history/", l.cursor), "").Body.Bytes(), &page))
	require.Len(b, page.History.Results, 50)
}

// checkWrites looks whether writing goes on where loading ended.
func (l library) checkWrites(b *testing.B) {
	changed := makeAsset(0)
	changed.Title = "Changed"
	changed, err := l.store.UpdateAsset(b.Context(), changed)
	require.NoError(b, err)
	created, err := l.store.CreateAsset(b.Context(), makeAsset(l.assets))
	require.NoError(b, err)
	for _, want := range []reference.Asset{changed, created} {
		a, err := l.store.Asset(b.Context(), want.ID)
		require.NoError(b, err)
		require.Equal(b, want.Title, a.Title)
		require.Equal(b, want.Version, a.Version)
	}
}
