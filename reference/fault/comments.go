package fault

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/pocketcheck/pocketcheck/reference"
)

const commentGone = "Couldn't find Comment"

// comments is the faults of what reads comments.
var comments = []Variant{
	fault("comments.list.ok/status-201", ok, coded(201)),
	fault("comments.list.ok/empty", ok, empty("comments")),
	fault("comments.list.ok/bare-array", ok, edit(func(_ *exchange, b any) any { return member(b, "comments") })),
	fault("comments.list.ok/under-data", ok, edit(func(_ *exchange, b any) any { return map[string]any{"data": b} })),
	fault("comments.list.ok/id-as-string", ok, retyped("comments.*.id")),
	fault("comments.list.ok/without-id", ok, without("comments.*.id")),
	fault("comments.list.ok/without-message", ok, without("comments.*.message")),
	fault("comments.list.ok/message-cut", ok, altering("comments.*.message", func(v any) any { return v.(string)[:4] })),
	fault("comments.list.ok/without-updated_at", ok, without("comments.*.updated_at")),
	fault("comments.list.ok/updated_at-without-milliseconds", ok, dated("comments.*.updated_at", noMillis)),
	fault("comments.list.ok/user-as-id", ok, altering("comments.*.user", func(v any) any { return member(v, "id") })),
	fault("comments.list.ok/without-user", ok, without("comments.*.user")),
	fault("comments.list.ok/user-id-as-string", ok, retyped("comments.*.user.id")),
	fault("comments.list.ok/without-user-id", ok, without("comments.*.user.id")),
	fault("comments.list.ok/without-email", ok, without("comments.*.user.email")),
	fault("comments.list.ok/email-null", ok, with("comments.*.user.email", nil)),
	fault("comments.list.ok/first_name-left-out", ok, without("comments.*.user.first_name")),
	fault("comments.list.ok/last_name-left-out", ok, without("comments.*.user.last_name")),
	fault("comments.list.ok/avatar_url-left-out", ok, without("comments.*.user.avatar_url")),
	fault("comments.list.ok/mentioned_users-left-out", ok, without("comments.*.mentioned_users")),
	fault("comments.list.ok/mentioned_users-null", ok, with("comments.*.mentioned_users", nil)),
	fault("comments.list.other-users.effect/mine-only", always, stores(listsMyComments)),
	fault("comments.list.other-asset.effect/of-all-assets", always, stores(listsCommentsOfAllAssets)),
	fault("comments.list.any-script.effect/ascii-column", ok, ascii("comments.*.message")),
	fault("comments.list.any-script.effect/no-emoji", ok, textual("comments.*.message", inBMP)),
	fault("comments.list.several.effect/first-only", always, stores(listsTheFirstComment)),
	fault("comments.list.several.effect/last-only", always, stores(listsTheLastComment)),
	fault("comments.list.several.effect/same-message", always, stores(listsOneMessage)),
	fault("comments.list.users.effect/one-for-all", ok, edit(oneUserInAll)),

	fault("comments.get.ok/status-201", ok, coded(201)),
	fault("comments.get.ok/bare-comment", ok, edit(func(_ *exchange, b any) any { return member(b, "comment") })),
	fault("comments.get.ok/without-id", ok, without("comment.id")),
	fault("comments.get.ok/id-as-string", ok, retyped("comment.id")),
	fault("comments.get.ok/without-message", ok, without("comment.message")),
	fault("comments.get.ok/message-as-array", ok, retyped("comment.message")),
	fault("comments.get.ok/without-updated_at", ok, without("comment.updated_at")),
	fault("comments.get.ok/updated_at-in-microseconds", ok, dated("comment.updated_at", microTimes)),
	fault("comments.get.ok/without-user", ok, without("comment.user")),
	fault("comments.get.ok/without-user-id", ok, without("comment.user.id")),
	fault("comments.get.ok/user-id-as-string", ok, retyped("comment.user.id")),
	fault("comments.get.ok/without-email", ok, without("comment.user.email")),
	fault("comments.get.ok/first_name-left-out", ok, without("comment.user.first_name")),
	fault("comments.get.ok/last_name-left-out", ok, without("comment.user.last_name")),
	fault("comments.get.ok/avatar_url-left-out", ok, without("comment.user.avatar_url")),
	fault("comments.get.ok/mentioned_users-null", ok, with("comment.mentioned_users", nil)),
	fault("comments.get.ok/mentioned_users-left-out", ok, without("comment.mentioned_users")),
	fault("comments.get.comment-not-found/short-text", says(commentGone), with("error", "Couldn't find Comment with 'id'=not-found-id")),
	fault("comments.get.comment-not-found/status-400", says(commentGone), coded(400)),
	fault("comments.get.comment-not-found/null-200", says(commentGone), answering(200, `{"comment": null}`)),
	fault("comments.get.other-asset.effect/any-asset", always, stores(findsCommentsAnywhere)),
	fault("comments.get.other-asset.effect/read-once", always, stores(findsReadComments)),
	fault("comments.get.any-script.effect/ascii-column", ok, ascii("comment.message")),
	fault("comments.get.any-script.effect/no-emoji", ok, textual("comment.message", inBMP)),
	fault("comments.get.other-users.effect/mine-only", always, stores(findsMyComments)),
}

// commentList lists another set of comments than the asset's.
type commentList struct {
	reference.Store
	at   string
	pick func(caller int64, all []reference.Comment) []reference.Comment
}

func (l commentList) Comments(ctx context.Context, assetID string) ([]reference.Comment, error) {
	all, err := l.Store.Comments(ctx, assetID)
	if err == nil && len(all) > 0 && asks(ctx, l.at) {
		all = l.pick(asking(ctx).caller.ID, all)
	}
	return all, err
}

func listsMyComments(s reference.Store, at string) reference.Store {
	return commentList{s, at, func(caller int64, all []reference.Comment) []reference.Comment {
		return slices.DeleteFunc(all, func(c reference.Comment) bool { return c.AuthorID != caller })
	}}
}

func listsTheFirstComment(s reference.Store, at string) reference.Store {
	return commentList{s, at, func(_ int64, all []reference.Comment) []reference.Comment { return all[:1] }}
}

func listsTheLastComment(s reference.Store, at string) reference.Store {
	return commentList{s, at, func(_ int64, all []reference.Comment) []reference.Comment { return all[len(all)-1:] }}
}

// listsOneMessage has the bug of a loop that reads its variable too early.
func listsOneMessage(s reference.Store, at string) reference.Store {
	return commentList{s, at, func(_ int64, all []reference.Comment) []reference.Comment {
		for i := range all {
			all[i].Message = all[0].Message
		}
		return all
	}}
}

// everyComment forgets the asset in its query.
type everyComment struct {
	reference.Store
	at      string
	mu      *sync.Mutex
	assetOf map[int64]string
}

func rememberComments(s reference.Store, at string) everyComment {
	return everyComment{s, at, &sync.Mutex{}, map[int64]string{}}
}

func (e everyComment) CreateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	c, err := e.Store.CreateComment(ctx, c, events...)
	if err == nil {
		e.mu.Lock()
		defer e.mu.Unlock()
		makeRoom(e.assetOf, mostRows)
		e.assetOf[c.ID] = c.AssetID
	}
	return c, err
}

// Comment finds a comment by its id alone.
func (e everyComment) Comment(ctx context.Context, assetID string, id int64) (reference.Comment, error) {
	if asks(ctx, e.at) {
		e.mu.Lock()
		defer e.mu.Unlock()
		if its, known := e.assetOf[id]; known {
			assetID = its
		}
	}
	return e.Store.Comment(ctx, assetID, id)
}

func findsCommentsAnywhere(s reference.Store, at string) reference.Store {
	return rememberComments(s, at)
}

type commentsOfAllAssets struct{ everyComment }

func listsCommentsOfAllAssets(s reference.Store, at string) reference.Store {
	return commentsOfAllAssets{rememberComments(s, at)}
}

func (a commentsOfAllAssets) Comments(ctx context.Context, assetID string) ([]reference.Comment, error) {
	if !asks(ctx, a.at) {
		return a.Store.Comments(ctx, assetID)
	}
	a.mu.Lock()
	assets := slices.Compact(slices.Sorted(maps.Values(a.assetOf)))
	a.mu.Unlock()
	var all []reference.Comment
	for _, id := range assets {
		its, err := a.Store.Comments(ctx, id)
		if err != nil {
			return nil, err
		}
		all = append(all, its...)
	}
	return all, nil
}

// myComments hides the comments of others.
type myComments struct {
	reference.Store
	at string
}

func findsMyComments(s reference.Store, at string) reference.Store { return myComments{s, at} }

func (m myComments) Comment(ctx context.Context, assetID string, id int64) (reference.Comment, error) {
	c, err := m.Store.Comment(ctx, assetID, id)
	if err == nil && asks(ctx, m.at) && c.AuthorID != asking(ctx).caller.ID {
		return reference.Comment{}, reference.ErrNotFound
	}
	return c, err
}

// oneUserInAll has the bug of a loop that reads its variable too early.
func oneUserInAll(_ *exchange, body any) any {
	all, _ := member(body, "comments").([]any)
	for _, c := range all {
		with("user", member(all[0], "user"))(nil, c)
	}
	return body
}
