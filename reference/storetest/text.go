package storetest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

// texts all differ. Each is one that some database, encoding or comparison
// does not keep, or takes for its neighbour.
var texts = []string{
	"", " ", "\t\n", "  blanks around\r\n ", "blanks around",
	"a", "A", "a ", " a", "ａ", "ä", "a\u0308", "\u0061", "é", "e\u0301", "ﬁ", "fi", "ß", "ss", "ẞ", "SS",
	"i", "I", "ı", "İ", "i\u0307", "σ", "ς", "K", "\u212a", "ё", "е\u0308", "か\u3099", "が", "ｶﾞ",
	"👩\u200d👩\u200d👧", "👩👩👧", "❤", "❤\ufe0f", "🇸🇪", "\U0001F468\U0001F3FE", "\U0010FFFD", "\U0010FFFF",
	"مرحبا \u202eabc\u202c", "שלום", "नमस्ते", "\u0e33", "\u200b", "\u00ad", "\u00a0", "\u3000",
	"\u2028", "\u2029", "\u0085", "\ufeffbom", "bom", "\ufffd", "\ufffe", "\uffff",
	"\x00", "\x00\x00", "a\x00b", "a\x00", "\x00a", `a\u0000b`, `a\x00b`, "\x01\x1f\x7f", "\b\f\v\x1b[31m",
	`back\slash`, `back\\slash`, `\`, `\\`, `\x00`, `\000`, `\N`, `\.`, `"`, `'`, `''`, "`", `'quoted' "twice"`,
	"%", "%%", "_", "%s%d", "*", "?", "$1", "@p1", ":name", "{{.}}", "${x}", "'; DROP TABLE assets; --", "E'\\n'", "$$", "/* */",
	"<b>&amp;</b>", "&", `\u003c`, "\\u2028", "null", "NULL", "true", "0", "00", "0.0", "1e3", "NaN", "[]", "{}", `["a"]`, `{"a":1}`,
	"2023-11-27", "2023-11-27T09:42:48.000Z", "a,b", "a;b", "{a,b}", "a\nb", "a\r\nb", "a\rb",
}

// distinct are the texts, once each: some are written in two ways.
func distinct() []string {
	all := slices.Sorted(slices.Values(texts))
	return slices.Compact(all)
}

// clientsMayWriteAnyText: also as external ids, of which no two are the same.
func clientsMayWriteAnyText(s store) {
	id := func(i int) string { return fmt.Sprint("asset-", i) }
	var assets []reference.Asset
	for i, text := range distinct() {
		a := assetRow(id(i))
		a.ExternalID, a.ProjectID, a.Owner, a.Title, a.Description, a.Category = &text, &text, text, text, &text, &text
		a.Tags = []string{text, "tag", text + text}
		a.Version = s.createAsset(a).Version
		m := mediaRow(id(i), text)
		m.FileURL, a.OriginalFilename = &text, &text
		s.createMedia(a, m)
		assets = append(assets, a)
		s.createComment(commentRow(id(i), text))
		c := s.createComment(commentRow(id(i), "x"))
		c.Message = text
		s.updateComment(c)
	}
	for i, text := range distinct() { // now that all are there
		s.kept(assets[i], s.asset(id(i)))
		comments, media := s.comments(id(i)), s.media(id(i))[0]
		assert.Equal(s.t, []string{text, text}, []string{comments[0].Message, comments[1].Message})
		assert.Equal(s.t, []string{text, text}, []string{media.Filename, *media.FileURL})
		assert.False(s.t, s.takes(text), "external id %q", text)
	}
}

// seedMayHaveAnyText, but for ids, and for U+0000.
func seedMayHaveAnyText(s store) {
	var rows reference.Seed
	for i, text := range distinct() {
		if strings.ContainsRune(text, 0) {
			continue
		}
		u, d, a := userRow(int64(i+1)), dagActionRow(int64(i+1)), assetRow(fmt.Sprint("asset-", i))
		u.Email, u.FirstName, u.LastName, u.AvatarURL = text, &text, &text, &text
		d.Name, d.Description, d.Category = text, text, text
		a.ExternalID, a.Owner, a.Title, a.Description, a.Category, a.Tags = &text, text, text, &text, &text, []string{text}
		c := collectionRow(fmt.Sprint("collection-", i), a.ID)
		c.Title, c.OriginalTitle, c.Owner, c.Description, c.Category, c.Tags = text, text, text, &text, &text, []string{text}
		rows.Users = append(rows.Users, u)
		rows.Keys = append(rows.Keys, keyRow(text, u.ID))
		rows.DagActions = append(rows.DagActions, d)
		rows.Projects = append(rows.Projects, reference.Project{ID: fmt.Sprint("project-", i), Title: text})
		rows.Assets = append(rows.Assets, a)
		rows.Collections = append(rows.Collections, c)
	}
	s.insert(rows)
	s.has(rows)
}

// whole checks that of a text or a list nothing is missing, without printing it.
func whole[T any](s store, want, got T, what string) {
	s.t.Helper()
	assert.True(s.t, assert.ObjectsAreEqual(want, got), "%s is not as it was written", what)
}

// wholeAsset creates the asset and checks that of it nothing is missing.
func (s store) wholeAsset(a reference.Asset, what string) reference.Asset {
	s.t.Helper()
	returned := s.createAsset(a)
	a.Number, a.Version = returned.Number, returned.Version
	whole(s, a, returned, what)
	whole(s, a, s.asset(a.ID), what)
	return a
}

// textsMayBeLong: a megabyte, in characters of several bytes, and addresses and external
// ids of 100 KB, of which the latter differ at their end alone.
func textsMayBeLong(s store) {
	megabyte := strings.Repeat("é💡", 1<<20/6) + "."
	a := assetRow("a")
	a.Description, a.Category, a.Tags, a.OriginalFilename = &megabyte, &megabyte, []string{megabyte, "x"}, &megabyte
	a = s.wholeAsset(a, "an asset of 1 MB texts")
	s.createComment(commentRow("a", megabyte))
	whole(s, megabyte, s.comments("a")[0].Message, "a comment of 1 MB")
	m := mediaRow("a", megabyte)
	long := strings.Repeat("é💡", 100<<10/6)
	m.FileURL = new("https://example.com/" + long)
	m.ID = s.createMedia(a, m).ID
	whole(s, []reference.Media{m}, s.media("a"), "a media file of long texts")

	for i, end := range []string{"", "a", "b"} {
		a := assetRow(fmt.Sprint("long-", i))
		a.ExternalID = new(long + end)
		whole(s, a.ExternalID, s.createAsset(a).ExternalID, "an external id of 100 KB")
		whole(s, a.ExternalID, s.asset(a.ID).ExternalID, "an external id of 100 KB")
		a.ID = "taken"
		require.ErrorIs(s.t, fails(s.CreateAsset(s.ctx(), a)), reference.ErrTaken)
	}
}

func listsMayBeLong(s store) {
	a := assetRow("a")
	a.Tags = nil
	for i := range 10_000 {
		a.Tags = append(a.Tags, fmt.Sprint("tag ", i))
	}
	s.wholeAsset(a, "an asset of 10,000 tags")
	comments := make([]string, 2000)
	errs := together(20, func(writer int) error {
		for i := range 100 {
			text := fmt.Sprint("comment ", writer*100+i)
			comments[writer*100+i] = text
			if _, err := s.CreateComment(s.ctx(), commentRow("a", text)); err != nil {
				return err
			}
		}
		return nil
	})
	require.Equal(s.t, make([]error, 20), errs)
	var listed []string
	for _, c := range s.comments("a") {
		listed = append(listed, c.Message)
	}
	assert.Len(s.t, listed, 2000)
	slices.Sort(comments)
	slices.Sort(listed)
	whole(s, comments, listed, "a list of 2,000 comments")
}
