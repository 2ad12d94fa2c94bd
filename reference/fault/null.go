package fault

import (
	"context"
	"io"
	"net/http"
	"path"
	"slices"

	"github.com/pocketcheck/pocketcheck/reference"
)

// Nulls returns servers that answer without having understood the request. What
// passes on them says little.
func Nulls() []Variant {
	return []Variant{
		null("null/200", around(answeringAll(http.StatusOK, "{}"))),
		null("null/404", around(answeringAll(http.StatusNotFound, `{"error":"asset not found"}`))),
		null("null/401", around(answeringAll(http.StatusUnauthorized, ""))),
		null("null/500", around(answeringAll(http.StatusInternalServerError, ""))),
		null("null/echo", around(echoing)),
		null("null/writes-ignored", stores(ignoresWrites)),
		null("null/one-user", stores(oneUserForAll)),
	}
}

func null(name string, a act) Variant { return Variant{Name: name, acts: []act{a}} }

func answeringAll(status int, body string) func(http.Handler) http.Handler {
	return func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body) // the client is gone; there is nobody to tell
		})
	}
}

// echoing answers with what was sent.
func echoing(http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", r.Header.Get("Content-Type"))
		_, _ = io.Copy(w, r.Body) // the client is gone; there is nobody to tell
	})
}

// readOnly answers writes and does none of them.
type readOnly struct{ reference.Store }

func ignoresWrites(s reference.Store, _ string) reference.Store { return readOnly{s} }

func (r readOnly) CreateAsset(_ context.Context, a reference.Asset, _ ...reference.Event) (reference.Asset, error) {
	return a, nil
}

func (r readOnly) UpdateAsset(_ context.Context, a reference.Asset, _ ...reference.Event) (reference.Asset, error) {
	return a, nil
}

func (r readOnly) DeleteAsset(context.Context, string) error { return nil }

func (r readOnly) CreateComment(_ context.Context, c reference.Comment, _ ...reference.Event) (reference.Comment, error) {
	c.ID = 1
	return c, nil
}

func (r readOnly) UpdateComment(_ context.Context, c reference.Comment, _ ...reference.Event) (reference.Comment, error) {
	return c, nil
}

func (r readOnly) DeleteComment(context.Context, string, int64, ...reference.Event) error { return nil }

func (r readOnly) CreateMedia(_ context.Context, _ reference.Asset, m reference.Media, _ ...reference.Event) (reference.Media, error) {
	m.ID = 1
	return m, nil
}

func (r readOnly) DeleteMedia(_ context.Context, a reference.Asset, _ ...reference.Event) (reference.Asset, error) {
	return a, nil
}

func (r readOnly) CreateDagActionRun(_ context.Context, run reference.DagActionRun, _ ...reference.Event) (reference.DagActionRun, error) {
	run.ID = 1
	return run, nil
}

// oneUser takes every key that there is for the guest's.
type oneUser struct{ reference.Store }

func oneUserForAll(s reference.Store, _ string) reference.Store { return oneUser{s} }

func (o oneUser) UserByKey(ctx context.Context, key reference.KeyHash) (reference.User, error) {
	_, err := o.Store.UserByKey(ctx, key)
	return guest, err
}

// holding is the facts that hold for a null server: the patterns that name them,
// and those that name the exceptions.
type holding struct{ facts, but []string }

// onAnything hold for a server that answers everything with 200.
var onAnything = []string{
	"assets.create.param-description", "assets.create.param-category", "assets.create.param-tags",
}

var holds = map[string]holding{
	"null/200":  {facts: onAnything},
	"null/echo": {facts: onAnything},
	"null/404":  {facts: []string{"*.asset-not-found", "assets.*.not-found", "*.err-404"}},
	"null/401":  {},
	"null/500":  {facts: []string{"assets.create.err-500"}},
	"null/writes-ignored": {
		facts: []string{
			"*.asset-not-found", "assets.*.not-found", "*.err-404", "*.err-401", "*.hdr-x-api-key", "*.err-500", "assets.create.*",
			"file_metadata.get.existing.effect",
		},
		but: []string{
			"comments.[udg]*.err-[45]0[01]", "comments.[udg]*.hdr-x-api-key", "trash.restore.err-[45]0[01]", "trash.restore.hdr-x-api-key",
			"media.download_url.err-401", "media.download_url.hdr-x-api-key", "comments.list.err-401", "comments.list.hdr-x-api-key",
			"history.get.err-401", "history.get.hdr-x-api-key", "assets.get.err-401", "assets.get.hdr-x-api-key",
			"media.list.err-401", "media.list.hdr-x-api-key", "assets.create.external-id-taken",
			"assets.create.ok*.effect", "assets.create.param-external_id.effect", "assets.create.any-script.effect",
		},
	},
	"null/one-user": {facts: []string{"*"}, but: []string{"*.err-500", "*.no-permission", "comments.create.other-user.effect"}},
}

// Holds tells of a null server whether a fact, by its id, is true of it.
func (v Variant) Holds(fact string) bool {
	h := holds[v.Name]
	return matches(h.facts, fact) && !matches(h.but, fact)
}

func matches(patterns []string, id string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { ok, _ := path.Match(p, id); return ok })
}
