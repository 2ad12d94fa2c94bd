package crashtest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// some gives an asset of the load, which goes on until there is such a one.
func (c *crashless) some(t *testing.T, has func(*assetRecord) bool) *assetRecord {
	t.Helper()
	for range 10 {
		for _, w := range c.writers[1:] {
			if i := slices.IndexFunc(w.record.assets, has); i >= 0 {
				return w.record.assets[i]
			}
		}
		c.more(100)
	}
	require.Fail(t, "the load left no such asset")
	return nil
}

func isThere(a *assetRecord) bool   { return a.there.must(there) }
func isDeleted(a *assetRecord) bool { return a.there.must(gone) }

// commentOf gives the id of a comment that was changed and is there, or 0.
func commentOf(a *assetRecord) int64 {
	for _, id := range a.commentIDs() {
		if r := a.comments[id]; len(r.past) > 0 && !r.must(gone) {
			return id
		}
	}
	return 0
}

func hasComment(a *assetRecord) bool { return isThere(a) && commentOf(a) != 0 }
func hasMedia(a *assetRecord) bool   { return isThere(a) && len(a.media) > 0 }
func hasProject(a *assetRecord) bool { return isThere(a) && !a.project.must("") }

// rewrite changes an asset behind the back of its client.
func (c *crashless) rewrite(t *testing.T, a *assetRecord, change func(*reference.Asset), events ...string) {
	t.Helper()
	row, err := c.store.Asset(t.Context(), a.id)
	require.NoError(t, err)
	change(&row)
	var all []reference.Event
	for _, kind := range events {
		all = append(all, reference.Event{AssetID: a.id, Type: kind})
	}
	_, err = c.store.UpdateAsset(t.Context(), row, all...)
	require.NoError(t, err)
}

// retext changes a comment so.
func (c *crashless) retext(t *testing.T, a *assetRecord, text string) {
	t.Helper()
	row, err := c.store.Comment(t.Context(), a.id, commentOf(a))
	require.NoError(t, err)
	row.Message = text
	_, err = c.store.UpdateComment(t.Context(), row)
	require.NoError(t, err)
}

func withoutFirst(kind string) func([]reference.Event) []reference.Event {
	return func(events []reference.Event) []reference.Event {
		i := slices.IndexFunc(events, func(e reference.Event) bool { return e.Type == kind })
		if i < 0 {
			return events
		}
		return slices.Delete(slices.Clone(events), i, i+1)
	}
}

func twice(kind string) func([]reference.Event) []reference.Event {
	return func(events []reference.Event) []reference.Event {
		i := slices.IndexFunc(events, func(e reference.Event) bool { return e.Type == kind })
		if i < 0 {
			return events
		}
		return slices.Insert(slices.Clone(events), i, events[i])
	}
}

// tampering is what one does to a store or a record, and what is to be found then
// among others.
type tampering struct {
	name, kind, text string
	do               func(*testing.T, *crashless)
}

var tamperings = []tampering{
	{"an asset is deleted", lost, "is not there", func(t *testing.T, c *crashless) {
		require.NoError(t, c.store.DeleteAsset(t.Context(), c.some(t, isThere).id))
	}},
	{"a title is an older one", lost, "title is", func(t *testing.T, c *crashless) {
		a := c.some(t, func(a *assetRecord) bool { return isThere(a) && len(a.title.past) > 0 })
		old := a.title.past[0]
		c.rewrite(t, a, func(row *reference.Asset) { row.Title, row.Description = old, new(about(old)) })
	}},
	{"a title is not the description's", halfWritten, "but description", func(t *testing.T, c *crashless) {
		a := c.some(t, isThere)
		a.title.maybe("other", time.Now())
		c.rewrite(t, a, func(row *reference.Asset) { row.Title = "other" })
	}},
	{"an external id is another", lost, "external_id is", func(t *testing.T, c *crashless) {
		c.rewrite(t, c.some(t, isThere), func(row *reference.Asset) { row.ExternalID = new("other") })
	}},
	{"an original filename is another", lost, "original_filename is", func(t *testing.T, c *crashless) {
		c.rewrite(t, c.some(t, isThere), func(row *reference.Asset) { row.OriginalFilename = new("other") })
	}},
	{"an asset is out of the trash bin or in it", lost, "deleted is", func(t *testing.T, c *crashless) {
		c.rewrite(t, c.some(t, isThere), flip)
	}},
	{"it is so without an event", halfWritten, "times in the trash bin", func(t *testing.T, c *crashless) {
		c.rewrite(t, c.some(t, isThere), flip)
	}},
	{"a project is none", lost, "project_id is", func(t *testing.T, c *crashless) {
		c.rewrite(t, c.some(t, hasProject), func(row *reference.Asset) { row.ProjectID = nil }, "ASSET_UNASSIGNED")
	}},
	{"a project is none without an event", halfWritten, "project_id is", func(t *testing.T, c *crashless) {
		a := c.some(t, hasProject)
		a.project.maybe("", time.Now())
		c.rewrite(t, a, func(row *reference.Asset) { row.ProjectID = nil })
	}},
	{"a comment is deleted", lost, "is not there, but may be", func(t *testing.T, c *crashless) {
		a := c.some(t, hasComment)
		deleted := reference.Event{AssetID: a.id, Type: "COMMENT_DELETED"}
		require.NoError(t, c.store.DeleteComment(t.Context(), a.id, commentOf(a), deleted))
	}},
	{"a comment is deleted without an event", halfWritten, "comments, but by its history", func(t *testing.T, c *crashless) {
		a := c.some(t, hasComment)
		require.NoError(t, c.store.DeleteComment(t.Context(), a.id, commentOf(a)))
	}},
	{"a comment has an old text", resurrected, "comment", func(t *testing.T, c *crashless) {
		a := c.some(t, hasComment)
		c.retext(t, a, a.comments[commentOf(a)].past[0])
	}},
	{"a comment has a text that nobody wrote", lost, "comment", func(t *testing.T, c *crashless) {
		c.retext(t, c.some(t, hasComment), "other")
	}},
	{"a comment is there again", resurrected, "comment", func(t *testing.T, c *crashless) {
		a := c.some(t, hasComment)
		a.comments[commentOf(a)].set(gone, time.Now())
	}},
	{"a comment is there that nobody wrote", halfWritten, "was never written", func(t *testing.T, c *crashless) {
		_, err := c.store.CreateComment(t.Context(), reference.Comment{AssetID: c.shared[0].id, AuthorID: 1, Message: "other"})
		require.NoError(t, err)
	}},
	{"a media file is gone", lost, "media file", func(t *testing.T, c *crashless) {
		row, err := c.store.Asset(t.Context(), c.some(t, hasMedia).id)
		require.NoError(t, err)
		_, err = c.store.DeleteMedia(t.Context(), row)
		require.NoError(t, err)
	}},
	{"a media file is there twice", halfWritten, "is there 2 times", func(t *testing.T, c *crashless) {
		a := c.some(t, hasMedia)
		media, err := c.store.Media(t.Context(), a.id)
		require.NoError(t, err)
		row, err := c.store.Asset(t.Context(), a.id)
		require.NoError(t, err)
		_, err = c.store.CreateMedia(t.Context(), row, media[0])
		require.NoError(t, err)
	}},
	{"an asset is there again", resurrected, "though it was deleted", func(t *testing.T, c *crashless) {
		a := c.some(t, isDeleted)
		require.NoError(t, c.store.Insert(t.Context(), reference.Seed{Assets: []reference.Asset{{ID: a.id, Title: a.name}}}))
	}},
	{"an asset is there that nobody created", halfWritten, "nobody created", func(t *testing.T, c *crashless) {
		_, err := c.store.CreateAsset(t.Context(), reference.Asset{ID: "other", Title: "other"})
		require.NoError(t, err)
	}},
	{"two assets have an external id", halfWritten, "have the external id", func(t *testing.T, c *crashless) {
		c.lies[0].asset = func(a *reference.Asset) { a.ExternalID = new("the same") }
	}},
	{"an external id is refused to all", wrong, "though nobody else", func(_ *testing.T, c *crashless) {
		c.writers[0].record.creations = append(c.writers[0].record.creations, &creation{externalID: "free", outcome: refused})
	}},
	{"an event of an update is missing", halfWritten, "events are ASSET_UPDATED", func(_ *testing.T, c *crashless) {
		c.lies[1].events = withoutFirst("ASSET_UPDATED")
	}},
	{"an event of an update is there twice", halfWritten, "events are ASSET_UPDATED", func(_ *testing.T, c *crashless) {
		c.lies[1].events = twice("ASSET_UPDATED")
	}},
	{"an event of a media file is missing", halfWritten, "media files, but by its history", func(_ *testing.T, c *crashless) {
		c.lies[0].events = withoutFirst("MEDIA_ADDED")
	}},
	{"an event of a creation is there twice", halfWritten, "creations, but by its history", func(_ *testing.T, c *crashless) {
		c.lies[0].events = twice("ASSET_ADDED")
	}},
	{"a reference says something else", halfWritten, "the asset is", func(_ *testing.T, c *crashless) {
		c.lies[1].asset = func(a *reference.Asset) { a.Tags = []string{"other"} }
	}},
	{"a document is missing", halfWritten, "and a document false", func(t *testing.T, c *crashless) {
		id := c.some(t, isThere).id
		c.store.tamper = func(documents map[string]indexed) { delete(documents, id) }
	}},
	{"a document of a deleted asset is there", halfWritten, "and a document true", func(t *testing.T, c *crashless) {
		id := c.some(t, isDeleted).id
		c.store.tamper = func(documents map[string]indexed) { documents[id] = indexed{} }
	}},
	{"a document of no asset is there", halfWritten, "has a document and no row", func(_ *testing.T, c *crashless) {
		c.store.tamper = func(documents map[string]indexed) { documents["other"] = indexed{} }
	}},
	{"a document is old", halfWritten, "its document has version", func(t *testing.T, c *crashless) {
		id := c.some(t, isThere).id
		c.store.tamper = func(documents map[string]indexed) {
			documents[id] = indexed{documents[id].version - 1, documents[id].source}
		}
	}},
	{"a document is another", halfWritten, "in its document", func(t *testing.T, c *crashless) {
		id := c.some(t, isThere).id
		c.store.tamper = func(documents map[string]indexed) {
			documents[id] = indexed{documents[id].version, gjson.Parse(`{"title": "other"}`)}
		}
	}},
}

func flip(row *reference.Asset) {
	if row.Deleted == nil {
		row.Deleted = new(time.Now())
	} else {
		row.Deleted = nil
	}
}

// TestCheckerFinds tampers in one way at a time.
func TestCheckerFinds(t *testing.T) {
	t.Parallel()
	for _, tt := range tamperings {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newCrashless(t)
			c.run(t, 2, 100)
			require.Empty(t, c.found.texts)
			tt.do(t, c)
			c.check(t)
			assert.True(t, slices.ContainsFunc(c.found.of(tt.kind), func(text string) bool { return strings.Contains(text, tt.text) }),
				"not among %q", c.found.texts)
		})
	}
}
