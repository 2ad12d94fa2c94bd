package fault

import (
	"context"
	"slices"

	"github.com/pocketcheck/pocketcheck/reference"
)

const tooLong = "Title is too long (maximum is 255 characters)"

// updated is the answer to an update of all parameters, as the example has it.
var updated = all(ok, sends("title", aString), sends("description", aString),
	sends("category", aString), sends("tags", aList), sends("external_id", aString))

// assetUpdate is the faults of "Update asset".
var assetUpdate = slices.Concat(
	assetLeaves("assets.update.ok", ok),
	textParameter("assets.update", "title"), textParameter("assets.update", "description"),
	textParameter("assets.update", "category"), textParameter("assets.update", "external_id"),
	tagsParameter("assets.update"),
	[]Variant{
		fault("assets.update.param-title/required", lacks("title"), refusing(422, "Missing parameter title")),
		fault("assets.update.param-description/wanted-with-tags", all(lacks("description"), sends("tags", aList), sends("title", aString)), refusing(422, "Missing parameter description")),
		fault("assets.update.param-category/wanted-with-tags", all(lacks("category"), sends("tags", aList)), refusing(422, "Missing parameter category")),
		fault("assets.update.param-tags/wanted-with-category", all(lacks("tags"), sends("category", aString)), refusing(422, "Missing parameter tags")),
		fault("assets.update.param-external_id/wanted-with-tags", all(lacks("external_id"), sends("tags", aList), sends("title", aString)), refusing(422, "Missing parameter external_id")),

		fault("assets.update.ok/status-202", updated, coded(202)),
		fault("assets.update.ok/another-id", ok, with("asset.id", "rSkRlq2Aiw4wJvjvlqSm")),
		fault("assets.update.ok/category-as-sent", ok, asSent("asset.category", "category", same)),
		fault("assets.update.ok/tags-as-sent", updated, edit(tagsAsSent)),
		fault("assets.update.ok/one-tag-lost", updated, with("asset.tags", []any{"test", "tags"})),
		fault("assets.update.ok/tags-added", updated, with("asset.tags", []any{"test", "tag", "test", "tags", "here"})),
		fault("assets.update.ok/old-title", updated, with("asset.title", "Sample Asset")),
		fault("assets.update.ok/old-description", updated, with("asset.description", "Sample asset description.")),
		fault("assets.update.ok/external_id-null", updated, with("asset.external_id", nil)),
		fault("assets.update.ok/status-modified", ok, with("asset.status", "modified")),
		fault("assets.update.ok/media_type-image", ok, with("asset.media_type", "image")),
		fault("assets.update.ok/ai_tags-null", ok, with("asset.ai_tags", nil)),
		fault("assets.update.ok/modification_date-without-milliseconds", ok, dated("asset.modification_date", noMillis)),
		fault("assets.update.ok/created_date-with-space", ok, dated("asset.created_date", withSpace)),
		fault("assets.update.ok.effect/category-not-kept", always, forgets(oldCategory)),
		fault("assets.update.ok.effect/tags-not-kept", always, forgets(oldTags)),
		fault("assets.update.ok.effect/external_id-not-kept", always, forgets(oldExternalID)),
		fault("assets.update.ok.effect/nothing-kept", always, forgets(nothing)),
		fault("assets.update.ok.effect/title-not-kept", always, forgets(oldTitle)),
		fault("assets.update.ok.effect/read-from-a-cache", always, stores(keepsReadAssets)),
		fault("assets.update.title-too-long/limit-256", sends("title", length(256, 256)), passing(textual("title", cut))),
		fault("assets.update.title-too-long/limit-257", sends("title", length(256, 257)), passing(textual("title", cut))),
		fault("assets.update.title-too-long/cut-silently", sends("title", length(256, 1000)), passing(textual("title", cut))),
		fault("assets.update.title-too-long/cut-silently-over-270", sends("title", length(271, 1000)), passing(textual("title", cut))),
		fault("assets.update.title-too-long/limit-254", sends("title", length(255, 255)), refusing(400, tooLong)),
		fault("assets.update.title-too-long/bytes-counted", sends("title", heavier(255)), refusing(400, tooLong)),
		fault("assets.update.title-too-long/full-stop", says(tooLong), reworded("error")),
		fault("assets.update.title-too-long/other-number", says(tooLong), with("error", "Title is too long (maximum is 256 characters)")),
		fault("assets.update.title-too-long/status-422", says(tooLong), coded(422)),
		fault("assets.update.title-too-long.effect/refused-and-cut", sends("title", length(256, 1000)), passing(textual("title", cut)), refusing(400, tooLong)),
		fault("assets.update.only-it.effect/the-newest-too", always, stores(updatesTheNewestToo)),
		fault("assets.update.any-script.effect/title-in-ascii", ok, ascii("asset.title")),
		fault("assets.update.any-script.effect/description-on-one-line", ok, textual("asset.description", onOneLine)),
		fault("assets.update.any-script.effect/kept-in-ascii", always, keepsAssets(texts(inASCII))),
		fault("assets.update.any-script.effect/kept-without-emoji", always, forgets(texts(inBMP))),
		fault("assets.update.any-script.effect/kept-escaped", always, forgets(texts(escaped))),
		fault("assets.update.err-401.effect/refused-and-done", all(noKey, ok), stores(noKeyIsAGuest), unauthorized),
		fault("assets.update.not-deleted.effect/false", ok, with("asset.deleted", false)),
		fault("assets.update.partial.effect/title-null", all(ok, lacks("title")), with("asset.title", nil)),
		fault("assets.update.partial.effect/description-null", all(ok, lacks("description")), with("asset.description", nil)),
		fault("assets.update.partial.effect/tags-null", all(ok, lacks("tags")), with("asset.tags", nil)),
		fault("assets.update.partial-read.effect/kept-without-description", always, forgets(descriptionLost)),
		fault("assets.update.kept.effect/comments-lost", always, besides(losesComments)),
		fault("assets.update.kept-project.effect/taken-out", always, forgets(projectLost)),
		fault("assets.update.lower-case.effect/first-letters-only", all(ok, sends("category", aString)), asSent("asset.category", "category", lowered)),
		fault("assets.update.lower-case.effect/first-word-of-a-tag", all(ok, sends("tags", aList)), textual("asset.tags.*", secondWordUp)),
	})

func cut(text string) string { return string([]rune(text)[:255]) }

func tagsAsSent(x *exchange, body any) any {
	return with("asset.tags", member(x.sent.json(), "tags"))(x, body)
}

func oldCategory(_ context.Context, old, a reference.Asset) reference.Asset {
	a.Category = old.Category
	return a
}

func oldTags(_ context.Context, old, a reference.Asset) reference.Asset {
	a.Tags = old.Tags
	return a
}

func oldExternalID(_ context.Context, old, a reference.Asset) reference.Asset {
	a.ExternalID = old.ExternalID
	return a
}

func oldTitle(_ context.Context, old, a reference.Asset) reference.Asset {
	a.Title = old.Title
	return a
}
