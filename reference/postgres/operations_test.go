package postgres

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// round is what the requests of one round are about: an asset of those that were loaded,
// and one that the round makes, changes in every way and deletes.
type round struct {
	library
	old, made, comment, media string
}

// operation is a request that may not take longer the more assets there are.
type operation struct {
	name, request, body string // request is a method and a path below the assets
}

// operations are all endpoints, in an order in which each finds what it needs. OLD is
// the loaded asset, DEEP the one with the deep history, MADE the round's own.
var operations = []operation{
	{name: "assets.get", request: "GET /OLD"},
	{name: "comments.list", request: "GET /OLD/comments"},
	{name: "media.list", request: "GET /OLD/media"},
	{name: "collections.list", request: "GET /OLD/collections"},
	{name: "file_metadata.get", request: "GET /OLD/file_metadata"},
	{name: "dag_actions.list", request: "GET /OLD/dag_actions"},
	{name: "dag_action_runs.list", request: "GET /OLD/dag_action_runs"},
	{name: "history.page_1", request: "GET /DEEP/history/0"},
	{name: "history.page_1000", request: "GET /DEEP/history/CURSOR"},
	{name: "assets.create", request: "POST ", body: `{"title":"a title","description":"a description"}`},
	{name: "assets.update", request: "PUT /MADE", body: `{"title":"another title"}`},
	{name: "assets.assign", request: "POST /MADE/assign", body: `{"to_project_id":"project"}`},
	{name: "assets.unassign", request: "DELETE /MADE/unassign"},
	{name: "comments.create", request: "POST /MADE/comments", body: `{"comment":"a comment"}`},
	{name: "comments.get", request: "GET /MADE/comments/COMMENT"},
	{name: "comments.update", request: "POST /MADE/comments/COMMENT", body: `{"comment":"another comment"}`},
	{name: "comments.delete", request: "DELETE /MADE/comments/COMMENT"},
	{name: "media.create", request: "POST /MADE/media", body: `{"file_url":"https://example.com/a.jpg","filename":"a.jpg"}`},
	{name: "media.download_url", request: "GET /MADE/media/MEDIA/download_url?filename=a.jpg"},
	{name: "media.delete", request: "DELETE /MADE/media"},
	{name: "dag_actions.start", request: "POST /MADE/dag_actions/1"},
	{name: "assets.trash", request: "POST /MADE/trash_bin"},
	{name: "assets.restore", request: "POST /MADE/restore"},
	{name: "assets.delete", request: "DELETE /MADE"},
}

// answers sends the request of an operation, keeps what it made, and returns how long the
// answer took.
func (r *round) answers(b *testing.B, o operation) time.Duration {
	b.Helper()
	method, path, _ := strings.Cut(o.request, " ")
	path = strings.NewReplacer("OLD", r.old, "DEEP", assetID(0), "MADE", r.made, "COMMENT", r.comment, "MEDIA", r.media,
		"CURSOR", fmt.Sprint(r.cursor)).Replace(path)
	begin := time.Now()
	answer := r.send(method, path, o.body)
	took := time.Since(begin)
	require.Equal(b, http.StatusOK, answer.Code, "%s %s: %s", method, path, answer.Body)
	switch o.name {
	case "assets.create":
		r.made = gjson.GetBytes(answer.Body.Bytes(), "asset.id").String()
	case "comments.create":
		r.comment = gjson.GetBytes(answer.Body.Bytes(), "comment.id").String()
	case "media.create":
		r.media = gjson.GetBytes(r.send(http.MethodGet, "/"+r.made+"/media", "").Body.Bytes(), "media.0.id").String()
	}
	return took
}

func (l library) send(method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/api/v2/assets"+path, strings.NewReader(body))
	r.Header.Set("X-API-KEY", key)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	l.server.ServeHTTP(w, r)
	return w
}

// measure times n answers of each library to each operation, those of both in turn and in
// a random order.
func measure(b *testing.B, libraries [2]library, r *rand.Rand, n int) [][2][]time.Duration {
	times := make([][2][]time.Duration, len(operations))
	for range n {
		var rounds [2]round
		for i, l := range libraries {
			rounds[i] = round{library: l, old: assetID(1 + r.IntN(l.assets-1))}
		}
		for i, o := range operations {
			for _, turn := range r.Perm(2) {
				times[i][turn] = append(times[i][turn], rounds[turn].answers(b, o))
			}
		}
	}
	return times
}
