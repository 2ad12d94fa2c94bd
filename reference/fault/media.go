package fault

import (
	"context"
	"slices"
	"sync"

	"github.com/pocketcheck/pocketcheck/reference"
)

const mediaGone = "Couldn't find Media"

// media is the faults of what reads and removes media.
var media = slices.Concat(
	[]Variant{
		fault("media.list.ok/status-204", all(ok, withoutQuery), answering(204, "")),
		fault("media.list.some.effect/never-any", ok, empty("media")),
		fault("media.list.ok/null", all(ok, withoutQuery), with("media", nil)),
		fault("media.list.ok/without-media", all(ok, withoutQuery), without("media")),
		fault("media.list.ok/bare-array", all(ok, withoutQuery), answering(200, "[]")),
		fault("media.list.ok/placeholder-listed", all(ok, withoutQuery), with("media", []any{map[string]any{"id": 1}})),
		fault("media.list.ok-locations/refused", all(ok, withQuery), refusing(422, "Unknown parameter include_locations")),
		fault("media.list.ok-locations/beside-them", all(ok, withQuery), answering(200, `{"locations": []}`)),
		fault("media.list.ok-locations/null", all(ok, withQuery), with("media", nil)),

		fault("media.download_url.param-filename/not-required", says("Missing"), answering(200, `{"url": null}`)),
		fault("media.download_url.param-filename/other-word", says("Missing"), with("error", "Missing parameter: filename")).strict(),
		fault("media.download_url.param-filename/unnamed", says("Missing"), with("error", "Missing parameter")),
		fault("media.download_url.param-filename/status-400", says("Missing"), coded(400)),
		fault("media.download_url.ok/redirect", ok, coded(302)),
		fault("media.download_url.ok/url-left-out", ok, without("url")),
		fault("media.download_url.ok/download_url", ok, answering(200, `{"download_url": null}`)),
		fault("media.download_url.media-not-found/short-text", says(mediaGone), with("error", "Couldn't find Media with 'id'=not_found_id")),
		fault("media.download_url.media-not-found/null-200", says(mediaGone), answering(200, `{"url": null}`)),
		fault("media.download_url.media-not-found/status-422", says(mediaGone), coded(422)),
		fault("media.download_url.other-asset.effect/any-asset", always, stores(findsMediaAnywhere)),
		fault("media.download_url.other-asset.effect/read-once", always, findsAgain("media.download_url", refusedBy(mediaGone))),
	},
	assetLeaves("media.remove.ok", ok),
	[]Variant{
		fault("media.remove.ok/status-400", ok, coded(400)),
		fault("media.remove.ok/another-id", ok, with("asset.id", "faNNZ8yt0dUA8dWA0-WW")),
		fault("media.remove.ok/tags-null", ok, with("asset.tags", nil)),
		fault("media.remove.ok/ai_tags-null", ok, with("asset.ai_tags", nil)),
		fault("media.remove.ok/status-closed", ok, with("asset.status", "closed")),
		fault("media.remove.ok/media_type-null", ok, with("asset.media_type", nil)),
		fault("media.remove.ok/created_date-without-milliseconds", ok, dated("asset.created_date", noMillis)),
		fault("media.remove.ok/errors-as-array", ok, retyped("errors")),
		fault("media.remove.ok/without-errors", ok, without("errors")),
		fault("media.remove.ok/without-error", ok, without("errors.error")),
		fault("media.remove.ok/full-stop-missing", ok, with("errors.error", "No media found on this asset")),
		fault("media.remove.ok/without-errors-status", ok, without("errors.status")),
		fault("media.remove.ok/errors-status-as-string", ok, retyped("errors.status")),
		fault("media.remove.ok/errors-status-404", ok, with("errors.status", 404)),
		fault("media.remove.any-script.effect/title-in-ascii", ok, ascii("asset.title")),
		fault("media.remove.any-script.effect/no-emoji", ok, textual("asset.description", inBMP)),
		fault("media.remove.not-deleted.effect/false", ok, with("asset.deleted", false)),
		fault("media.remove.only-it.effect/the-newest-too", always, toTheNewest(removesMedia)),
		fault("media.remove.kept.effect/comments-lost", always, besides(losesComments)),
		fault("media.remove.kept.effect/external_id-lost", always, besides(losesExternalID)),
		fault("media.remove.kept.effect/not-found-any-more", always, stores(hidesEmptied)),
		fault("media.remove.err-401.effect/refused-and-done", all(noKey, ok), stores(noKeyIsAGuest), unauthorized),
		fault("media.remove.emptied.effect/kept", always, stores(keepsMedia)),
		fault("media.remove.emptied.effect/read-from-a-cache", always, stores(keepsReadMedia)),
	})

// mediaAddition is the faults of "Add media to asset".
var mediaAddition = slices.Concat(
	textParameter("media.add", "file_url"), textParameter("media.add", "filename"),
	[]Variant{
		fault("media.add.param-file_url/not-required", lacks("file_url"), passing(with("file_url", "http://www.example.com/"))),
		fault("media.add.param-file_url/sentence", says("Missing parameter file_url"), with("error", "File URL can't be blank")).strict(),
		fault("media.add.param-file_url/other-word", says("Missing parameter file_url"), with("error", "Missing parameter url")),
		fault("media.add.param-file_url/as-no-url", says("Missing parameter file_url"), refusing(400, "not a valid HTTP URL")),
		fault("media.add.param-filename/not-required", lacks("filename"), passing(with("filename", "jpgfile.jpg"))),
		fault("media.add.param-filename/sentence", says("Missing parameter filename"), with("error", "Filename can't be blank")).strict(),
		fault("media.add.param-filename/other-word", says("Missing parameter filename"), with("error", "Missing parameter file_name")),
		fault("media.add.ok-http/refused", all(ok, sends("file_url", beginning("http:"))), refusing(400, "not a valid HTTPS URL")),
		fault("media.add.ok-http/status-202", all(ok, sends("file_url", beginning("http:"))), coded(202)),
		fault("media.add.ok-http/true", all(ok, sends("file_url", beginning("http:"))), with("ok", true)),
		fault("media.add.ok-https/refused", all(ok, sends("file_url", beginning("https:"))), refusing(400, "not a valid HTTP URL")),
		fault("media.add.ok-https/status-202", all(ok, sends("file_url", beginning("https:"))), coded(202)),
		fault("media.add.ok-https/queued", all(ok, sends("file_url", beginning("https:"))), with("ok", "queued")),
		fault("media.add.invalid-url/accepted", sends("file_url", beginning("/")), passing(with("file_url", "http://localhost/"))),
		fault("media.add.invalid-url/full-stop", says("not a valid"), reworded("error")),
		fault("media.add.invalid-url/status-422", says("not a valid"), coded(422)),
		fault("media.add.invalid-url.effect/refused-and-added", sends("file_url", beginning("/")), passing(with("file_url", "http://localhost/")), refusing(400, "not a valid HTTP URL")),
		fault("media.add.only-it.effect/the-newest-too", always, toTheNewest(addsMedia)),
		fault("media.add.err-401.effect/refused-and-done", all(noKey, ok), stores(noKeyIsAGuest), unauthorized),
	})

func withQuery(x *exchange) bool    { return x.request.URL.RawQuery != "" }
func withoutQuery(x *exchange) bool { return !withQuery(x) }

// everyMedia finds a media file by its id alone.
type everyMedia struct {
	reference.Store
	at   string
	mu   *sync.Mutex
	rows *[]reference.Media
}

func findsMediaAnywhere(s reference.Store, at string) reference.Store {
	return everyMedia{s, at, &sync.Mutex{}, &[]reference.Media{}}
}

func (e everyMedia) CreateMedia(ctx context.Context, a reference.Asset, m reference.Media, events ...reference.Event) (reference.Media, error) {
	m, err := e.Store.CreateMedia(ctx, a, m, events...)
	if err == nil {
		e.mu.Lock()
		defer e.mu.Unlock()
		*e.rows = append(*e.rows, m)
	}
	return m, err
}

func (e everyMedia) Media(ctx context.Context, assetID string) ([]reference.Media, error) {
	if !asks(ctx, e.at) {
		return e.Store.Media(ctx, assetID)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(*e.rows), nil
}

// mediaKeeper removes no media.
type mediaKeeper struct {
	reference.Store
	at string
}

func keepsMedia(s reference.Store, at string) reference.Store { return mediaKeeper{s, at} }

func (k mediaKeeper) DeleteMedia(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	if asks(ctx, k.at) {
		return a, nil
	}
	return k.Store.DeleteMedia(ctx, a, events...)
}

// emptied hides what it removed media from.
type emptied struct {
	reference.Store
	hidden rows[string, bool]
}

func hidesEmptied(s reference.Store, _ string) reference.Store {
	return emptied{s, newRows[string, bool]()}
}

func (e emptied) DeleteMedia(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	_, _ = e.hidden.first(a.ID, func() (bool, error) { return true, nil })
	return e.Store.DeleteMedia(ctx, a, events...)
}

func (e emptied) Asset(ctx context.Context, id string) (reference.Asset, error) {
	_, shown := e.hidden.first(id, func() (bool, error) { return false, reference.ErrNotFound })
	if shown == nil && asks(ctx, "assets.get") {
		return reference.Asset{}, reference.ErrNotFound
	}
	return e.Store.Asset(ctx, id)
}
