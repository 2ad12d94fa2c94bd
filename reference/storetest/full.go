package storetest

import (
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

func fullTakesNoMore(s store) {
	if s.opened.Within == nil {
		s.t.Skip("the store has no capacity")
	}
	s.Store = s.opened.Within(s.t, reference.Capacity{Assets: 2, Each: 2, Bytes: 1 << 20})
	s.insert(reference.Seed{Users: []reference.User{userRow(1)}})
	for range 3 { // what was deleted leaves its place
		a := s.createAsset(assetRow("a"), event("a", "ASSET_ADDED"))
		b := s.createAsset(assetRow("b"))
		require.ErrorIs(s.t, fails(s.CreateAsset(s.ctx(), assetRow("c"))), reference.ErrFull)
		s.nothing("c")
		for range 2 {
			s.createComment(commentRow("a", "x"))
			s.createRun(runRow("a", 1))
			s.createMedia(s.asset("a"), mediaRow("a", "file.jpg"))
		}
		before := s.of("a")
		require.ErrorIs(s.t, fails(s.CreateComment(s.ctx(), commentRow("a", "x"), event("a", "COMMENT_ADDED"))), reference.ErrFull)
		require.ErrorIs(s.t, fails(s.CreateDagActionRun(s.ctx(), runRow("a", 1), event("a", "RUN"))), reference.ErrFull)
		a = s.asset("a")
		a.Title = "changed"
		require.ErrorIs(s.t, fails(s.CreateMedia(s.ctx(), a, mediaRow("a", "file.jpg"), event("a", "MEDIA_ADDED"))), reference.ErrFull)
		assert.Equal(s.t, before, s.of("a"))
		s.createComment(commentRow("b", "one more"))
		require.NoError(s.t, s.DeleteComment(s.ctx(), "a", s.comments("a")[0].ID))
		s.createComment(commentRow("a", "in its place"))
		s.updateAsset(b)
		s.deleteAsset("a")
		s.deleteAsset("b")
	}
}
