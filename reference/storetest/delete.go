package storetest

import (
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

func deletingAnAssetTakesWhatIsIts(s store) {
	neighbour := s.fill("neighbour")
	s.fill("a")
	shared := collectionRow("shared", "a", "neighbour")
	s.insert(reference.Seed{Collections: []reference.Collection{shared}})
	s.deleteAsset("a")
	s.nothing("a")
	require.ErrorIs(s.t, s.DeleteAsset(s.ctx(), "a"), reference.ErrNotFound)
	shared.AssetIDs = nil
	neighbour.Collections = append(neighbour.Collections, shared)
	assert.Equal(s.t, neighbour, s.of("neighbour"))
	assert.True(s.t, s.takes("external id of a"))
}

func trashGoesToTheMicrosecond(s store) {
	for id, deleted := range map[string]time.Time{
		"long-ago": time.Unix(0, 0), "due": at, "before": at.Add(-time.Microsecond), "until": at,
		"after": at.Add(time.Microsecond), "later": at.Add(time.Hour),
	} {
		s.createAsset(trashed(id, deleted), event(id, "ASSET_ADDED"))
	}
	s.createAsset(assetRow("kept"))
	restored := s.createAsset(trashed("restored", at))
	restored.Deleted = nil
	s.updateAsset(restored)

	ofExternalID := func(id string, until time.Time) int { return must(s.DeleteTrashed(s.ctx(), until, &id))(s.t) }
	assert.Equal(s.t, 0, ofExternalID("external id of after", at), "not yet due")
	assert.Equal(s.t, 0, ofExternalID("external id of nothing", at))
	assert.Equal(s.t, 1, ofExternalID("external id of due", at))
	s.nothing("due")
	count := func(until time.Time) int { return must(s.DeleteTrashed(s.ctx(), until, nil))(s.t) }
	assert.Equal(s.t, 0, count(time.Unix(0, 0).Add(-time.Microsecond)))
	assert.Equal(s.t, 3, count(at.In(time.FixedZone("", 3600))))
	assert.Equal(s.t, 0, count(at))
	for _, id := range []string{"long-ago", "before", "until"} {
		s.nothing(id)
		assert.True(s.t, s.takes("external id of "+id))
	}
	for _, id := range []string{"after", "later", "kept", "restored"} {
		assert.False(s.t, s.takes("external id of "+id), id)
	}
	assert.Equal(s.t, 2, count(at.AddDate(7000, 0, 0)))
	assert.Equal(s.t, "Asset kept", s.asset("kept").Title)
}

// An index in which documents have versions may take the new asset for older
// than the deleted one, which has seen more updates.
func assetMadeAgainIsNew(s store) {
	for how, create := range map[string]func(reference.Asset){
		"created":  func(a reference.Asset) { s.createAsset(a) },
		"inserted": func(a reference.Asset) { s.insert(reference.Seed{Assets: []reference.Asset{a}}) },
	} {
		for end, remove := range map[string]func(string){"deleted": s.deleteAsset, "purged": s.purge} {
			s.again(end+"-"+how, create, remove)
		}
	}
}

func (s store) again(id string, create func(reference.Asset), remove func(string)) {
	old := s.fill(id)
	for range 5 {
		s.updateAsset(s.asset(id))
	}
	anew := assetRow(id)
	anew.Title = "new"
	for range 2 {
		remove(id)
		s.nothing(id)
		create(anew)
		s.kept(anew, s.asset(id))
		assert.NotEqual(s.t, old.Asset.Number, s.asset(id).Number)
	}
	s.kept(anew, s.updateAsset(s.asset(id)))
	remove(id)
	create(anew)
	left := s.of(id)
	left.Asset = nil
	assert.Equal(s.t, nothing, left, "something of the old asset")
}

// purge deletes the asset by way of the trash.
func (s store) purge(id string) {
	a := s.asset(id)
	a.Deleted = new(at)
	s.updateAsset(a)
	assert.Equal(s.t, 1, must(s.DeleteTrashed(s.ctx(), at, nil))(s.t))
}
