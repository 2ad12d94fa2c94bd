package storetest

import (
	"fmt"
	"slices"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

func guestsGoWithTheirKeys(s store) {
	keep := userRow(1)
	rows := reference.Seed{Users: []reference.User{keep}, Keys: []reference.UserKey{keyRow("1", 1)}}
	for id, until := range map[int64]time.Time{2: at, 3: at.Add(time.Microsecond), 4: at.Add(time.Hour), 5: at.Add(2 * time.Hour), 6: at.Add(-time.Hour)} {
		u := userRow(id)
		u.Until = new(until.In(time.FixedZone("", 3600)))
		rows.Users = append(rows.Users, u)
		rows.Keys = append(rows.Keys, keyRow(fmt.Sprint(id), id), keyRow(fmt.Sprint("second of ", id), id))
	}
	s.insert(rows)
	assert.Equal(s.t, at.Add(time.Hour), *s.userByKey("4").Until)
	require.NoError(s.t, s.DeleteKey(s.ctx(), reference.HashKey("6")))
	are := func(ids ...int64) {
		s.t.Helper()
		var left []int64
		for _, u := range s.users(1, 2, 3, 4, 5, 6) {
			left = append(left, u.ID)
		}
		assert.ElementsMatch(s.t, ids, left)
		for id := range int64(6) {
			if _, err := s.UserByKey(s.ctx(), reference.HashKey(fmt.Sprint("second of ", id+1))); id > 0 {
				assert.Equal(s.t, slices.Contains(ids, id+1), err == nil, "the key of %d", id+1)
			}
		}
	}
	require.NoError(s.t, s.DeleteGuests(s.ctx(), at.Add(-2*time.Hour), 5))
	are(1, 2, 3, 4, 5, 6)
	require.NoError(s.t, s.DeleteGuests(s.ctx(), at, 5))
	are(1, 3, 4, 5)
	require.NoError(s.t, s.DeleteGuests(s.ctx(), at, 2))
	are(1, 4, 5)
	require.NoError(s.t, s.DeleteGuests(s.ctx(), at, 0))
	are(1)
	assert.Equal(s.t, keep, s.userByKey("1"))
}

// guestsOf is a user with a key, a project and a collection with the assets; all of one
// name, and there until a time.
func (s store) guestsOf(n int64, until *time.Time, assetIDs ...string) reference.Seed {
	u, c := userRow(n), collectionRow(fmt.Sprint(n), assetIDs...)
	u.Until, c.Until = until, until
	rows := reference.Seed{
		Users: []reference.User{u}, Keys: []reference.UserKey{keyRow(fmt.Sprint("of ", n), n)},
		Projects: []reference.Project{{ID: fmt.Sprint(n), Title: "A project", Until: until}}, Collections: []reference.Collection{c},
	}
	s.insert(rows)
	return rows
}

// areThere wants guests to be there as a whole, or gone.
func (s store) areThere(n int64, want bool, assetID string) {
	s.t.Helper()
	_, err := s.UserByKey(s.ctx(), reference.HashKey(fmt.Sprint("of ", n)))
	assert.Equal(s.t, want, err == nil, "the key of user %d", n)
	assert.Equal(s.t, want, len(s.users(n)) == 1, "user %d", n)
	_, err = s.Project(s.ctx(), fmt.Sprint(n))
	assert.Equal(s.t, want, err == nil, "project %d", n)
	has := func(c reference.Collection) bool { return c.ID == fmt.Sprint(n) }
	assert.Equal(s.t, want, slices.ContainsFunc(s.collections(assetID), has), "collection %d", n)
}

func guestsOfAllKindsGo(s store) {
	for _, id := range []string{"a", "b"} {
		s.createAsset(assetRow(id))
	}
	s.guestsOf(1, nil, "a", "b")
	for n, until := range []time.Time{at, at.Add(time.Microsecond), at.Add(time.Hour), at.Add(2 * time.Hour)} {
		s.guestsOf(int64(n+2), &until, "a", "b")
	}
	for _, left := range []struct {
		stay int
		ids  []int64
	}{{4, []int64{1, 3, 4, 5}}, {2, []int64{1, 4, 5}}, {0, []int64{1}}} {
		require.NoError(s.t, s.DeleteGuests(s.ctx(), at, left.stay))
		for n := range int64(5) {
			s.areThere(n+1, slices.Contains(left.ids, n+1), "b")
		}
	}
	assert.Len(s.t, s.collections("a"), 1)
}

func guestsStayWhereTheyAreUsed(s store) {
	until := at.Add(time.Hour)
	own, other, trashed := s.createAsset(assetRow("own")), s.createAsset(assetRow("other")), assetRow("trashed")
	trashed.Deleted = new(at)
	s.createAsset(trashed)
	s.guestsOf(1, nil, "own") // no guest
	unused := s.guestsOf(2, &until, "own", "trashed")
	used := s.guestsOf(3, &until, "own", "other")
	for _, by := range []struct {
		n  int64
		of string
	}{{2, "own"}, {2, "trashed"}, {3, "own"}, {3, "other"}} {
		s.createComment(reference.Comment{AssetID: by.of, AuthorID: by.n, Message: "A comment", UpdatedAt: at})
	}
	own.ProjectID, other.ProjectID = new("2"), new("3")
	s.updateAsset(own)
	other = s.updateAsset(other)
	require.NoError(s.t, s.Dismiss(s.ctx(), unused, "other"))
	s.areThere(2, true, "own")
	for _, rows := range []reference.Seed{unused, used, {}, {Users: []reference.User{{ID: 1}, {ID: 99}},
		Projects: []reference.Project{{ID: "1"}, {ID: "99"}}, Collections: []reference.Collection{{ID: "1"}, {ID: "99"}}}} {
		require.NoError(s.t, s.Dismiss(s.ctx(), rows, "own"))
	}
	s.areThere(1, true, "own")
	s.areThere(2, false, "own")
	s.areThere(3, true, "own")

	other.Deleted = new(at)
	s.updateAsset(other)
	require.NoError(s.t, s.Dismiss(s.ctx(), used, "own"))
	s.areThere(3, false, "own")
	assert.Equal(s.t, []int64{2, 3}, []int64{s.comments("own")[0].AuthorID, s.comments("own")[1].AuthorID})
	assert.Equal(s.t, new("2"), s.asset("own").ProjectID)
}
