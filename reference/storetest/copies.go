package storetest

import (
	"github.com/stretchr/testify/assert"

	"github.com/pocketcheck/pocketcheck/reference"
)

// rowsAreCopies: who changes what went in or came out changes no row.
func rowsAreCopies(s store) {
	rows := seedRows("seed")
	s.insert(rows)
	scribbled(rows.Users[0].Permissions, rows.Collections[0].Tags, rows.Assets[0].Tags)
	rows.Assets[0].Title, rows.DagActions[0].Name = "scribble", "scribble"
	created, happens := assetRow("a"), []reference.Event{event("a", "ASSET_ADDED")}
	a := s.createAsset(created, happens...)
	scribbled(created.Tags, a.Tags)
	happens[0].Type = "scribble"
	s.updateAsset(s.asset("a"))
	updated := s.asset("a")
	updated.Title = "updated"
	b := s.updateAsset(updated)
	scribbled(updated.Tags, b.Tags)
	s.createComment(commentRow("a", "comment"))
	s.createRun(runRow("a", 1))
	for range 2 { // the second time, what was read the first time has been changed
		s.has(reference.Seed{
			Users: seedRows("seed").Users, DagActions: seedRows("seed").DagActions, Assets: seedRows("seed").Assets,
			Collections: seedRows("seed").Collections, Events: []reference.Event{event("a", "ASSET_ADDED")},
		})
		assert.Equal(s.t, seedRows("seed").Users[0], s.userByKey("key"))
		assert.Equal(s.t, []string{"one", "two", "one"}, s.asset("a").Tags)
		assert.Equal(s.t, "comment", s.comments("a")[0].Message)
		assert.Equal(s.t, int64(1), s.runs("a")[0].DagActionID)
		s.scribble()
	}
	s.pointersAreLeftAlone()
}

func scribbled(lists ...[]string) {
	for _, list := range lists {
		list[0] = "scribble"
	}
}

// scribble changes all rows as they come out.
func (s store) scribble() {
	for _, id := range []string{"asset", "a"} {
		scribbled(s.asset(id).Tags)
		for _, c := range s.collections(id) {
			scribbled(c.Tags)
		}
		s.events(id)[0].Type = "scribble"
	}
	scribbled(s.users(1)[0].Permissions, s.userByKey("key").Permissions)
	s.dagActions()[0].Name = "scribble"
	s.comments("a")[0].Message = "scribble"
	s.runs("a")[0].DagActionID = 99
}

// pointersAreLeftAlone: a row that was read stays as it was read.
func (s store) pointersAreLeftAlone() {
	s.createAsset(trashed("p", at))
	read := s.asset("p")
	next := read
	next.ExternalID, next.Description, next.Deleted = new("next"), new("next"), new(at.AddDate(1, 0, 0))
	s.updateAsset(next)
	assert.Equal(s.t, "external id of p", *read.ExternalID)
	assert.Equal(s.t, "Description of p", *read.Description)
	assert.Equal(s.t, at, *read.Deleted)
}
