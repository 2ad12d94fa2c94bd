package storetest

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

// idsMayBeHigh: a float64 holds none of these.
func idsMayBeHigh(s store) {
	s.createAsset(assetRow("a"))
	var rows reference.Seed
	for _, id := range []int64{1<<53 + 1, 1<<53 + 3, math.MaxInt64, math.MaxInt64 - 1} {
		rows.Users = append(rows.Users, userRow(id))
		rows.Keys = append(rows.Keys, keyRow(fmt.Sprint("key of ", id), id))
		rows.DagActions = append(rows.DagActions, dagActionRow(id))
	}
	s.insert(rows)
	s.has(rows)
	for i, u := range rows.Users {
		c := commentRow("a", "x")
		c.AuthorID = u.ID
		e := event("a", "COMMENT_ADDED")
		e.UserID = u.ID
		s.createComment(c, e)
		s.createRun(runRow("a", u.ID))
		assert.Equal(s.t, u.ID, s.comments("a")[i].AuthorID)
		assert.Equal(s.t, u.ID, s.runs("a")[i].DagActionID)
		assert.Equal(s.t, u.ID, s.events("a")[0].UserID)
	}
}

func timesAreKeptToTheMicrosecond(s store) {
	for i, given := range []time.Time{
		at, at.Add(time.Microsecond), at.Add(999), time.Now(),
		time.Unix(0, 0), time.Unix(0, 1000), time.Unix(0, 999_999_999),
		time.Date(2024, 2, 29, 23, 59, 59, 999_999_999, time.UTC),
		time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC),
		time.Date(2023, 11, 27, 9, 42, 48, 123_456_789, time.FixedZone("NPT", (5*60+45)*60)),
		time.Date(1970, 1, 1, 0, 0, 0, 0, time.FixedZone("", 14*3600)), // in 1969, as UTC
	} {
		id, kept := fmt.Sprint("asset-", i), given.UTC().Truncate(time.Microsecond)
		a := assetRow(id)
		a.CreatedDate, a.ModificationDate, a.Deleted = given, given, &given
		dated := collectionRow("collection-"+id, id)
		dated.CreatedDate, dated.ModificationDate = given, given
		e := event(id, "ASSET_ADDED")
		e.CreatedAt = given
		created := s.createAsset(a, e)
		c := s.createComment(reference.Comment{AssetID: id, UpdatedAt: given})
		m := s.createMedia(created, reference.Media{AssetID: id, CreatedDate: given})
		run := s.createRun(reference.DagActionRun{AssetID: id, CreatedAt: given})
		s.insert(reference.Seed{Collections: []reference.Collection{dated}})

		updated := s.updateAsset(s.asset(id))
		h := s.of(id)
		require.Equal(s.t, updated, *h.Asset)
		require.Equal(s.t, created.CreatedDate, updated.CreatedDate)
		require.Equal(s.t, []reference.Comment{c}, h.Comments)
		require.Equal(s.t, []reference.Media{m}, h.Media)
		require.Equal(s.t, []reference.DagActionRun{run}, h.Runs)
		require.Equal(s.t, slices.Repeat([]time.Time{kept}, 9), []time.Time{
			h.Asset.CreatedDate, h.Asset.ModificationDate, *h.Asset.Deleted, c.UpdatedAt, m.CreatedDate, run.CreatedAt,
			h.Collections[0].CreatedDate, h.Collections[0].ModificationDate, h.Events[0].CreatedAt,
		}, "of %s", given)
		c.UpdatedAt = given.Add(time.Second)
		require.Equal(s.t, kept.Add(time.Second), s.updateComment(c).UpdatedAt)
		require.Equal(s.t, kept.Add(time.Second), s.comments(id)[0].UpdatedAt)
	}
}
