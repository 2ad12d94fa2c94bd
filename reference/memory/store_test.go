package memory_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
)

func TestRowsAreCopies(t *testing.T) {
	t.Parallel()
	s, ctx := memory.New(), t.Context()
	tags, permissions := []string{"tag"}, []string{"ACTIONS_VIEW"}
	require.NoError(t, s.Insert(ctx, reference.Seed{
		Users:       []reference.User{{ID: 1, Permissions: permissions}},
		Keys:        []reference.UserKey{{Hash: reference.HashKey("k"), UserID: 1}},
		DagActions:  []reference.DagAction{{ID: 1, Name: "action"}},
		Collections: []reference.Collection{{ID: "c", Tags: tags, AssetIDs: []string{"a"}}},
	}))
	_, err := s.CreateAsset(ctx, reference.Asset{ID: "a", Tags: tags})
	require.NoError(t, err)
	_, err = s.CreateComment(ctx, reference.Comment{AssetID: "a", Message: "x"})
	require.NoError(t, err)
	tags[0], permissions[0] = "changed", "changed"

	for range 2 { // the second time, what was read the first time has been changed
		asset, err := s.Asset(ctx, "a")
		require.NoError(t, err)
		user, err := s.UserByKey(ctx, reference.HashKey("k"))
		require.NoError(t, err)
		users, err := s.Users(ctx, []int64{1})
		require.NoError(t, err)
		actions, err := s.DagActions(ctx)
		require.NoError(t, err)
		collections, err := s.Collections(ctx, "a")
		require.NoError(t, err)
		comments, err := s.Comments(ctx, "a")
		require.NoError(t, err)
		assert.Equal(t, []string{"tag", "ACTIONS_VIEW", "ACTIONS_VIEW", "action", "tag", "x"}, []string{
			asset.Tags[0], user.Permissions[0], users[0].Permissions[0], actions[0].Name,
			collections[0].Tags[0], comments[0].Message,
		})
		asset.Tags[0], user.Permissions[0], users[0].Permissions[0], actions[0].Name = "y", "y", "y", "y"
		collections[0].Tags[0], comments[0].Message = "y", "y"
	}
}

func TestAWriteThatLostChangesNothing(t *testing.T) {
	t.Parallel()
	s, ctx := memory.New(), t.Context()
	taken := "taken"
	_, err := s.CreateAsset(ctx, reference.Asset{ID: "other", ExternalID: &taken})
	require.NoError(t, err)
	fresh, err := s.CreateAsset(ctx, reference.Asset{ID: "a", Title: "x"})
	require.NoError(t, err)
	stale := fresh
	fresh, err = s.UpdateAsset(ctx, fresh)
	require.NoError(t, err)

	event, thief, gone := reference.Event{AssetID: "a", Type: "LOST"}, fresh, fresh
	thief.ExternalID, gone.ID = &taken, "gone"
	for _, tt := range []struct {
		name string
		row  reference.Asset
		want error
	}{{"stale", stale, reference.ErrConflict}, {"taken", thief, reference.ErrTaken}, {"gone", gone, reference.ErrNotFound}} {
		tt.row.Title = "lost"
		_, err = s.UpdateAsset(ctx, tt.row, event)
		require.ErrorIs(t, err, tt.want, tt.name)
		_, err = s.CreateMedia(ctx, tt.row, reference.Media{}, event)
		require.ErrorIs(t, err, tt.want, tt.name)
		_, err = s.DeleteMedia(ctx, tt.row, event)
		require.ErrorIs(t, err, tt.want, tt.name)
	}
	for _, err := range []error{
		drop(s.CreateComment(ctx, reference.Comment{AssetID: "gone"}, event)),
		drop(s.UpdateComment(ctx, reference.Comment{AssetID: "a", ID: 99}, event)),
		s.DeleteComment(ctx, "a", 99, event),
		drop(s.CreateDagActionRun(ctx, reference.DagActionRun{AssetID: "gone"}, event)),
		s.DeleteAsset(ctx, "gone"),
	} {
		assert.ErrorIs(t, err, reference.ErrNotFound)
	}
	now, err := s.Asset(ctx, "a")
	require.NoError(t, err)
	assert.Equal(t, fresh, now)
	events, err := s.Events(ctx, "a", 0, 10)
	require.NoError(t, err)
	assert.Empty(t, events)
}

func drop[T any](_ T, err error) error { return err }

func TestInsertIsAllOrNothing(t *testing.T) {
	t.Parallel()
	s, ctx, taken := memory.New(), t.Context(), "taken"
	key := reference.UserKey{Hash: reference.HashKey("k"), UserID: 1}
	require.NoError(t, s.Insert(ctx, reference.Seed{Keys: []reference.UserKey{key}, Assets: []reference.Asset{{ID: "a", ExternalID: &taken}}}))
	users := []reference.User{{ID: 2}}
	for name, rows := range map[string]reference.Seed{
		"key":            {Users: users, Keys: []reference.UserKey{{Hash: key.Hash, UserID: 2}}},
		"key twice":      {Users: users, Keys: []reference.UserKey{{UserID: 2}, {UserID: 3}}},
		"external id":    {Users: users, Assets: []reference.Asset{{ID: "b", ExternalID: &taken}}},
		"external twice": {Users: users, Assets: []reference.Asset{{ID: "b", ExternalID: new("x")}, {ID: "c", ExternalID: new("x")}}},
	} {
		require.ErrorIs(t, s.Insert(ctx, rows), reference.ErrTaken, name)
		found, err := s.Users(ctx, []int64{2})
		require.NoError(t, err)
		assert.Empty(t, found, name)
	}
}

func TestInsertLeavesWhatIsThere(t *testing.T) {
	t.Parallel()
	s, ctx := memory.New(), t.Context()
	rows := func(text string) reference.Seed {
		return reference.Seed{
			Users:       []reference.User{{ID: 1, Email: text}},
			Keys:        []reference.UserKey{{Hash: reference.HashKey("k"), UserID: 1}},
			DagActions:  []reference.DagAction{{ID: 1, Name: text}},
			Projects:    []reference.Project{{ID: "p", Title: text}},
			Assets:      []reference.Asset{{ID: "a", Title: text}},
			Collections: []reference.Collection{{ID: "c", Title: text, AssetIDs: []string{"a"}}},
			Events:      []reference.Event{{AssetID: "a", Type: text}},
		}
	}
	require.NoError(t, s.Insert(ctx, rows("first")))
	require.NoError(t, s.Insert(ctx, rows("second")))
	user, err := s.UserByKey(ctx, reference.HashKey("k"))
	require.NoError(t, err)
	asset, err := s.Asset(ctx, "a")
	require.NoError(t, err)
	project, err := s.Project(ctx, "p")
	require.NoError(t, err)
	actions, err := s.DagActions(ctx)
	require.NoError(t, err)
	collections, err := s.Collections(ctx, "a")
	require.NoError(t, err)
	events, err := s.Events(ctx, "a", 0, 10)
	require.NoError(t, err)
	assert.Equal(t, []string{"first", "first", "first"}, []string{user.Email, asset.Title, project.Title})
	assert.Len(t, actions, 1)
	assert.Len(t, collections, 1)
	assert.Len(t, events, 1)
}

func TestDeleteTrashed(t *testing.T) {
	t.Parallel()
	s, ctx := memory.New(), t.Context()
	at := time.Date(2023, 11, 27, 9, 42, 48, 0, time.UTC)
	for id, deleted := range map[string]*time.Time{"kept": nil, "before": new(at.Add(-1)), "until": new(at), "after": new(at.Add(1))} {
		_, err := s.CreateAsset(ctx, reference.Asset{ID: id, ExternalID: new(id), Deleted: deleted})
		require.NoError(t, err)
	}
	n, err := s.DeleteTrashed(ctx, at)
	require.NoError(t, err)
	assert.Equal(t, 2, n)
	for id, want := range map[string]error{"kept": nil, "before": reference.ErrNotFound, "until": reference.ErrNotFound, "after": nil} {
		_, err := s.Asset(ctx, id)
		require.ErrorIs(t, err, want, id)
	}
	_, err = s.CreateAsset(ctx, reference.Asset{ID: "again", ExternalID: new("until")})
	assert.NoError(t, err)
}
