package reference_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

const adminBody = `"user":{"id":1,"email":"admin@example.com","first_name":"Ada","last_name":"Admin","avatar_url":null},"mentioned_users":[]}`

func TestComments(t *testing.T) {
	t.Parallel()
	s := serve(t)
	comments := s.asset(sample+`}`) + "/comments"
	assert.Equal(t, answer{200, `{"comments":[]}`}, s.request("GET "+comments, ""))

	created := s.request("POST "+comments, `{"comment":"new comment"}`)
	n := created.raw("comment.id")
	assert.Equal(t, answer{200, `{"comment":{"id":` + n + `,"message":"new comment","updated_at":"2023-11-27T09:42:48.538Z",` + adminBody + `}`}, created)
	assert.Equal(t, created, s.request("GET "+comments+"/"+n, ""))
	assert.Equal(t, answer{200, `{"comments":[` + created.raw("comment") + `]}`}, s.request("GET "+comments, ""))

	s.wait(time.Second)
	updated := s.request("POST "+comments+"/"+n, `{"comment":"new updated comment"}`)
	assert.Equal(t, answer{200, `{"comment":{"message":"new updated comment","id":` + n + `,"updated_at":"2023-11-27T09:42:49.538Z",` + adminBody + `}`}, updated)
	assert.JSONEq(t, updated.body, s.request("GET "+comments+"/"+n, "").body)

	theirs := s.requestBy(editor, "POST "+comments, `{"comment":"theirs"}`)
	assert.Equal(t, `["admin@example.com","editor@example.com"]`, s.request("GET "+comments, "").raw("comments.#.user.email"))

	assert.Equal(t, answer{200, `{"ok":"comment deleted"}`}, s.request("DELETE "+comments+"/"+n, ""))
	assert.Equal(t, noComment(n), s.request("GET "+comments+"/"+n, ""))
	assert.Equal(t, answer{200, `{"comments":[` + theirs.raw("comment") + `]}`}, s.request("GET "+comments, ""))
}

func noComment(id string) answer {
	return refused(404, "Couldn't find Comment with 'id'="+id+` [WHERE "comments"."target_id" = $1 AND "comments"."target_type" = $2]`)
}

func TestOnlyTheAuthorMayChangeAComment(t *testing.T) {
	t.Parallel()
	s := serve(t)
	path := s.asset(sample + `}`)
	theirs := path + "/comments/" + s.state("another user's comment", map[string]string{"asset_id": id(path)})["comment_id"]
	before := s.request("GET "+theirs, "")
	denied := refused(403, "Not allowed to perform this action")
	assert.Equal(t, denied, s.request("POST "+theirs, `{"comment":"mine"}`))
	assert.Equal(t, denied, s.request("DELETE "+theirs, ""))
	assert.Equal(t, refused(422, "Missing parameter comment"), s.request("POST "+theirs, ""), "parameters come first")
	assert.Equal(t, before, s.request("GET "+theirs, ""))
}

// oddIDs can be the id of no row.
var oddIDs = []string{"not-found-id", "3abc", "0", "-1", "+1", "01", "1.0", "9223372036854775808", "99999999999999999999999", "9223372036854775807", "x\"y", "日"}

func TestUnknownComments(t *testing.T) {
	t.Parallel()
	s := serve(t)
	path := s.asset(sample + `}`)
	elsewhere := s.request("POST "+seeded+"/comments", `{"comment":"x"}`).get("comment.id")
	for _, odd := range append(oddIDs, elsewhere) {
		comment := path + "/comments/" + url.PathEscape(odd)
		assert.Equal(t, noComment(odd), s.request("GET "+comment, ""))
		assert.Equal(t, noComment(odd), s.request("DELETE "+comment, ""))
		assert.Equal(t, noComment(odd), s.request("POST "+comment, `{"comment":"x"}`))
	}
	assert.Equal(t, 200, s.request("GET "+seeded+"/comments/"+elsewhere, "").status)
}
