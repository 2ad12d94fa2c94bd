package storetest

import (
	"errors"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

// processesShareTheirRows: what one has written, the other reads at once.
func processesShareTheirRows(s store) {
	if s.opened.Another == nil {
		s.t.Skip("a store keeps its rows to itself: Another is nil")
	}
	of := s.processes()
	of[0].insert(seedRows("seed"))
	of[1].has(seedRows("seed"))
	of[1].insert(seedRows("not there"))
	of[0].has(seedRows("seed"))
	h := of[0].fill("a")
	assert.Equal(s.t, h, of[1].of("a"))
	for i := range 10 {
		writer, reader := of[i%2], of[1-i%2]
		old := reader.asset("a")
		a := old
		a.Title += "."
		a = writer.updateAsset(a, event("a", "ASSET_UPDATED"))
		assert.Equal(s.t, a, reader.asset("a"))
		require.ErrorIs(s.t, fails(reader.UpdateAsset(s.ctx(), old)), reference.ErrConflict)
		assert.False(s.t, reader.takes("external id of a"))
		c := writer.createComment(commentRow("a", "x"), event("a", "COMMENT_ADDED"))
		assert.Equal(s.t, c, must(reader.Comment(s.ctx(), "a", c.ID))(s.t))
		require.NoError(s.t, reader.DeleteComment(s.ctx(), "a", c.ID))
		require.ErrorIs(s.t, writer.DeleteComment(s.ctx(), "a", c.ID), reference.ErrNotFound)
		assert.Equal(s.t, writer.of("a"), reader.of("a"))
	}
	of[1].deleteAsset("a")
	of[0].nothing("a")
	of[0].createAsset(assetRow("a"))
	of[1].kept(assetRow("a"), of[1].asset("a"))
	require.NoError(s.t, of[1].DeleteKey(s.ctx(), reference.HashKey("key")))
	assert.Eventually(s.t, func() bool {
		return errors.Is(fails(of[0].UserByKey(s.ctx(), reference.HashKey("key"))), reference.ErrNotFound)
	}, time.Minute, 20*time.Millisecond)
}

func allIsThereAfterARestart(s store) {
	if s.opened.Restart == nil {
		s.t.Skip("the rows go with the process: Restart is nil")
	}
	rows := seedRows("seed")
	rows.Keys = append(rows.Keys, keyRow("deleted", 1))
	s.insert(rows)
	require.NoError(s.t, s.DeleteKey(s.ctx(), reference.HashKey("deleted")))
	before := s.fill("a")
	s.fill("deleted")
	s.deleteAsset("deleted")
	inTheTrash := s.createAsset(trashed("trashed", at))
	stale := *before.Asset
	last := s.createComment(commentRow("a", "last"), event("a", "COMMENT_ADDED"))
	s.updateAsset(s.asset("a"), event("a", "ASSET_UPDATED"))
	before = s.of("a")

	for range 2 {
		s.Store = s.opened.Restart(s.t)
		s.has(seedRows("seed"))
		require.ErrorIs(s.t, fails(s.UserByKey(s.ctx(), reference.HashKey("deleted"))), reference.ErrNotFound)
		s.nothing("deleted")
		assert.Equal(s.t, inTheTrash, s.asset("trashed"))
		assert.Equal(s.t, before, s.of("a"))

		require.ErrorIs(s.t, fails(s.UpdateAsset(s.ctx(), stale)), reference.ErrConflict)
		assert.False(s.t, s.takes("external id of trashed"))
		updated := s.updateAsset(s.asset("a"))
		assert.Greater(s.t, updated.Version, before.Asset.Version)
		next := s.createComment(commentRow("a", "next"), event("a", "COMMENT_ADDED"))
		assert.Greater(s.t, next.ID, last.ID)
		assert.Greater(s.t, s.events("a")[0].ID, before.Events[0].ID)
		last, before = next, s.of("a")
	}
	assert.Equal(s.t, 1, must(s.DeleteTrashed(s.ctx(), at, nil))(s.t))
}
