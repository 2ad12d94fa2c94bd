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
	compare := func(a *answer) { w.comparesUsers("$.comment.user.id", w.userOf(a), other, same) }
	if err := w.expected(ctx, compare); err != nil {
		return err
	}
	return w.readBack(ctx, "comments.get", compare)
}

// userOf is the id of the user in an answer that is a comment.
func (w *world) userOf(a *answer) gjson.Result {
	resembles(a, http.StatusOK)
	body, _ := w.judge.body()
	id := body.Get("comment.user.id")
	if !id.Exists() {
		w.judge.record("answer to", "$.comment.user.id", "an id", match.Shown(id))
	}
	return id
}

func (w *world) comparesUsers(path string, id, other gjson.Result, same bool) {
	if (id.String() == other.String()) != same {
		w.judge.record("answer to", path, map[bool]string{true: "the id of the same user, ", false: "another id than "}[same]+other.Raw, match.Shown(id))
	}
}

// listsUsers compares the users of the comments where they are listed.
func (w *world) listsUsers(a *answer, same bool) {
	resembles(a, http.StatusOK)
	body, _ := w.judge.body()
	list := body.Get("comments").Array()
	var paths []string
	var ids []gjson.Result
	for _, name := range []string{"comment id", "other comment id"} {
		i := slices.IndexFunc(list, func(c gjson.Result) bool { return c.Get("id").String() == w.known[name].Text })
		if i < 0 {
			w.judge.record("answer to", "$.comments", "an array with the id "+w.known[name].Text, match.Shown(body.Get("comments")))
			return
		}
		path, user := fmt.Sprintf("$.comments[%d].user", i), list[i].Get("user")
		if !user.IsObject() {
			w.judge.record("answer to", path, "an object", match.Shown(user))
			return
		}
		paths, ids = append(paths, path+".id"), append(ids, user.Get("id"))
	}
	w.comparesUsers(paths[0], ids[0], ids[1], same)
}
