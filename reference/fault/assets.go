package fault

import (
	"net/http"
	"slices"
)

// assets is the faults of what reads and deletes an asset.
var assets = slices.Concat(
	assetLeaves("assets.get.ok", ok),
	[]Variant{
		fault("assets.get.ok/status-203", ok, coded(203)),
		fault("assets.get.ok/bare-asset", ok, edit(func(_ *exchange, b any) any { return member(b, "asset") })),
		fault("assets.get.ok/another-id", ok, with("asset.id", "rSkRlq2Aiw4wJvjvlqSm")),
		fault("assets.get.ok/id-is-a-number", ok, with("asset.id", 25)),
		fault("assets.get.ok/external_id-as-number", ok, with("asset.external_id", 0)),
		fault("assets.get.ok/owner-as-object", ok, with("asset.owner", map[string]any{"id": 1})),
		fault("assets.get.ok/tags-joined", ok, with("asset.tags", "test,tag")),
		fault("assets.get.ok/one-tag-lost", ok, with("asset.tags", []any{"test"})),
		fault("assets.get.ok/tags-as-objects", ok, altering("asset.tags.*", func(v any) any { return map[string]any{"name": v} })),
		fault("assets.get.ok/ai_tags-null", ok, with("asset.ai_tags", nil)),
		fault("assets.get.ok/ai_tags-as-objects", ok, with("asset.ai_tags", []any{map[string]any{"name": "test"}})),
		fault("assets.get.ok/status-active", ok, with("asset.status", "active")),
		fault("assets.get.ok/status-in-capitals", ok, with("asset.status", "OPEN")),
		fault("assets.get.ok/media_type-null", ok, with("asset.media_type", nil)),
		fault("assets.get.ok/original_filename-as-array", ok, with("asset.original_filename", []any{})),
		fault("assets.get.ok/md5_sum-as-number", ok, with("asset.md5_sum", 0)),
		fault("assets.get.ok/category-capitalised", ok, textual("asset.category", capitalised)),
		fault("assets.get.ok/description-cut", ok, textual("asset.description", func(s string) string { return s[:6] })),
		fault("assets.get.ok/created_date-without-milliseconds", ok, dated("asset.created_date", noMillis)),
		fault("assets.get.ok/modification_date-with-offset", ok, dated("asset.modification_date", withOffset)),
		fault("assets.get.any-script.effect/title-in-ascii", ok, ascii("asset.title")),
		fault("assets.get.any-script.effect/description-in-ascii", ok, ascii("asset.description")),
		fault("assets.get.any-script.effect/no-emoji", ok, textual("asset.title", inBMP)),
		fault("assets.get.not-deleted.effect/false", ok, with("asset.deleted", false)),
		fault("assets.get.not-deleted.effect/a-date", ok, altering("asset", func(v any) any { return with("deleted", member(v, "modification_date"))(nil, v) })),

		fault("assets.delete.ok/status-204", ok, answering(204, "")),
		fault("assets.delete.ok/status-202", ok, coded(202)),
		fault("assets.delete.ok/asset-deleted", ok, with("ok", "asset deleted")),
		fault("assets.delete.ok/true", ok, with("ok", true)),
		fault("assets.delete.ok.effect/not-deleted", always, stores(keepsDeletedAssets)),
		fault("assets.delete.ok.effect/only-into-the-trash-bin", always, stores(trashesDeletedAssets)),
		fault("assets.delete.ok.effect/read-from-a-cache", always, answersAgain("assets.get", refusedWith(http.StatusNotFound))),
		fault("assets.delete.only-it.effect/the-newest-too", always, stores(deletesTheNewestToo)),
		fault("assets.delete.err-401.effect/refused-and-done", all(noKey, ok), stores(noKeyIsAGuest), unauthorized),
		fault("assets.delete.only-it-comments.effect/of-the-newest-too", always, toTheNewest(losesItsComments)),
		fault("assets.delete.only-it-project.effect/project-emptied", always, toTheNewest(stored(outOfProject))),
		fault("file_metadata.get.existing.effect/fails-without-a-file", ok, coded(500)),
	})

// assetLeaves leaves out each member of an asset in turn.
func assetLeaves(fact string, when when) []Variant {
	var faults []Variant
	for _, leaf := range []string{
		"id", "external_id", "parent_id", "project_id", "owner", "title", "description", "category", "tags",
		"ai_tags", "status", "media_type", "original_filename", "drop_folder_id", "md5_sum", "created_date",
		"modification_date", "deleted",
	} {
		faults = append(faults, fault(fact+"/without-"+leaf, when, without("asset."+leaf)))
	}
	return faults
}
