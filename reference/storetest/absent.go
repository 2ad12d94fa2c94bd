package storetest

import (
	"math"
	"strings"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

// absentIDs are of no row, whatever is made of them.
func absentIDs() []string {
	return []string{
		"unknown", "", " ", ".", "..", "/", "a/b", "%", "_", "*", "?", "#", `\`, `"`, "'", "'; DROP TABLE assets; --", "' OR 1=1 --",
		"$1", "{}", "null", "\x00", "a\x00", "a ", " a", "A", "a\n", "é", "💡", "\u2028", "\ufeffa", strings.Repeat("x", 1<<20),
	}
}

// absentIsNotFound: with any id, there is no other error.
func absentIsNotFound(s store) {
	s.insert(reference.Seed{
		Users: []reference.User{userRow(1)}, Keys: []reference.UserKey{keyRow("key", 1)},
		Projects: []reference.Project{{ID: "a", Title: "Project"}},
	})
	there := s.fill("a")
	for _, id := range absentIDs() {
		name := id[:min(len(id), 20)]
		require.ErrorIs(s.t, fails(s.Project(s.ctx(), id)), reference.ErrNotFound, "project %q", name)
		require.ErrorIs(s.t, fails(s.UserByKey(s.ctx(), reference.HashKey(id))), reference.ErrNotFound, "key %q", name)
		require.ErrorIs(s.t, s.DeleteKey(s.ctx(), reference.HashKey(id)), reference.ErrNotFound, "key %q", name)
		s.nothing(id)
		for write, err := range s.writesTo(id, there) {
			require.ErrorIs(s.t, err, reference.ErrNotFound, "%s %q", write, name)
		}
		s.nothing(id)
	}
	for _, id := range []int64{0, -1, there.Comments[1].ID + 1000, 1<<53 + 1, math.MaxInt64, math.MinInt64} {
		require.ErrorIs(s.t, fails(s.Comment(s.ctx(), "a", id)), reference.ErrNotFound, "comment %d", id)
	}
	assert.Equal(s.t, there, s.of("a"))
}

// writesTo are the errors of all writes to the asset, of rows that another has.
func (s store) writesTo(assetID string, of holding) map[string]error {
	a, c, m, run, lost := *of.Asset, of.Comments[0], of.Media[0], of.Runs[0], event(assetID, "LOST")
	a.ID, c.AssetID, m.AssetID, run.AssetID = assetID, assetID, assetID, assetID
	a.ExternalID = nil // it is taken
	return map[string]error{
		"find an asset":        fails(s.Asset(s.ctx(), assetID)),
		"update an asset":      fails(s.UpdateAsset(s.ctx(), a, lost)),
		"delete an asset":      s.DeleteAsset(s.ctx(), assetID),
		"find a comment":       fails(s.Comment(s.ctx(), assetID, c.ID)),
		"create a comment":     fails(s.CreateComment(s.ctx(), c, lost)),
		"update a comment":     fails(s.UpdateComment(s.ctx(), c, lost)),
		"delete a comment":     s.DeleteComment(s.ctx(), assetID, c.ID, lost),
		"create a media file":  fails(s.CreateMedia(s.ctx(), a, m, lost)),
		"delete media files":   fails(s.DeleteMedia(s.ctx(), a, lost)),
		"create an action run": fails(s.CreateDagActionRun(s.ctx(), run, lost)),
	}
}
