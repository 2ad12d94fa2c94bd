package fault

import "encoding/json"

const (
	results = "history.results"
	target  = "history.results.*.event_targets.*.target"
)

// history is the faults of the history of an asset.
var history = []Variant{
	fault("history.get.ok/status-201", ok, coded(201)),
	fault("history.get.ok/bare-history", ok, edit(func(_ *exchange, b any) any { return member(b, "history") })),
	fault("history.get.ok/empty", ok, empty(results)),
	fault("history.get.ok/without-results", ok, without(results)),
	fault("history.get.ok/next_cursor-left-out", ok, without("history.next_cursor")),
	fault("history.get.ok/same-empty-page-for-ever", ok, empty(results), with("history.next_cursor", 1)),
	fault("history.get.ok/without-id", ok, without(results+".*.id")),
	fault("history.get.ok/id-as-string", ok, retyped(results+".*.id")),
	fault("history.get.ok/without-user_id", ok, without(results+".*.user_id")),
	fault("history.get.ok/user_id-as-string", ok, retyped(results+".*.user_id")),
	fault("history.get.ok/without-event_type", ok, without(results+".*.event_type")),
	fault("history.get.ok/event_type-in-lower-case", ok, with(results+".*.event_type", "asset_added")),
	fault("history.get.ok/another-event_type", ok, with(results+".*.event_type", "ASSET_CREATED")),
	fault("history.get.ok/without-created_at", ok, without(results+".*.created_at")),
	fault("history.get.ok/created_at-without-milliseconds", ok, dated(results+".*.created_at", noMillis)),
	fault("history.get.ok/without-updated_at", ok, without(results+".*.updated_at")),
	fault("history.get.ok/updated_at-null", ok, with(results+".*.updated_at", nil)),
	fault("history.get.ok/without-event_targets", ok, without(results+".*.event_targets")),
	fault("history.get.ok/no-targets", ok, empty(results+".*.event_targets")),
	fault("history.get.ok/one-target-no-array", ok, altering(results+".*.event_targets", firstOf)),
	fault("history.get.ok/without-target_type", ok, without(results+".*.event_targets.*.target_type")),
	fault("history.get.ok/target_type-in-lower-case", ok, with(results+".*.event_targets.*.target_type", "asset")),
	fault("history.get.ok/without-target", ok, without(target)),
	fault("history.get.ok/without-target-id", ok, without(target+".id")),
	fault("history.get.ok/target-id-as-string", ok, retyped(target+".id")),
	fault("history.get.ok/without-elasticsearch_id", ok, without(target+".elasticsearch_id")),
	fault("history.get.ok/elasticsearch_id-is-the-number", ok, edit(numberForID)),
	fault("history.get.ok/without-title", ok, without(target+".title")),
	fault("history.get.ok/title-null", ok, with(target+".title", nil)),
	fault("history.get.bad-cursor/taken-for-0", says("Invalid"), answering(200, `{"history": {"results": [], "next_cursor": null}}`)),
	fault("history.get.bad-cursor/status-400", says("Invalid"), coded(400)),
	fault("history.get.bad-cursor/without-quotes", says("Invalid"), with("error", "Invalid parameter 'cursor' value test: Invalid cursor")),
	fault("history.get.bad-cursor/full-stop", says("Invalid"), reworded("error")),
	fault("history.get.other-asset.effect/of-all-assets", ok, altering(results, withAnotherAsset)),
	fault("history.get.other-asset.effect/same-page-for-ever", ok, with("history.next_cursor", 1)),
	fault("history.get.any-script.effect/ascii-column", ok, ascii(target+".title")),
	fault("history.get.any-script.effect/no-emoji", ok, textual(target+".title", inBMP)),
}

func firstOf(v any) any {
	if all, _ := v.([]any); len(all) > 0 {
		return all[0]
	}
	return v
}

// numberForID names the asset by the id of its row.
func numberForID(_ *exchange, body any) any {
	return altering(target, func(v any) any {
		number, _ := member(v, "id").(json.Number)
		return with("elasticsearch_id", number.String())(nil, v)
	})(nil, body)
}

// withAnotherAsset adds an event that happened to another asset.
func withAnotherAsset(v any) any {
	all, _ := v.([]any)
	if len(all) == 0 {
		return v
	}
	foreign := decoded(encoded(all[0]))
	foreign = with("event_targets.*.target.elasticsearch_id", "7UhQGdm3p9MJHRBI9Ohu")(nil, foreign)
	return append(all, foreign)
}
