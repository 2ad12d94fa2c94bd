package main

import "path"

// indistinct is a kind of pair of which the second fault can't be told: what would
// show it is gone with the first, or is the same. A pair of the kind that a run
// tells all the same is an error, as is one that is masked and of no kind.
type indistinct struct {
	because    string   // no document tells the second
	known, new []string // the names of faults, with globs
}

// indistincts are all kinds of them.
var indistincts = []indistinct{
	{
		"what is not there is answered so in every case, also where it was deleted",
		[]string{"*/unknown-asset-200", "*/error-as-message"},
		[]string{"*.deleted-asset.effect/answered-200"},
	},
	{
		"what is done for a caller without a key, though refused, is done for one who is not refused",
		[]string{"*.err-401.effect/refused-and-done"},
		[]string{"*.err-401/no-key-accepted"},
	},
	{
		"a caller without a good key is no owner, and so is refused with the same 401",
		[]string{"comments.*.not-owner/status-401"},
		[]string{"comments.*.err-401/*"},
	},
	{
		"who is no owner is not refused, so nothing is done in spite of a refusal",
		[]string{"comments.*.not-owner/owner-not-checked"},
		[]string{"comments.*.not-owner.effect/*"},
	},
	{
		"in a list that is empty, elsewhere, or without ids, no comment is found",
		[]string{"comments.list.ok/empty", "comments.list.ok/bare-array", "comments.list.ok/without-id"},
		[]string{"comments.list.other-*.effect/*", "comments.list.any-script.effect/*", "comments.list.several.effect/*"},
	},
	{
		"in a list that is elsewhere no comment is found",
		[]string{"comments.list.ok/under-data"},
		[]string{"comments.list.other-*.effect/*", "comments.list.several.effect/*"},
	},
	{
		"in a list with ids of another type no comment is found",
		[]string{"comments.list.ok/id-as-string"},
		[]string{"comments.list.any-script.effect/*", "comments.list.several.effect/*"},
	},
	{
		"of texts that are missing or cut it is not known what they were",
		[]string{"comments.list.ok/without-message", "comments.list.ok/message-cut"},
		[]string{"comments.list.several.effect/same-message"},
	},
	{
		"of texts that are cut it is not known what they were",
		[]string{"comments.list.ok/message-cut"},
		[]string{"comments.list.any-script.effect/*"},
	},
	{
		"what has no id can't be asked for",
		[]string{"comments.create.ok/without-id"},
		[]string{"comments.create.ok.effect/*", "comments.create.any-script.effect/answered-as-sent-*"},
	},
	{
		"an answer whose text is always the same shows no script",
		[]string{"comments.create.ok/message-in-capitals"},
		[]string{"comments.create.any-script.effect/ascii-column", "comments.create.any-script.effect/answered-on-one-line"},
	},
	{
		"an answer whose text is always the same shows no script",
		[]string{"comments.update.ok/old-message"},
		[]string{"comments.update.any-script.effect/ascii-column", "comments.update.any-script.effect/answered-escaped"},
	},
	{
		"what is never kept is kept in no other way, and by nobody else",
		[]string{"comments.create.ok.effect/not-kept", "comments.update.ok.effect/not-kept"},
		[]string{
			"comments.*.any-script.effect/answered-as-sent-*", "comments.*.err-401.effect/*",
			"comments.update.not-owner.effect/*", "comments.update.only-it.effect/*", "comments.update.listed.effect/*",
		},
	},
	{
		"what is not deleted, or only marked, is not deleted in any other way, nor for anybody else",
		[]string{"comments.delete.ok.effect/not-deleted", "assets.delete.ok.effect/*"},
		[]string{
			"comments.delete.not-owner.effect/*",
			"*.only-it.effect/*",
			"*.err-401.effect/*",
			"assets.delete.deleted-asset.effect/*",
		},
	},
	{
		"what is never kept, moved or restored is not so for anybody else, or after a refusal",
		[]string{
			"trash.move.ok.effect/not-moved",
			"trash.restore.ok.effect/not-restored",
			"trash.restore.not-in-trash/anything-restored",
		},
		[]string{"trash.*.err-401.effect/*"},
	},
	{
		"a second restore that succeeds shows nothing of the first",
		[]string{"trash.restore.not-in-trash/anything-restored"},
		[]string{"trash.restore.ok.effect/not-restored"},
	},
	{
		"what is never assigned is not taken away, nor assigned in spite of a refusal",
		[]string{"project.assign.ok.effect/not-assigned"},
		[]string{"project.assign.already-has-parent.effect/*", "project.assign.project-not-found.effect/*"},
	},
	{
		"what is answered as a refusal need not have been done",
		[]string{"project.assign.already-has-parent/status-409"},
		[]string{"project.assign.already-has-parent.effect/*"},
	},
	{
		"what is answered as a refusal need not have been done, nor show the asset",
		[]string{"media.remove.ok/status-400"},
		[]string{"media.remove.any-script.effect/*", "media.remove.emptied.effect/*"},
	},
	{
		"what is refused for its parameters, whether the asset is there or not, is so after a delete, too",
		[]string{"project.assign.asset-not-found/parameters-first"},
		[]string{"project.assign.deleted-asset.effect/*"},
	},
	{
		"an unassign that always succeeds shows nothing of the first",
		[]string{"project.unassign.no-parent/ok"},
		[]string{"project.unassign.ok.effect/*"},
	},
	{
		"the document has no answer with 200 to an unknown id, and so does not say what may be in it",
		[]string{"comments.get.comment-not-found/null-200", "media.download_url.media-not-found/null-200"},
		[]string{"*.other-asset.effect/any-asset"},
	},
	{
		"a text of another type shows no script",
		[]string{"comments.get.ok/message-as-array"},
		[]string{"comments.get.any-script.effect/*"},
	},
	{
		"in a list that is empty, elsewhere, or without ids, nothing is found",
		[]string{
			"dag_runs.list.ok/empty",
			"dag_runs.list.ok/without-id",
			"collections.list.ok/empty",
			"collections.list.ok/bare-array",
		},
		[]string{"*.other-asset.effect/of-all-assets"},
	},
	{
		"a list that never comes, or is elsewhere, shows no media",
		[]string{"media.list.ok/status-204", "media.list.ok/bare-array"},
		[]string{"media.list.some.effect/*"},
	},
	{
		"in a history that is empty nothing is found",
		[]string{"history.get.ok/empty", "history.get.ok/same-empty-page-for-ever"},
		[]string{"history.get.other-asset.effect/of-all-assets", "history.get.any-script.effect/*"},
	},
	{
		"a page that comes for ever is that, empty or not",
		[]string{"history.get.ok/same-empty-page-for-ever"},
		[]string{"history.get.other-asset.effect/same-page-for-ever"},
	},
	{
		"without a cursor nobody comes to the next page",
		[]string{"history.get.ok/next_cursor-left-out"},
		[]string{"history.get.other-asset.effect/of-all-assets"},
	},
	{
		"without its type and targets an event is not found to be the asset's",
		[]string{
			"history.get.ok/no-targets",
			"history.get.ok/one-target-no-array",
			"history.get.ok/without-target_type",
			"history.get.ok/target_type-in-lower-case",
			"history.get.ok/elasticsearch_id-is-the-number",
		},
		[]string{"history.get.other-asset.effect/of-all-assets", "history.get.any-script.effect/*"},
	},
	{
		"of an event without its type, its asset's id or a title the title is not known",
		[]string{
			"history.get.ok/without-event_type",
			"history.get.ok/event_type-in-lower-case",
			"history.get.ok/another-event_type",
			"history.get.ok/without-elasticsearch_id",
			"history.get.ok/title-null",
		},
		[]string{"history.get.any-script.effect/*"},
	},
	{
		"of a text that is cut it is not known what it was",
		[]string{"assets.get.ok/description-cut"},
		[]string{"assets.get.any-script.effect/description-in-ascii"},
	},
	{
		"of tags that are lost, added or kept as sent it is not known how they were changed",
		[]string{"assets.update.ok/tags-as-sent", "assets.update.ok/one-tag-lost", "assets.update.ok/tags-added"},
		[]string{"assets.update.lower-case.effect/first-word-of-a-tag"},
	},
	{
		"what is never kept is kept in no other way, and by nobody else",
		[]string{"assets.update.ok.effect/nothing-kept"},
		[]string{
			"assets.update.title-too-long.effect/*",
			"assets.update.only-it.effect/*",
			"assets.update.any-script.effect/kept-without-emoji",
			"assets.update.any-script.effect/kept-escaped",
			"assets.update.err-401.effect/*",
		},
	},
	{
		"a title that is never kept is not kept in spite of a refusal",
		[]string{"assets.update.ok.effect/title-not-kept"},
		[]string{"assets.update.title-too-long.effect/*"},
	},
	{
		"what has no id can't be asked for",
		[]string{"assets.create.ok/without-id", "assets.create.ok/bare-asset"},
		[]string{"assets.create.any-script.effect/answered-as-sent-*", "assets.create.any-script.effect/kept-escaped"},
	},
	{
		"what has no id can't be asked for, and an answer elsewhere is not looked into",
		[]string{"assets.create.ok/bare-asset"},
		[]string{"assets.create.any-script.effect/kept-*"},
	},
	{
		"what has no id can't be asked for",
		[]string{"assets.create.ok-article/without-id"},
		[]string{"assets.create.ok-article.effect/*"},
	},
	{
		"an answer whose text is always the same shows no script",
		[]string{"assets.create.ok/title-in-lower-case"},
		[]string{"assets.create.any-script.effect/title-in-ascii", "assets.create.any-script.effect/article-in-ascii"},
	},
	{
		"an answer without a text shows no script",
		[]string{"assets.create.ok/description-null"},
		[]string{"assets.create.any-script.effect/description-on-one-line"},
	},
}

// whyIndistinct gives the reason why no document tells the second fault of a pair;
// "" where it is to be told.
func whyIndistinct(p *pair) string {
	for _, i := range indistincts {
		if named(i.known, p.Known) && named(i.new, p.New) {
			return i.because
		}
	}
	return ""
}

func named(patterns []string, name string) bool {
	for _, pattern := range patterns {
		if ok, err := path.Match(pattern, name); err == nil && ok {
			return true
		}
	}
	return false
}
