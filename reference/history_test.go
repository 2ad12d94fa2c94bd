package reference_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHistory(t *testing.T) {
	t.Parallel()
	s := serve(t)
	path := s.asset(`{"title":"Sample Asset"}`)
	first := s.request("GET "+path+"/history/0", "")
	n, target := first.raw("history.results.0.id"), first.raw("history.results.0.event_targets.0.target.id")
	assert.Equal(t, `{"history":{"results":[{"id":`+n+`,"user_id":1,"event_type":"ASSET_ADDED",`+
		`"created_at":"2023-11-27T09:42:48.538Z","updated_at":"2023-11-27T09:42:48.538Z","event_targets":[{"target_type":"Asset",`+
		`"target":{"id":`+target+`,"elasticsearch_id":"`+id(path)+`","title":"Sample Asset"}}]}],"next_cursor":null}}`, first.body)
	own := s.request("GET "+seeded+"/history/0", "")
	assert.Equal(t, `["ASSET_ADDED"] [1]`, own.raw("history.results.#.event_type")+" "+own.raw("history.results.#.user_id"))
}

func TestHistoryTellsWhatHappened(t *testing.T) {
	t.Parallel()
	s := serve(t)
	path := s.asset(`{"title":"x"}`)
	project := s.state("a project", nil)["project_id"]
	comment := path + "/comments/" + s.requestBy(editor, "POST "+path+"/comments", `{"comment":"x"}`).get("comment.id")
	for _, step := range [][2]string{
		{"POST " + comment, `{"comment":"y"}`}, {"DELETE " + comment, ""}, {"PUT " + path, `{"title":"y"}`},
		{"POST " + path + "/media", `{"file_url":"http://x/y","filename":"y"}`}, {"DELETE " + path + "/media", ""},
		{"POST " + path + "/dag_actions/1", ""}, {"POST " + path + "/assign", `{"to_project_id":"` + project + `"}`},
		{"DELETE " + path + "/unassign", ""}, {"POST " + path + "/trash_bin", ""}, {"POST " + path + "/restore", ""},
	} {
		require.Equal(t, 200, s.requestBy(editor, step[0], step[1]).status, step[0])
	}
	history := s.request("GET "+path+"/history/0", "")
	assert.Equal(t, `["ASSET_RESTORED","ASSET_TRASHED","ASSET_UNASSIGNED","ASSET_ASSIGNED","DAG_ACTION_STARTED","MEDIA_REMOVED",`+
		`"MEDIA_ADDED","ASSET_UPDATED","COMMENT_DELETED","COMMENT_UPDATED","COMMENT_ADDED","ASSET_ADDED"]`, history.raw("history.results.#.event_type"))
	assert.Equal(t, `[2,2,2,2,2,2,2,2,2,2,2,1]`, history.raw("history.results.#.user_id"))
}

func TestHistoryByPages(t *testing.T) {
	t.Parallel()
	s := serve(t)
	path := s.asset(`{"title":"x"}`)
	for range 99 {
		s.request("POST "+path+"/comments", `{"comment":"x"}`)
	}
	var pages []string
	cursor := "0"
	for cursor != "null" {
		page := s.request("GET "+path+"/history/"+cursor, "")
		require.Equal(t, 200, page.status)
		last := page.raw("history.results.49.id")
		cursor = page.raw("history.next_cursor")
		pages = append(pages, fmt.Sprintf("%s %s %t", page.raw("history.results.#"), page.get("history.results.49.event_type"), cursor == last))
	}
	assert.Equal(t, []string{"50 COMMENT_ADDED true", "50 ASSET_ADDED false"}, pages)
}

func TestCursors(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for _, cursor := range []string{"0", "00", "9223372036854775807", "99999999999999999999"} {
		assert.Equal(t, "1", s.request("GET "+seeded+"/history/"+cursor, "").raw("history.results.#"), cursor)
	}
	assert.Equal(t, answer{200, `{"history":{"results":[],"next_cursor":null}}`}, s.request("GET "+seeded+"/history/1", ""))
	for cursor, printed := range map[string]string{
		"test": `"test"`, "-1": `"-1"`, "+1": `"+1"`, "1.5": `"1.5"`, "null": `"null"`, "%20": `" "`, "%22": `"\""`, "%0a": `"\n"`, "%D9%A1": `"١"`,
	} {
		want := refused(422, "Invalid parameter 'cursor' value "+printed+": Invalid cursor")
		assert.Equal(t, want, s.request("GET "+seeded+"/history/"+cursor, ""))
	}
}
