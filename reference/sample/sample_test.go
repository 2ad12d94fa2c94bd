package sample_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/reference/sample"
)

var (
	now    = time.Date(2026, 3, 4, 5, 6, 7, 890_000_000, time.UTC)
	caller = reference.User{ID: 1, Email: "admin@example.com", Permissions: []string{}}
)

func options(size string, seed uint64) sample.Options {
	return sample.Options{Assets: sample.Assets[size], Seed: seed, Now: now, Users: []reference.User{caller}}
}

// planted is all rows of a store that got a sample.
func planted(t *testing.T, o sample.Options) reference.Rows {
	t.Helper()
	store := memory.New()
	isNew, err := sample.New(o).Plant(t.Context(), store)
	require.NoError(t, err)
	require.True(t, isNew)
	return rowsOf(t, store)
}

func rowsOf(t *testing.T, store *memory.Store) (all reference.Rows) {
	t.Helper()
	require.NoError(t, store.Rewrite(t.Context(), func(rows *reference.Rows) error { all = *rows; return nil }))
	return all
}

// TestHasSomeOfEach: whatever a client shows, there is some of it.
func TestHasSomeOfEach(t *testing.T) {
	t.Parallel()
	for size, assets := range map[string]int{"small": 40, "large": 2000} {
		rows := planted(t, options(size, 1))
		require.NoError(t, rows.Check())
		assert.Len(t, rows.Assets, assets)
		authors, of, trashed, events := map[int64]bool{}, map[string]int{}, 0, map[string]int{}
		for _, c := range rows.Comments {
			authors[c.AuthorID] = true
		}
		for _, m := range rows.Media {
			of[m.MediaType]++
		}
		for _, a := range rows.Assets {
			if a.Deleted != nil {
				trashed++
				assert.WithinRange(t, *a.Deleted, now.AddDate(0, 0, -13), now)
			}
		}
		for _, e := range rows.Events {
			events[e.AssetID]++
		}
		assert.GreaterOrEqual(t, len(authors), 5)
		assert.True(t, authors[caller.ID])
		assert.Len(t, of, 4, "kinds of media")
		assert.Greater(t, trashed, 1)
		assert.NotEmpty(t, rows.Runs)
		assert.NotEmpty(t, rows.Projects)
		assert.NotEmpty(t, rows.Collections[0].AssetIDs)
		assert.Greater(t, events[sample.New(options(size, 1)).AssetID()], 50, "one history has pages")
	}
}

func TestTitlesAreInSeveralScripts(t *testing.T) {
	t.Parallel()
	titles := ""
	for _, a := range planted(t, options("small", 3)).Assets {
		titles += a.Title
	}
	for _, script := range []string{"Latin", "Cyrillic", "Greek", "Arabic", "Hebrew", "Devanagari", "Han", "Hangul"} {
		assert.True(t, strings.ContainsFunc(titles, func(r rune) bool { return unicode.Is(unicode.Scripts[script], r) }), script)
	}
}

// TestIsTheSameEachTime, and as far from another clock; another seed makes another.
func TestIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	first := planted(t, options("small", 1))
	assert.Equal(t, first, planted(t, options("small", 1)))
	assert.NotEqual(t, first.Assets[0].ID, planted(t, options("small", 2)).Assets[0].ID)
	later := options("small", 1)
	later.Now = now.Add(1000 * time.Hour)
	moved := planted(t, later)
	require.Len(t, moved.Events, len(first.Events))
	for i, e := range first.Events {
		e.CreatedAt = e.CreatedAt.Add(1000 * time.Hour)
		assert.Equal(t, e, moved.Events[i])
	}
}

// TestSeveralAtOnce: the rows are the same but for the ids that the store gives.
func TestSeveralAtOnce(t *testing.T) {
	t.Parallel()
	o := options("small", 1)
	inTurn := planted(t, o)
	o.AtOnce = 8
	atOnce := planted(t, o)
	require.NoError(t, atOnce.Check())
	assert.Len(t, atOnce.Events, len(inTurn.Events))
	for i := range inTurn.Comments {
		inTurn.Comments[i].ID, atOnce.Comments[i].ID = 0, 0
	}
	assert.Equal(t, inTurn.Comments, atOnce.Comments)
}

// TestHistoryIsInOrder: what happens later has the higher id, and nothing is to come.
func TestHistoryIsInOrder(t *testing.T) {
	t.Parallel()
	last := map[string]time.Time{}
	for _, e := range planted(t, options("small", 5)).Events {
		before, isLater := last[e.AssetID]
		assert.Equal(t, isLater, e.Type != "ASSET_ADDED")
		assert.False(t, e.CreatedAt.Before(before) || e.CreatedAt.After(now))
		last[e.AssetID] = e.CreatedAt
	}
}

// TestComesOnce: what was deleted stays so, whatever sample is asked for next.
func TestComesOnce(t *testing.T) {
	t.Parallel()
	store := memory.New()
	s := sample.New(options("small", 1))
	_, err := s.Plant(t.Context(), store)
	require.NoError(t, err)
	require.NoError(t, store.DeleteAsset(t.Context(), s.AssetID()))
	before := rowsOf(t, store)
	for _, o := range []sample.Options{options("small", 1), options("large", 2)} {
		isNew, err := sample.New(o).Plant(t.Context(), store)
		require.NoError(t, err)
		assert.False(t, isNew)
	}
	assert.Equal(t, before, rowsOf(t, store))
}

// breaksOff is a store whose process ends in the middle.
type breaksOff struct{ reference.Store }

var errKilled = errors.New("killed")

func (breaksOff) CreateComment(context.Context, reference.Comment, ...reference.Event) (reference.Comment, error) {
	return reference.Comment{}, errKilled
}

// TestPartIsNone: a sample that was broken off is told from a whole one.
func TestPartIsNone(t *testing.T) {
	t.Parallel()
	store := memory.New()
	s := sample.New(options("small", 1))
	_, err := s.Plant(t.Context(), breaksOff{store})
	require.ErrorIs(t, err, errKilled)
	_, err = s.Plant(t.Context(), store)
	require.ErrorIs(t, err, sample.ErrUnfinished)
}

func TestUserIsAnothers(t *testing.T) {
	t.Parallel()
	store := memory.New()
	s := sample.New(options("small", 1))
	taken := rowsOf(t, store)
	taken.Users = []reference.User{{ID: 900_001, Email: "seed@example.com"}}
	require.NoError(t, store.Insert(t.Context(), taken.Seed))
	_, err := s.Plant(t.Context(), store)
	require.ErrorIs(t, err, reference.ErrTaken)
}
