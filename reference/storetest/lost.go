package storetest

import (
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

func lostWriteChangesNothing(s store) {
	stale := *s.fill("a").Asset
	fresh := s.updateAsset(stale)
	other := s.fill("other")
	s.createAsset(trashed("trashed", at))
	before := s.of("a")

	ahead, thief, grave := fresh, fresh, fresh
	ahead.Version++
	thief.ExternalID, grave.ExternalID = other.Asset.ExternalID, s.asset("trashed").ExternalID
	for _, tt := range []struct {
		name string
		row  reference.Asset
		want error
	}{
		{"stale", stale, reference.ErrConflict},
		{"ahead", ahead, reference.ErrConflict},
		{"taken", thief, reference.ErrTaken},
		{"taken by one in the trash", grave, reference.ErrTaken},
	} {
		tt.row.Title, tt.row.Tags = "lost", []string{"lost"}
		lost := event("a", "LOST")
		require.ErrorIs(s.t, fails(s.UpdateAsset(s.ctx(), tt.row, lost)), tt.want, tt.name)
		require.ErrorIs(s.t, fails(s.CreateMedia(s.ctx(), tt.row, mediaRow("a", "lost"), lost)), tt.want, tt.name)
		require.ErrorIs(s.t, fails(s.DeleteMedia(s.ctx(), tt.row, lost)), tt.want, tt.name)
		require.Equal(s.t, before, s.of("a"), tt.name)
	}
	for _, taken := range []*string{thief.ExternalID, grave.ExternalID, fresh.ExternalID} {
		lost := assetRow("lost")
		lost.ExternalID = taken
		require.ErrorIs(s.t, fails(s.CreateAsset(s.ctx(), lost, event("lost", "LOST"))), reference.ErrTaken)
		s.nothing("lost")
	}
	s.loseComments(before, other)
	assert.Equal(s.t, before, s.of("a"))
	assert.Equal(s.t, other, s.of("other"))
	s.updateAsset(fresh) // the Version is still the same
}

// loseComments writes comments of one asset to another, and one that is gone.
func (s store) loseComments(a, other holding) {
	s.t.Helper()
	id, lost := a.Asset.ID, event(a.Asset.ID, "LOST")
	c := other.Comments[0]
	c.AssetID, c.Message = id, "lost"
	require.ErrorIs(s.t, fails(s.UpdateComment(s.ctx(), c, lost)), reference.ErrNotFound)
	require.ErrorIs(s.t, s.DeleteComment(s.ctx(), id, c.ID, lost), reference.ErrNotFound)
	gone := s.createComment(commentRow(id, "gone"))
	require.NoError(s.t, s.DeleteComment(s.ctx(), id, gone.ID))
	require.ErrorIs(s.t, fails(s.Comment(s.ctx(), id, gone.ID)), reference.ErrNotFound)
	require.ErrorIs(s.t, fails(s.UpdateComment(s.ctx(), gone, lost)), reference.ErrNotFound)
	require.ErrorIs(s.t, s.DeleteComment(s.ctx(), id, gone.ID, lost), reference.ErrNotFound)
}
