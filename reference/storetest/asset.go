package storetest

import (
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

// kept checks that the store returned and has the asset as given, but for the
// Number and the Version, which are the store's to give.
func (s store) kept(given, returned reference.Asset) {
	s.t.Helper()
	assert.Equal(s.t, returned, s.asset(given.ID), "the asset differs from the one that the write returned")
	given.Number, given.Version = returned.Number, returned.Version
	assert.Equal(s.t, given, returned, "the asset differs from the one that was written")
}

func assetComesOutAsItWentIn(s store) {
	full := trashed("full", at.Add(time.Hour))
	s.kept(full, s.createAsset(full))
	numbered := assetRow("numbered")
	numbered.Number, numbered.Version = s.asset("full").Number, 99
	numbered = s.createAsset(numbered)
	assert.NotEqual(s.t, s.asset("full").Number, numbered.Number)
	assert.Equal(s.t, numbered, s.asset("numbered"))

	for id, tags := range map[string][]string{"nil": nil, "empty": {}} {
		bare := reference.Asset{ID: id, Tags: tags, Title: "x", MediaType: "placeholder", CreatedDate: at, ModificationDate: at}
		returned := s.createAsset(bare)
		read := s.asset(id)
		assert.Empty(s.t, read.Tags)
		read.Tags, bare.Tags, bare.Number, bare.Version = nil, nil, returned.Number, returned.Version
		assert.Equal(s.t, bare, read)
	}
}

func updateReplacesTheAsset(s store) {
	before := s.fill("a")
	old := *before.Asset
	row := reference.Asset{
		ID: "a", Version: old.Version, ExternalID: new("another"), ProjectID: new("another"), Owner: "bo@example.com",
		Title: "another", Description: new(""), Category: new("another"), Tags: []string{"another"}, MediaType: "article",
		OriginalFilename: new("another.png"), CreatedDate: at.Add(time.Hour), ModificationDate: at.Add(2 * time.Hour),
		Deleted: new(at.Add(3 * time.Hour)),
	}
	s.kept(row, s.updateAsset(row))
	bare := reference.Asset{ID: "a", Version: s.asset("a").Version, Tags: []string{"x"}, CreatedDate: at, ModificationDate: at}
	s.kept(bare, s.updateAsset(bare))
	for range 5 {
		last := s.asset("a")
		next := s.updateAsset(last)
		assert.Greater(s.t, next.Version, last.Version)
		s.kept(last, next)
	}
	assert.Equal(s.t, old.Number, s.asset("a").Number)
	after := s.of("a")
	after.Asset = before.Asset
	assert.Equal(s.t, before, after, "an update changes more than the asset")
}

// Ids are base64url: they differ in case alone, and begin with - and _.
func idsAreToldApart(s store) {
	long := "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-"
	ids := []string{"abc", "ABC", "Abc", "-", "_", "--", "_-", "-_", "0", "00", "3abc", long, long[1:], "_id", "_all", "null"}
	numbers := map[int64]string{}
	for _, id := range ids {
		numbers[s.createAsset(assetRow(id)).Number] = id
		s.createComment(commentRow(id, "comment of "+id))
		s.insert(reference.Seed{
			Collections: []reference.Collection{collectionRow(id, id)},
			Projects:    []reference.Project{{ID: id, Title: "project " + id}},
		})
	}
	assert.Len(s.t, numbers, len(ids), "two assets have one number")
	for _, id := range ids {
		assert.Equal(s.t, "Asset "+id, s.asset(id).Title)
		for _, c := range s.comments(id) {
			assert.Equal(s.t, "comment of "+id, c.Message)
		}
		for _, c := range s.collections(id) {
			assert.Equal(s.t, "Collection "+id, c.Title)
		}
		assert.Equal(s.t, "project "+id, must(s.Project(s.ctx(), id))(s.t).Title)
	}
}

// takes tells whether another asset may have the external id.
func (s store) takes(id string) bool {
	s.t.Helper()
	a := assetRow("taker")
	a.ExternalID = &id
	_, err := s.CreateAsset(s.ctx(), a)
	if err == nil {
		s.deleteAsset("taker")
		return true
	}
	require.ErrorIs(s.t, err, reference.ErrTaken)
	s.nothing("taker")
	return false
}

func externalIDHasOneAsset(s store) {
	a := assetRow("a")
	a.ExternalID = new("first")
	a = s.createAsset(a)
	assert.False(s.t, s.takes("first"))
	a = s.updateAsset(a) // its own is no other's
	a.ExternalID = new("second")
	a = s.updateAsset(a)
	assert.True(s.t, s.takes("first"), "an update that changes an external id keeps the old one")
	assert.False(s.t, s.takes("second"))
	a.Deleted = new(at)
	a = s.updateAsset(a)
	assert.False(s.t, s.takes("second"), "the trash frees an external id")
	a.ExternalID = nil
	a = s.updateAsset(a)
	assert.True(s.t, s.takes("second"), "an update that removes an external id keeps it")
	a.ExternalID = new("") // a text as any other
	a = s.updateAsset(a)
	assert.False(s.t, s.takes(""))
	a.ExternalID = new("third")
	s.createMedia(a, mediaRow("a", "x"))
	assert.False(s.t, s.takes("third"))
	assert.True(s.t, s.takes(""))
	s.deleteAsset("a")
	assert.True(s.t, s.takes("third"), "an asset that is deleted keeps its external id")

	for _, id := range []string{"without", "without-either"} {
		bare := assetRow(id)
		bare.ExternalID = nil
		s.createAsset(bare)
	}
}
