package reference_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
)

// snapshot is all that a server's store holds, as JSON.
func snapshot(t *testing.T, store reference.Rewriter) string {
	t.Helper()
	var text []byte
	require.NoError(t, store.Rewrite(t.Context(), func(rows *reference.Rows) (err error) {
		text, err = json.MarshalIndent(rows, "", " ")
		return err
	}))
	return string(text)
}

// restore is the way back.
func restore(t *testing.T, store reference.Rewriter, text string) error {
	t.Helper()
	read, err := reference.ReadRows(strings.NewReader(text))
	require.NoError(t, err)
	return store.Rewrite(t.Context(), func(rows *reference.Rows) error { *rows = read; return nil })
}

// TestSnapshot: what comes out of a store goes into it again, and into another.
func TestSnapshot(t *testing.T) {
	t.Parallel()
	store := memory.New()
	s := serveOver(t, store)
	asset := s.asset(`{"title":"資産 <b>","tags":["a"],"external_id":"e"}`)
	s.request("POST "+asset+"/comments", `{"comment":"one\u0000"}`)
	s.request("POST "+asset+"/media", `{"file_url":"https://example.com/a.jpg","filename":"a.jpg"}`)
	s.request("POST "+asset+"/dag_actions/1", "")
	s.request("POST "+asset+"/trash_bin", "")
	_, err := s.State(t.Context(), "another user's comment", map[string]string{"asset_id": id(asset)})
	require.NoError(t, err)
	before := snapshot(t, store)
	for _, want := range []string{admin, editor} {
		assert.NotContains(t, before, want)
	}
	s.request("POST "+asset+"/comments", `{"comment":"two"}`)
	s.request("DELETE "+seeded, "")
	require.NotEqual(t, before, snapshot(t, store))
	require.NoError(t, restore(t, store, before))
	assert.Equal(t, before, snapshot(t, store))
	another := memory.New()
	require.NoError(t, restore(t, another, before))
	assert.Equal(t, before, snapshot(t, another))
	other := serveOver(t, another)
	for _, list := range []string{asset + "/comments", asset + "/history/0", seeded + "/collections"} {
		assert.Equal(t, s.request("GET "+list, ""), other.request("GET "+list, ""))
	}
	assert.Len(t, gjson.Get(before, "collections.0.asset_ids").Array(), 1)
}

// TestWithout: of several callers, one goes, and nobody else's rows.
func TestWithout(t *testing.T) {
	t.Parallel()
	store := memory.New()
	s := serveOver(t, store)
	before := snapshot(t, store)
	mine := "/api/v2/assets/" + s.requestBy(editor, "POST /api/v2/assets", `{"title":"mine"}`).get("asset.id")
	s.request("POST "+mine+"/comments", `{"comment":"goes with the asset"}`)
	for _, write := range []string{"/comments {\"comment\":\"hers\"}", "/dag_actions/1 ", `/media {"file_url":"https://example.com/a","filename":"a"}`} {
		path, body, _ := strings.Cut(write, " ")
		require.Equal(t, 200, s.requestBy(editor, "POST "+seeded+path, body).status)
	}
	filename := `"original_filename": "a"` // of another's asset, and nothing takes it back
	require.NoError(t, store.Rewrite(t.Context(), func(rows *reference.Rows) error {
		*rows = rows.Without(2, reference.Rows{})
		return nil
	}))
	after := snapshot(t, store)
	require.Contains(t, after, filename)
	assert.Equal(t, 404, s.request("GET "+mine, "").status)
	for _, list := range []string{"comments", "media", "dag_action_runs"} {
		assert.Equal(t, "[]", s.request("GET "+seeded+"/"+list, "").raw(list))
	}
	assert.Equal(t, strings.Count(before, `"event_type"`), strings.Count(after, `"event_type"`))
	assert.Equal(t, 200, s.requestBy(editor, "GET "+seeded, "").status, "the key stays")

	require.NoError(t, store.Rewrite(t.Context(), func(rows *reference.Rows) error {
		*rows = rows.Without(1, reference.Rows{})
		return nil
	}))
	assert.Equal(t, 404, s.request("GET "+seeded, "").status)
	require.NoError(t, store.Rewrite(t.Context(), func(rows *reference.Rows) error {
		assert.Empty(t, rows.Collections[0].AssetIDs)
		assert.Empty(t, rows.Events)
		assert.Len(t, rows.Users, 4)
		return nil
	}))
}

// TestRewriteIsWhole: what is wrong, or too much, leaves all as it was.
func TestRewriteIsWhole(t *testing.T) {
	t.Parallel()
	store := memory.Within(reference.Capacity{Assets: 2, Each: 2, Texts: 1 << 21, Bytes: 1 << 20})
	serveOver(t, store)
	before := snapshot(t, store)
	refused := errors.New("no")
	for name, c := range map[string]struct {
		change func(rows *reference.Rows) error
		want   error
		text   string
	}{
		"refused": {func(rows *reference.Rows) error { rows.Users = nil; return refused }, refused, ""},
		"wrong": {func(rows *reference.Rows) error { rows.Users = rows.Users[1:]; return nil },
			nil, "rewrite the store: keys[0].user_id: there is no user 1"},
		"too many assets": {func(rows *reference.Rows) error {
			for _, id := range []string{"a", "b"} {
				a := rows.Assets[0]
				a.ID, a.Number, a.ExternalID = id, 0, nil
				rows.Assets = append(rows.Assets, a)
			}
			return nil
		}, reference.ErrFull, ""},
		"too many comments": {func(rows *reference.Rows) error {
			for range 3 {
				rows.Comments = append(rows.Comments, reference.Comment{AssetID: rows.Assets[0].ID, UpdatedAt: time.Unix(1, 0)})
			}
			return nil
		}, reference.ErrFull, ""},
		"too much": {func(rows *reference.Rows) error {
			rows.Comments = append(rows.Comments, reference.Comment{AssetID: rows.Assets[0].ID, UpdatedAt: time.Unix(1, 0), Message: strings.Repeat("x", 1<<20)})
			return nil
		}, reference.ErrFull, ""},
		"too long": {func(rows *reference.Rows) error {
			rows.Media = append(rows.Media, reference.Media{AssetID: rows.Assets[0].ID, MediaType: "image", CreatedDate: time.Unix(1, 0), Filename: strings.Repeat("x", 1<<21+1)})
			return nil
		}, reference.ErrFull, ""},
	} {
		err := store.Rewrite(t.Context(), c.change)
		if c.text != "" {
			require.EqualError(t, err, c.text, name)
		} else {
			require.ErrorIs(t, err, c.want, name)
		}
		assert.Equal(t, before, snapshot(t, store), name)
	}
}

// TestRewriteNumbersAnew: no id comes again, and nobody writes over rows that they
// read before.
func TestRewriteNumbersAnew(t *testing.T) {
	t.Parallel()
	store := memory.New()
	s := serveOver(t, store)
	before := snapshot(t, store)
	read, err := store.Asset(t.Context(), id(seeded))
	require.NoError(t, err)
	require.NoError(t, restore(t, store, before))
	_, err = store.UpdateAsset(t.Context(), read)
	require.NoError(t, err, "the asset is as it was")
	read, err = store.Asset(t.Context(), id(seeded))
	require.NoError(t, err)

	s.request("PUT "+seeded, `{"title":"changed"}`)
	first := s.request("POST "+seeded+"/comments", `{"comment":"x"}`).get("comment.id")
	require.NoError(t, restore(t, store, before))
	_, err = store.UpdateAsset(t.Context(), read)
	require.ErrorIs(t, err, reference.ErrConflict, "the asset was another meanwhile")
	second := s.request("POST "+seeded+"/comments", `{"comment":"x"}`).get("comment.id")
	assert.NotEqual(t, first, second)

	require.NoError(t, store.Rewrite(t.Context(), func(rows *reference.Rows) error {
		rows.Comments = append(rows.Comments, reference.Comment{AssetID: id(seeded), AuthorID: 1, UpdatedAt: time.Unix(1, 0), Message: "given a number"})
		return nil
	}))
	comments, err := store.Comments(t.Context(), id(seeded))
	require.NoError(t, err)
	require.Len(t, comments, 2)
	assert.Greater(t, comments[1].ID, comments[0].ID)
}

func TestBadRows(t *testing.T) {
	t.Parallel()
	const user = `"users":[{"id":1,"email":"a@x","permissions":["ACTIONS_VIEW"],"until":null}]`
	const day = `"2023-11-27T09:42:48.123456Z"`
	const asset = `"assets":[{"id":"a","owner":"gone@x","title":"A","media_type":"image","created_date":` + day + `,"modification_date":` + day + `}]`
	hash := strings.Repeat("0a", 32)
	tests := []struct{ name, rows, want string }{
		{"array", `[]`, `the snapshot: is not an object`},
		{"unknown array", `{"comment":[]}`, `the snapshot: unknown member "comment"; there are users, keys, dag_actions, projects, assets, collections, events, comments, media, dag_action_runs`},
		{"unknown member", `{"comments":[{"keys":["secret"]}]}`, `comments[0]: unknown member "keys"; there are id, asset_id, user_id, message, updated_at`},
		{"member that is none", `{"assets":[{"-":1}]}`, `assets[0]: unknown member "-"; there are id, number, external_id, project_id, owner, title, description, category, tags, media_type, original_filename, created_date, modification_date, deleted`},
		{"wrong type", `{"comments":[{"id":"1"}]}`, `comments[0].id: is of JSON type string, want int64`},
		{"key in clear", `{` + user + `,"keys":[{"sha256":"pocketcheck-admin-key","user_id":1}]}`, `keys[0].sha256: want a SHA-256 of 64 hexadecimal digits`},
		{"long hash", `{"keys":[{"sha256":"` + hash + `00","user_id":1}]}`, `keys[0].sha256: want a SHA-256 of 64 hexadecimal digits`},
		{"no hash", `{` + user + `,"keys":[{"user_id":1}]}`, `keys[0].sha256: is missing`},
		{"key of nobody", `{"keys":[{"sha256":"` + hash + `","user_id":1}]}`, `keys[0].user_id: there is no user 1`},
		{"key twice", `{` + user + `,"keys":[{"sha256":"` + hash + `","user_id":1},{"sha256":"` + hash + `","user_id":1}]}`, `keys[1].sha256 repeats that of keys[0]`},
		{"permission", `{"users":[{"id":1,"email":"a@x","permissions":["ALL"]}]}`, `users[0].permissions[0]: there is no permission "ALL"`},
		{"email twice", `{"users":[{"id":1,"email":"a@x"},{"id":2,"email":"a@x"}]}`, `users[1].email repeats that of users[0]`},
		{"time", `{"comments":[{"updated_at":"yesterday"}]}`, `comments[0].updated_at: parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"`},
		{"no time", `{` + asset + `,"comments":[{"asset_id":"a"}]}`, `comments[0].updated_at: is missing`},
		{"asset without a date", `{"assets":[{"id":"a","owner":"o","title":"A","media_type":"image"}]}`, `assets[0].created_date: is missing`},
		{"asset number", `{"assets":[{"id":"a","number":9007199254740992}]}`, `assets[0].number: want a number from 1 to 9007199254740991, or 0 for one that the store gives`},
		{"collection of no asset", `{"collections":[{"id":"c","title":"C","owner":"o","original_title":"C","created_date":` + day + `,"modification_date":` + day + `,"asset_ids":["a"]}]}`, `collections[0].asset_ids[0]: there is no asset "a"`},
		{"event of no asset", `{"events":[{"asset_id":"a"}]}`, `events[0].asset_id: there is no asset "a"`},
		{"event of no type", `{` + asset + `,"events":[{"asset_id":"a","created_at":` + day + `}]}`, `events[0].event_type: is missing`},
		{"comment twice", `{` + asset + `,"comments":[{"id":5,"asset_id":"a","updated_at":` + day + `},{"id":5,"asset_id":"a","updated_at":` + day + `}]}`, `comments[1].id repeats that of comments[0]`},
		{"media of no asset", `{"media":[{"asset_id":"a"}]}`, `media[0].asset_id: there is no asset "a"`},
		{"media of no type", `{` + asset + `,"media":[{"asset_id":"a","created_date":` + day + `}]}`, `media[0].media_type: is missing`},
		{"run of no action", `{` + asset + `,"dag_action_runs":[{"asset_id":"a","created_at":` + day + `,"dag_action_id":9}]}`, `dag_action_runs[0].dag_action_id: there is no DAG action 9`},
		{"run with a high id", `{"dag_action_runs":[{"id":-1}]}`, `dag_action_runs[0].id: want a number from 1 to 9007199254740991, or 0 for one that the store gives`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := reference.ReadRows(strings.NewReader(tt.rows))
			require.EqualError(t, err, "read rows: "+tt.want)
			assert.NotContains(t, err.Error(), admin)
		})
	}
}
