package storetest

import (
	"strings"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

func fullTakesNoMore(s store) {
	if s.opened.Within == nil {
		s.t.Skip("the store has no capacity")
	}
	s.Store = s.opened.Within(s.t, reference.Capacity{Assets: 2, Each: 2, Texts: 1 << 20, Bytes: 1 << 20})
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

// longTakesNoMore: the messages of an asset's comments, and the names and addresses of
// its media files, have so many bytes; another asset has its own.
func longTakesNoMore(s store) {
	if s.opened.Within == nil {
		s.t.Skip("the store has no capacity")
	}
	const most = 100
	s.Store = s.opened.Within(s.t, reference.Capacity{Assets: 2, Each: 1000, Texts: most, Bytes: 1 << 20})
	s.createAsset(assetRow("a"))
	s.createAsset(assetRow("b"))
	half := strings.Repeat("é", most/4) // two bytes each
	for _, text := range []string{half, half[2:], "x"} {
		s.createComment(commentRow("a", text))
	}
	s.refuseText(commentRow("a", "xy"))
	s.createComment(commentRow("a", "x"))
	s.refuseText(commentRow("a", "x"))
	s.createComment(commentRow("a", ""))
	s.createComment(commentRow("b", half))

	last := s.comments("a")[3]
	last.Message = "xy"
	before := s.of("a")
	require.ErrorIs(s.t, fails(s.UpdateComment(s.ctx(), last, event("a", "COMMENT_UPDATED"))), reference.ErrFull)
	assert.Equal(s.t, before, s.of("a"))
	last.Message = "y"
	s.updateComment(last)
	require.NoError(s.t, s.DeleteComment(s.ctx(), "a", s.comments("a")[0].ID))
	last.Message = half
	s.updateComment(last)
	s.refuseText(commentRow("a", "xy")) // what an update added counts
	s.createComment(commentRow("a", "x"))

	m := mediaRow("a", half)
	m.FileURL = new(half[2:])
	s.createMedia(s.asset("a"), m)
	for _, full := range []reference.Media{{AssetID: "a", Filename: "xyz"}, {AssetID: "a", FileURL: new("xyz")}} {
		before := s.of("a")
		require.ErrorIs(s.t, fails(s.CreateMedia(s.ctx(), s.asset("a"), full, event("a", "MEDIA_ADDED"))), reference.ErrFull)
		assert.Equal(s.t, before, s.of("a"))
	}
	s.createMedia(s.asset("a"), reference.Media{AssetID: "a", Filename: "x", FileURL: new("y")})
}

// refuseText requires that there is no room for a comment.
func (s store) refuseText(c reference.Comment) {
	s.t.Helper()
	before := s.of(c.AssetID)
	require.ErrorIs(s.t, fails(s.CreateComment(s.ctx(), c, event(c.AssetID, "COMMENT_ADDED"))), reference.ErrFull)
	require.Equal(s.t, before, s.of(c.AssetID))
}
