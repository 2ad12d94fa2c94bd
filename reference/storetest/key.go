package storetest

import (
	"fmt"
	"slices"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

func keyHasOneUser(s store) {
	users := []reference.User{userRow(1), userRow(2), userRow(3)}
	keys := []reference.UserKey{keyRow("first", 1), keyRow("second", 1), keyRow("FIRST", 2), keyRow("", 2)}
	s.insert(reference.Seed{Users: users, Keys: keys})
	s.insert(reference.Seed{Keys: keys[:1]}) // the user has it already
	assert.Equal(s.t, users[0], s.userByKey("first"))
	assert.Equal(s.t, users[0], s.userByKey("second"))
	assert.Equal(s.t, users[1], s.userByKey("FIRST"))
	assert.Equal(s.t, users[1], s.userByKey(""))

	near := reference.HashKey("first")
	near[len(near)-1]++
	require.ErrorIs(s.t, fails(s.UserByKey(s.ctx(), near)), reference.ErrNotFound)
	require.ErrorIs(s.t, s.DeleteKey(s.ctx(), near), reference.ErrNotFound)
	require.ErrorIs(s.t, fails(s.UserByKey(s.ctx(), reference.KeyHash{})), reference.ErrNotFound)

	first := reference.HashKey("first")
	require.NoError(s.t, s.DeleteKey(s.ctx(), first))
	require.ErrorIs(s.t, s.DeleteKey(s.ctx(), first), reference.ErrNotFound)
	require.ErrorIs(s.t, fails(s.UserByKey(s.ctx(), first)), reference.ErrNotFound)
	assert.Equal(s.t, users[0], s.userByKey("second"))
	assert.Equal(s.t, users[1], s.userByKey("FIRST"))
	s.insert(reference.Seed{Keys: []reference.UserKey{keyRow("first", 2)}}) // it is free
	assert.Equal(s.t, users[1], s.userByKey("first"))

	assert.ElementsMatch(s.t, users, s.users(3, 1, 2))
	assert.ElementsMatch(s.t, users[1:2], s.users(99, 2, -1, 0))
	assert.Empty(s.t, s.users(99))
	assert.Empty(s.t, s.users())
}

func addressHasOneUser(s store) {
	users := []reference.User{userRow(3), userRow(1), userRow(2)}
	users[1].Email = users[2].Email // the store forbids no such thing
	s.insert(reference.Seed{Users: users})
	assert.Equal(s.t, users[0], must(s.UserByEmail(s.ctx(), users[0].Email))(s.t))
	assert.Equal(s.t, users[1], must(s.UserByEmail(s.ctx(), users[2].Email))(s.t))
	for _, email := range append(absentIDs(), "3@EXAMPLE.com", "3@example.com ", "3@example.co", "%@example.com") {
		require.ErrorIs(s.t, fails(s.UserByEmail(s.ctx(), email)), reference.ErrNotFound, "%.20q", email)
	}
}

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
	require.NoError(s.t, s.DeleteUsers(s.ctx(), at.Add(-2*time.Hour), 5))
	are(1, 2, 3, 4, 5, 6)
	require.NoError(s.t, s.DeleteUsers(s.ctx(), at, 5))
	are(1, 3, 4, 5)
	require.NoError(s.t, s.DeleteUsers(s.ctx(), at, 2))
	are(1, 4, 5)
	require.NoError(s.t, s.DeleteUsers(s.ctx(), at, 0))
	are(1)
	assert.Equal(s.t, keep, s.userByKey("1"))
}
