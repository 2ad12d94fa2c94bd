package storetest

import (
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
