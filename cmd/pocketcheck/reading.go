package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/report"
)

// reading tells what a run will find that only reads: the things that the values name,
// and which facts can be checked on them. Neither is the states URL asked by one.
func (d *doctor) reading(ctx context.Context, first *reply) {
	v, asset := d.target.Values, unknownID
	if d.named(ctx, "asset", "asset_id", getAsset, v.AssetID) {
		asset = v.AssetID
	}
	d.named(ctx, "comment", "comment_id", "GET /api/v2/assets/:asset_id/comments/:comment_id", v.CommentID)
	d.named(ctx, "media file", "media_id", "GET /api/v2/assets/:asset_id/media/:media_id/download_url", v.MediaID)
	d.endpoints(ctx, first, asset)
	for _, state := range providerStates() {
		if grade, text := d.configured(ctx, state); text != "" {
			d.note(grade, "state", state+": "+text)
		}
	}
	d.readableFacts(ctx)
}

// named asks for what a value names. Where that is not there, a run comes to no verdict.
func (d *doctor) named(ctx context.Context, what, value, endpoint, id string) (isThere bool) {
	if id == "" {
		d.note("warn", what, fmt.Sprintf("the value %s names none", value))
		return false
	}
	path := strings.NewReplacer(":comment_id", id, ":media_id", id).Replace(endpoint)
	r, err := d.askFor(ctx, d.target.Key, endpoint, pathOf(path, d.target.Values.AssetID))
	switch {
	case err != nil:
		d.note("warn", what, err.Error())
	case r.Status == http.StatusNotFound:
		d.note("fail", what, fmt.Sprintf("404 for the value %s; name one that is there", value))
	case r.Status != http.StatusOK:
		d.note("warn", what, fmt.Sprintf("%s for the value %s", r.StatusLine(), value))
	default:
		d.note("ok", what, fmt.Sprintf("the value %s names one that is there", value))
		return true
	}
	return false
}

// readableFacts tells how many facts can be checked with what the values name, as it
// is seen on the reference with values of the same kinds: what a scenario takes, it
// says itself.
func (d *doctor) readableFacts(ctx context.Context) {
	like, err := resembling(ctx, d.target.Values)
	var r *report.Report
	if err == nil {
		r, err = pocketcheck.Run(ctx, like, pocketcheck.Options{ReadOnly: true, Settle: -1})
	}
	if err != nil {
		d.note("warn", "facts", "how many can be checked is not known: "+err.Error())
		return
	}
	d.requests = 0
	can, without, seen := 0, map[string]int{}, map[string]bool{}
	for _, f := range r.Facts {
		switch f.Outcome {
		case report.Untestable:
		case report.Deselected:
			without[strings.TrimPrefix(f.Reason, "read only: ")]++
		default:
			can++
		}
		for _, s := range f.Scenarios {
			if !seen[s.ID] {
				seen[s.ID] = true
				d.requests += len(s.Exchanges)
			}
		}
	}
	reasons := slices.SortedFunc(maps.Keys(without), func(a, b string) int {
		return cmp.Or(cmp.Compare(without[b], without[a]), cmp.Compare(a, b))
	})
	all, says := can, []string{""}
	for _, reason := range reasons {
		all += without[reason]
		says = append(says, fmt.Sprintf("%d not: %s", without[reason], reason))
	}
	says[0] = fmt.Sprintf("%d of %d testable facts can be checked, read only", can, all)
	d.note("warn", "facts", says...)
}

// resembling gives the embedded reference with a value where there is one.
func resembling(ctx context.Context, v pocketcheck.Values) (t pocketcheck.Target, err error) {
	if t, err = embedded(memory.New()); err != nil {
		return t, err
	}
	given := func(state, value string) string {
		values, of := map[string]string{}, map[string]string{"asset_id": t.Values.AssetID}
		if err == nil {
			values, err = t.States(ctx, state, of)
		}
		return values[value]
	}
	key := func(k pocketcheck.Key, state string) pocketcheck.Key {
		if k.IsZero() {
			return k
		}
		return pocketcheck.NewKey(given(state, "api_key"))
	}
	t.Values.OtherKey = key(v.OtherKey, "another user")
	t.Values.NoActionsViewKey = key(v.NoActionsViewKey, "a caller without ACTIONS_VIEW")
	t.Values.NoActionsStartKey = key(v.NoActionsStartKey, "a caller without ACTIONS_START")
	if v.CommentID != "" {
		t.Values.CommentID = given("another user's comment", "comment_id")
	}
	if v.MediaID != "" {
		t.Values.MediaID = given("a media file on the asset", "media_id")
	}
	if v.DAGActionID != "" {
		t.Values.DAGActionID = given("a DAG action", "dag_action_id")
	}
	return t, err
}
