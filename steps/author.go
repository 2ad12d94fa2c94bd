package steps

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/pocketcheck/pocketcheck/steps/match"
	"github.com/tidwall/gjson"
)

// theCommentsHave compares the users of the two comments: as the When listed them,
// or as each reads, and as its creation was answered.
func theCommentsHave(ctx context.Context, users string) error {
	w := worldOf(ctx)
	if err := w.land(ctx); err != nil {
		return err
	}
	same := users == "the same user"
	if w.when.operation.name == "comments.list" {
		return w.expected(ctx, func(a *answer) { w.listsUsers(a, same) })
	}
	var other gjson.Result
	err := w.onOther("comment", func() error {
		return w.readBack(ctx, "comments.get", func(a *answer) { other = w.userOf(a) })
	})
	if err != nil {
		return err
	}
	compare := func(a *answer) { w.comparesUsers("$.comment.user", w.userOf(a), other, same) }
	err = w.expected(ctx, func(a *answer) {
		body, _ := w.judge.body()
		if body.Get("comment.user.id").Exists() && other.Get("id").Exists() { // that they do, other facts say
			compare(a)
		}
	})
	if err != nil {
		return err
	}
	return w.readBack(ctx, "comments.get", compare)
}

// userOf is the user in an answer that is a comment.
func (w *world) userOf(a *answer) gjson.Result {
	resembles(a, http.StatusOK)
	body, _ := w.judge.body()
	user := body.Get("comment.user")
	if !user.Exists() {
		w.judge.record("answer to", "$.comment.user", "a user", match.Shown(user))
	}
	return user
}

// comparesUsers compares two users by their ids, or, where these are not there, by
// what is.
func (w *world) comparesUsers(path string, user, other gjson.Result, same bool) {
	if id, otherID := user.Get("id"), other.Get("id"); id.Exists() && otherID.Exists() {
		path, user, other = path+".id", id, otherID
	}
	if (user.String() == other.String()) != same {
		w.judge.record("answer to", path, map[bool]string{true: "the same as of the other comment, ", false: "another than "}[same]+other.Raw, match.Shown(user))
	}
}

// listsUsers compares the users of the comments where they are listed.
func (w *world) listsUsers(a *answer, same bool) {
	resembles(a, http.StatusOK)
	body, _ := w.judge.body()
	list := body.Get("comments").Array()
	var paths []string
	var users []gjson.Result
	for _, name := range []string{"comment id", "other comment id"} {
		i := slices.IndexFunc(list, func(c gjson.Result) bool { return match.Text(c.Get("id")) == w.known[name].Text })
		if i < 0 {
			w.judge.record("answer to", "$.comments", "an array with the id "+w.known[name].Text, match.Shown(body.Get("comments")))
			return
		}
		path, user := fmt.Sprintf("$.comments[%d].user", i), list[i].Get("user")
		if !user.Exists() {
			w.judge.record("answer to", path, "a user", match.Shown(user))
			return
		}
		paths, users = append(paths, path), append(users, user)
	}
	w.comparesUsers(paths[0], users[0], users[1], same)
}
