package storetest

import (
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

// ascend checks that the ids are in order and differ.
func ascend[T any](s store, rows []T, id func(T) int64) {
	s.t.Helper()
	for i := 1; i < len(rows); i++ {
		require.Greater(s.t, id(rows[i]), id(rows[i-1]), "ids don't ascend in the order of creation")
	}
}

func commentsAreListedAsCreated(s store) {
	s.createAsset(assetRow("a"))
	s.createAsset(assetRow("b"))
	var all []reference.Comment
	for _, message := range []string{"z", "", "a", "same", "same"} {
		given := commentRow("a", message)
		given.ID = 1 // the store's to give
		c := s.createComment(given)
		s.createComment(commentRow("b", "between"))
		given.ID = c.ID
		assert.Equal(s.t, given, c)
		all = append(all, c)
	}
	assert.Equal(s.t, all, s.comments("a"))
	assert.Len(s.t, s.comments("b"), 5)
	ascend(s, all, func(c reference.Comment) int64 { return c.ID })

	all[1] = reference.Comment{ID: all[1].ID, AssetID: "a", AuthorID: 2, Message: "changed", UpdatedAt: at.Add(time.Hour)}
	assert.Equal(s.t, all[1], s.updateComment(all[1]))
	for _, c := range all {
		assert.Equal(s.t, c, must(s.Comment(s.ctx(), "a", c.ID))(s.t))
		require.ErrorIs(s.t, fails(s.Comment(s.ctx(), "b", c.ID)), reference.ErrNotFound)
	}
	assert.Equal(s.t, all, s.comments("a"), "a comment that is updated moves")
	require.NoError(s.t, s.DeleteComment(s.ctx(), "a", all[2].ID))
	all = append(all[:2], all[3:]...)
	assert.Equal(s.t, all, s.comments("a"))
	last := s.createComment(commentRow("a", "last"))
	assert.Equal(s.t, append(all, last), s.comments("a"))
}

func mediaComeWithTheirAsset(s store) {
	s.createAsset(assetRow("a"))
	b := s.createAsset(assetRow("b"))
	b = s.asset(s.createMedia(b, mediaRow("b", "of-b")).AssetID)
	var all []reference.Media
	for _, filename := range []string{"z.jpg", "a.jpg", "a.jpg"} {
		a, given := s.asset("a"), mediaRow("a", filename)
		if filename == "z.jpg" {
			given.FileURL = nil
		}
		given.ID, a.OriginalFilename, a.ModificationDate = 1, new(filename), a.ModificationDate.Add(time.Second)
		m := s.createMedia(a, given)
		given.ID = m.ID
		assert.Equal(s.t, given, m)
		assert.Greater(s.t, s.asset("a").Version, a.Version)
		s.kept(a, s.asset("a"))
		all = append(all, m)
	}
	assert.Equal(s.t, all, s.media("a"))
	ascend(s, all, func(m reference.Media) int64 { return m.ID })
	for range 2 { // the second time there are none
		a := s.asset("a")
		a.Title += "."
		returned := must(s.DeleteMedia(s.ctx(), a))(s.t)
		s.kept(a, returned)
		assert.Greater(s.t, returned.Version, a.Version)
		assert.Empty(s.t, s.media("a"))
	}
	assert.Equal(s.t, b, s.asset("b"))
	assert.Len(s.t, s.media("b"), 1)
}

func runsAreListedAsCreated(s store) {
	s.insert(reference.Seed{DagActions: []reference.DagAction{dagActionRow(2), dagActionRow(1)}})
	s.createAsset(assetRow("a"))
	s.createAsset(assetRow("b"))
	var all []reference.DagActionRun
	for _, action := range []int64{2, 1, 2} {
		given := runRow("a", action)
		given.ID = 1 // the store's to give
		run := s.createRun(given)
		s.createRun(runRow("b", action))
		given.ID = run.ID
		assert.Equal(s.t, given, run)
		all = append(all, run)
	}
	assert.Equal(s.t, all, s.runs("a"))
	assert.Len(s.t, s.runs("b"), 3)
	ascend(s, all, func(run reference.DagActionRun) int64 { return run.ID })
}
