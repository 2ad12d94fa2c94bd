package memory_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
)

var at = time.Date(2023, 11, 27, 9, 42, 48, 0, time.UTC)

// written is an asset as clients write them.
func written(i int) reference.Asset {
	return reference.Asset{
		ID: fmt.Sprintf("asset-%014d", i), Owner: "admin-user@example.com", Title: fmt.Sprint("Sample Asset ", i),
		Description: new(fmt.Sprint("Sample asset description ", i)), Category: new(fmt.Sprint("category ", i)),
		Tags: []string{fmt.Sprint("test ", i), fmt.Sprint("tag ", i)}, ExternalID: new(fmt.Sprint("external-", i)),
		MediaType: "placeholder", CreatedDate: at, ModificationDate: at,
	}
}

func added(id string) reference.Event {
	return reference.Event{AssetID: id, UserID: 1, Type: "ASSET_ADDED", CreatedAt: at}
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestBytesAreWhatTheyTake: whatever is written, memory is what a capacity says.
func TestBytesAreWhatTheyTake(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	const room = 64 << 20
	for name, fill := range map[string]func(s *memory.Store, i int) error{
		"assets": func(s *memory.Store, i int) error {
			a := written(i)
			_, err := s.CreateAsset(t.Context(), a, added(a.ID))
			return err
		},
		"long texts": func(s *memory.Store, i int) error {
			a := written(i)
			a.Description = new(strings.Clone(long))
			_, err := s.CreateAsset(t.Context(), a, added(a.ID))
			return err
		},
		"updates": func(s *memory.Store, i int) error {
			a := written(i)
			a, err := s.CreateAsset(t.Context(), a, added(a.ID))
			if err != nil {
				return err
			}
			a.Tags = []string{strings.Clone(long)}
			_, err = s.UpdateAsset(t.Context(), a)
			return err
		},
		"comments": func(s *memory.Store, i int) error {
			a := written(i / 1000)
			if i%1000 == 0 {
				if _, err := s.CreateAsset(t.Context(), a); err != nil {
					return err
				}
			}
			_, err := s.CreateComment(t.Context(), reference.Comment{AssetID: a.ID, Message: fmt.Sprint("comment ", i)}, added(a.ID))
			return err
		},
		"changed comments": func(s *memory.Store, i int) error {
			a, err := s.CreateAsset(t.Context(), written(i))
			if err != nil {
				return err
			}
			c, err := s.CreateComment(t.Context(), reference.Comment{AssetID: a.ID, Message: "x"})
			if err != nil {
				return err
			}
			c.Message = strings.Clone(long)
			_, err = s.UpdateComment(t.Context(), c)
			return err
		},
		"media": func(s *memory.Store, i int) error {
			a, err := s.CreateAsset(t.Context(), written(i))
			if err != nil {
				return err
			}
			_, err = s.CreateMedia(t.Context(), a, reference.Media{AssetID: a.ID, FileURL: new(strings.Clone(long))})
			return err
		},
		"projects": func(s *memory.Store, i int) error {
			return s.Insert(t.Context(), reference.Seed{Projects: []reference.Project{{ID: fmt.Sprint(i), Title: "Sample Project"}}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			before := inUse()
			s := memory.Within(reference.Capacity{Assets: 1_000_000, Each: 10_000, Texts: room, Bytes: room})
			var err error
			i := 0
			for ; err == nil; i++ {
				err = fill(s, i)
			}
			require.ErrorIs(t, err, reference.ErrFull)
			took := int64(inUse() - before)
			t.Logf("%d rows, %d MB", i, took>>20)
			assert.Less(t, took, int64(room*5/4))
			assert.Greater(t, took, int64(room/3), "there would be room for more")
			runtime.KeepAlive(s)
		})
	}
}

// TestWhatGoesLeavesItsPlace: a store is as empty as before once all is deleted.
func TestWhatGoesLeavesItsPlace(t *testing.T) {
	t.Parallel()
	s := memory.Within(reference.Capacity{Assets: 2, Each: 10, Texts: 20_000, Bytes: 20_000})
	long := strings.Repeat("x", 10_000)
	for i := range 20 {
		a, err := s.CreateAsset(t.Context(), written(i), added(written(i).ID))
		require.NoError(t, err)
		a.Description = &long
		a, err = s.UpdateAsset(t.Context(), a, added(a.ID))
		require.NoError(t, err)
		require.ErrorIs(t, second(s.CreateComment(t.Context(), reference.Comment{AssetID: a.ID, Message: long})), reference.ErrFull)
		a.Description = nil
		a, err = s.UpdateAsset(t.Context(), a)
		require.NoError(t, err)
		c, err := s.CreateComment(t.Context(), reference.Comment{AssetID: a.ID, Message: long})
		require.NoError(t, err)
		require.NoError(t, s.DeleteComment(t.Context(), a.ID, c.ID))
		_, err = s.CreateMedia(t.Context(), a, reference.Media{AssetID: a.ID, FileURL: &long})
		require.NoError(t, err)
		a, err = s.Asset(t.Context(), a.ID)
		require.NoError(t, err)
		_, err = s.DeleteMedia(t.Context(), a)
		require.NoError(t, err)
		require.NoError(t, s.DeleteAsset(t.Context(), a.ID))
	}
}

func second[T any](_ T, err error) error { return err }

// TestHistoryKeepsItsBeginning: of many events, the newest stay and the first.
func TestHistoryKeepsItsBeginning(t *testing.T) {
	t.Parallel()
	s := memory.Within(reference.Capacity{Assets: 1, Each: 3, Bytes: 1 << 20})
	a, err := s.CreateAsset(t.Context(), written(0), added(written(0).ID))
	require.NoError(t, err)
	for i := range 10 {
		a, err = s.UpdateAsset(t.Context(), a, reference.Event{AssetID: a.ID, Type: fmt.Sprint(i)})
		require.NoError(t, err)
	}
	events, err := s.Events(t.Context(), a.ID, 0, 10)
	require.NoError(t, err)
	var kinds []string
	for _, e := range events {
		kinds = append(kinds, e.Type)
	}
	assert.Equal(t, []string{"9", "8", "ASSET_ADDED"}, kinds)
}

// BenchmarkAsset tells how many bytes an asset takes, of the texts that the document's
// examples have, with its first event.
func BenchmarkAsset(b *testing.B) {
	before := inUse()
	s := memory.Within(reference.CapacityOf(b.N + 1))
	for i := range b.N {
		a := written(i)
		if _, err := s.CreateAsset(b.Context(), a, added(a.ID)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(inUse()-before)/float64(b.N), "B/asset")
	runtime.KeepAlive(s)
}

// TestRewrittenTextsCount: what was put in by a rewrite takes its place, and what was there
// before keeps it.
func TestRewrittenTextsCount(t *testing.T) {
	t.Parallel()
	const most = 100
	s := memory.Within(reference.Capacity{Assets: 1, Each: 10, Texts: most, Bytes: 1 << 20})
	a, err := s.CreateAsset(t.Context(), written(0))
	require.NoError(t, err)
	half := strings.Repeat("x", most/2)
	put := func(n int) error {
		return s.Rewrite(t.Context(), func(rows *reference.Rows) error {
			for range n {
				rows.Comments = append(rows.Comments, reference.Comment{AssetID: a.ID, AuthorID: 1, Message: half, UpdatedAt: at})
				rows.Media = append(rows.Media, reference.Media{AssetID: a.ID, Filename: half, MediaType: "image", CreatedDate: at})
			}
			return nil
		})
	}
	require.NoError(t, s.Insert(t.Context(), reference.Seed{Users: []reference.User{{ID: 1, Email: "admin-user@example.com"}}}))
	require.ErrorIs(t, put(3), reference.ErrFull)
	require.NoError(t, put(2))
	require.ErrorIs(t, second(s.CreateComment(t.Context(), reference.Comment{AssetID: a.ID, Message: "x"})), reference.ErrFull)
	a, err = s.Asset(t.Context(), a.ID)
	require.NoError(t, err)
	require.ErrorIs(t, second(s.CreateMedia(t.Context(), a, reference.Media{AssetID: a.ID, Filename: "x"})), reference.ErrFull)
}
