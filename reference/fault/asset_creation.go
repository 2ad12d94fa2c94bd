package fault

import (
	"context"
	"slices"

	"github.com/pocketcheck/pocketcheck/reference"
)

var (
	// plain is the answer to a new asset that is neither an article nor known
	// to others by an id.
	plain   = all(ok, lacks("media_type"), lacks("external_id"))
	article = all(ok, sends("media_type", aString), sends("tags", aList))
	whole   = all(plain, sends("description", aString), sends("category", aString), sends("tags", aList))
)

// assetCreation is the faults of "Create asset".
var assetCreation = slices.Concat(
	assetLeaves("assets.create.ok", plain),
	assetLeaves("assets.create.ok-article", article),
	textParameter("assets.create", "title"), textParameter("assets.create", "description"),
	textParameter("assets.create", "category"), textParameter("assets.create", "external_id"),
	tagsParameter("assets.create"),
	[]Variant{
		fault("assets.create.param-description/required", lacks("description"), refusing(422, "Missing parameter description")),
		fault("assets.create.param-category/required", lacks("category"), refusing(422, "Missing parameter category")),
		fault("assets.create.param-tags/required", lacks("tags"), refusing(422, "Missing parameter tags")),
		fault("assets.create.valid-media_type/video-accepted", sends("media_type", exactly("video")), passing(with("media_type", "article"))),
		fault("assets.create.valid-media_type/without-code", sends("media_type", exactly("video")), with("error", `Invalid parameter 'media_type' value "video": Must be one of: article.`)).strict(),
		fault("assets.create.valid-media_type/unnamed", sends("media_type", exactly("video")), with("error", "Must be one of: <code>article</code>.")),
		fault("assets.create.invalid-media-type/image-accepted", sends("media_type", exactly("image")), passing(with("media_type", "article"))),
		fault("assets.create.invalid-media-type/without-code", sends("media_type", exactly("image")), with("error", `Invalid parameter 'media_type' value "image": Must be one of: article.`)),
		fault("assets.create.invalid-media-type/status-400", sends("media_type", exactly("image")), coded(400)),
		fault("assets.create.param-external_id/ignored", all(sends("external_id", aString), ok), with("asset.external_id", nil)),
		fault("assets.create.param-external_id/answered-in-capitals", all(sends("external_id", aString), ok), textual("asset.external_id", func(s string) string { return "X" + s })),
		fault("assets.create.param-external_id.effect/kept-with-a-prefix", always, forgets(prefixedExternalID)),
		fault("assets.create.missing-title/not-required", lacks("title"), passing(with("title", "Untitled"))),
		fault("assets.create.missing-title/other-word", lacks("title"), with("error", "Missing parameter: title")),
		fault("assets.create.missing-title/status-400", lacks("title"), coded(400)),
		fault("assets.create.external-id-taken/not-unique", always, stores(allowsTakenExternalIDs)),
		fault("assets.create.external-id-taken/other-spelling", says("External id"), with("error", "External ID has already been taken")),
		fault("assets.create.external-id-taken/status-409", says("External id"), coded(409)),
		fault("assets.create.external-id-taken/status-422", says("External id"), coded(422)),
		fault("assets.create.err-401.effect/refused-and-done", all(noKey, ok), stores(noKeyIsAGuest), unauthorized),

		fault("assets.create.ok/status-201", whole, coded(201)),
		fault("assets.create.ok/bare-asset", plain, edit(func(_ *exchange, b any) any { return member(b, "asset") })),
		fault("assets.create.ok/id-is-a-number", plain, newIDs(shortIDs), altering("asset.id", asNumber)),
		fault("assets.create.ok/category-as-sent", whole, asSent("asset.category", "category", same)),
		fault("assets.create.ok/tags-lost", whole, empty("asset.tags")),
		fault("assets.create.ok/tags-joined", whole, with("asset.tags", "sample, test")),
		fault("assets.create.ok/ai_tags-null", plain, with("asset.ai_tags", nil)),
		fault("assets.create.ok/status-new", plain, with("asset.status", "new")),
		fault("assets.create.ok/media_type-null", plain, with("asset.media_type", nil)),
		fault("assets.create.ok/article-by-default", plain, with("asset.media_type", "article")),
		fault("assets.create.ok/owner-as-id", plain, with("asset.owner", 1)),
		fault("assets.create.ok/title-in-lower-case", whole, with("asset.title", "sample asset")),
		fault("assets.create.ok/description-null", whole, with("asset.description", nil)),
		fault("assets.create.ok/created_date-in-microseconds", plain, dated("asset.created_date", microTimes)),
		fault("assets.create.ok/modification_date-null", plain, with("asset.modification_date", nil)),
		fault("assets.create.ok.effect/title-in-lower-case-too", always, forgets(lowerTitle)),
		fault("assets.create.ok-article/status-201", article, coded(201)),
		fault("assets.create.ok-article/answered-as-placeholder", article, with("asset.media_type", "placeholder")),
		fault("assets.create.ok-article/tags-lost", article, empty("asset.tags")),
		fault("assets.create.ok-article/status-draft", article, with("asset.status", "draft")),
		fault("assets.create.ok-article/category-as-sent", article, asSent("asset.category", "category", same)),
		fault("assets.create.ok-article.effect/kept-as-placeholder", always, forgets(placeholder)),
		fault("assets.create.any-script.effect/title-in-ascii", ok, ascii("asset.title")),
		fault("assets.create.any-script.effect/description-on-one-line", ok, textual("asset.description", onOneLine)),
		fault("assets.create.any-script.effect/article-in-ascii", all(ok, sends("media_type", aString)), ascii("asset.title")),
		fault("assets.create.any-script.effect/kept-in-ascii", always, keepsAssets(texts(inASCII))),
		fault("assets.create.any-script.effect/kept-without-emoji", always, keepsAssets(texts(inBMP))),
		fault("assets.create.any-script.effect/answered-as-sent-and-kept-in-ascii", always, forgets(texts(inASCII))),
		fault("assets.create.any-script.effect/kept-escaped", always, forgets(texts(escaped))),
		fault("assets.create.not-deleted.effect/false", ok, with("asset.deleted", false)),
		fault("assets.create.lower-case.effect/first-letters-only", all(ok, sends("category", aString)), asSent("asset.category", "category", lowered)),
	})

func prefixedExternalID(_ context.Context, _, a reference.Asset) reference.Asset {
	if a.ExternalID != nil {
		prefixed := "api-" + *a.ExternalID
		a.ExternalID = &prefixed
	}
	return a
}

func placeholder(_ context.Context, _, a reference.Asset) reference.Asset {
	a.MediaType = "placeholder"
	return a
}
