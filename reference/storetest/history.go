package storetest

import (
	"fmt"
	"math"
	"slices"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

func historyHasPages(s store) {
	rows := reference.Seed{Assets: []reference.Asset{assetRow("a"), assetRow("b")}}
	for i := range 119 {
		given := event("a", fmt.Sprint("event ", i))
		given.ID = 1 // the store's to give
		rows.Events = append(rows.Events, given, event("b", "between"))
	}
	s.insert(rows)
	s.updateAsset(s.asset("a"), event("a", "event 119"))

	all := s.events("a")
	require.Len(s.t, all, 120)
	ascend(s, all, func(e reference.Event) int64 { return -e.ID })
	for i, e := range all {
		want := event("a", fmt.Sprint("event ", 119-i))
		want.ID = e.ID
		assert.Equal(s.t, want, e)
	}
	page := func(before int64, limit int) []reference.Event {
		return must(s.Events(s.ctx(), "a", before, limit))(s.t)
	}
	assert.Equal(s.t, all[:50], page(0, 50))
	assert.Equal(s.t, all[50:100], page(all[49].ID, 50))
	assert.Equal(s.t, all[100:], page(all[99].ID, 50))
	assert.Empty(s.t, page(all[119].ID, 50))
	assert.Empty(s.t, page(1, 50))
	assert.Equal(s.t, all[:50], page(all[0].ID+1, 50), "an id above all")
	assert.Equal(s.t, all[:50], page(math.MaxInt64, 50))
	assert.Equal(s.t, all[:1], page(0, 1))
	assert.Equal(s.t, all[3:4], page(all[2].ID, 1))
	assert.Equal(s.t, all, page(0, 120))
	assert.Equal(s.t, all, page(0, math.MaxInt32))
	assert.Empty(s.t, page(0, 0))
	assert.Len(s.t, s.events("b"), 119)
}

func eachWriteHasItsEvents(s store) {
	var kinds []string
	happens := func(kind string) []reference.Event {
		kinds = append(kinds, kind+" 1", kind+" 2")
		return []reference.Event{event("a", kind+" 1"), {ID: 1, AssetID: "a", UserID: 2, Type: kind + " 2", CreatedAt: at}}
	}
	a := s.createAsset(assetRow("a"), happens("create")...)
	s.updateAsset(a, happens("update")...)
	s.createMedia(s.asset("a"), mediaRow("a", "x"), happens("create media")...)
	must(s.DeleteMedia(s.ctx(), s.asset("a"), happens("delete media")...))(s.t)
	c := s.createComment(commentRow("a", "x"), happens("create comment")...)
	s.updateComment(c, happens("update comment")...)
	require.NoError(s.t, s.DeleteComment(s.ctx(), "a", c.ID, happens("delete comment")...))
	s.createRun(runRow("a", 1), happens("create run")...)
	s.updateAsset(s.asset("a")) // none

	happened := s.events("a")
	slices.Reverse(happened)
	ascend(s, happened, func(e reference.Event) int64 { return e.ID })
	require.Len(s.t, happened, len(kinds))
	for i, e := range happened {
		assert.Equal(s.t, reference.Event{ID: e.ID, AssetID: "a", UserID: int64(1 + i%2), Type: kinds[i], CreatedAt: at}, e)
	}
}
