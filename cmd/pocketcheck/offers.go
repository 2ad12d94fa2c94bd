package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures"
)

// saying is what is known of a provider state.
type saying struct{ grade, text string }

// states tells which provider states the target offers.
func (d *doctor) states(ctx context.Context) (offered map[string]bool) {
	said, open := map[string]saying{}, []string{}
	for _, state := range providerStates() {
		if grade, text := d.configured(ctx, state); text != "" {
			said[state] = saying{grade, text}
		} else {
			open = append(open, state)
		}
	}
	maps.Copy(said, d.statesURL(ctx, open))
	offered = map[string]bool{}
	for _, state := range providerStates() {
		of, isKnown := said[state]
		if state == "another user's comment" && of.grade != "ok" && offered["another user"] {
			of, isKnown = saying{"ok", "posted by another user"}, true
		}
		offered[state] = of.grade == "ok"
		if isKnown {
			d.note(of.grade, "state", state+": "+of.text)
		}
	}
	return offered
}

// providerStates are those that facts need, and the one that another is made
// with, before it.
func providerStates() []string {
	seen := map[string]bool{"another user": true}
	for _, f := range fixtures.Facts() {
		for _, need := range f.Needs {
			seen[need] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// configured tells how a state is configured, which a run takes first; no text where it
// is not.
func (d *doctor) configured(ctx context.Context, state string) (grade, text string) {
	v := d.target.Values
	keys := map[string]pocketcheck.Key{
		"another user": v.OtherKey, "a caller without ACTIONS_VIEW": v.NoActionsViewKey, "a caller without ACTIONS_START": v.NoActionsStartKey,
	}
	switch {
	case !keys[state].IsZero():
		return d.otherKey(ctx, keys[state])
	case state == "a DAG action" && v.DAGActionID != "":
		return d.action(ctx)
	case state == "a project" && len(v.ProjectIDs) > 1:
		return "ok", "configured"
	case state == "a project" && len(v.ProjectIDs) == 1 && d.target.StatesURL == "":
		return "ok", "configured; with a second project_id all of its facts can be checked"
	}
	return "", ""
}

// action looks whether the configured DAG action is listed, where the values name an
// asset: the document has a list of them for an asset alone.
func (d *doctor) action(ctx context.Context) (grade, text string) {
	v := d.target.Values
	if v.AssetID == "" {
		return "ok", "configured"
	}
	const list = "GET /api/v2/assets/:asset_id/dag_actions"
	r, err := d.askFor(ctx, d.target.Key, list, pathOf(list, v.AssetID))
	if err != nil {
		return "warn", err.Error()
	}
	type action struct {
		ID json.RawMessage `json:"id"` // a number or a text
	}
	var body struct {
		Actions []action `json:"dag_actions"`
	}
	isIt := func(a action) bool { return strings.Trim(string(a.ID), `"`) == v.DAGActionID }
	switch err := json.Unmarshal(r.Answer, &body); {
	case r.Status != http.StatusOK || err != nil:
		return "ok", "configured"
	case !slices.ContainsFunc(body.Actions, isIt):
		return "warn", "configured, but the target does not list it; name one that is there"
	}
	return "ok", "configured, and listed"
}

func (d *doctor) otherKey(ctx context.Context, key pocketcheck.Key) (grade, text string) {
	r, err := d.ask(ctx, key)
	switch {
	case err != nil:
		return "warn", err.Error()
	case r.Status == http.StatusUnauthorized:
		return "warn", "configured, but its key is refused"
	}
	return "ok", "configured, and its key is accepted"
}

// facts tells how many facts can be checked with what is offered, and why the
// others can't.
func (d *doctor) facts(offered map[string]bool) {
	testable, without := 0, map[string]int{}
	for _, f := range fixtures.Facts() {
		if f.Untestable != "" {
			continue
		}
		testable++
		missing := slices.DeleteFunc(slices.Clone(f.Needs), func(state string) bool { return offered[state] })
		if len(missing) > 0 {
			without[strings.Join(missing, " and ")]++
		}
	}
	states := slices.SortedFunc(maps.Keys(without), func(a, b string) int {
		return cmp.Or(cmp.Compare(without[b], without[a]), cmp.Compare(a, b))
	})
	grade, can := "ok", testable
	var reasons []string
	for _, state := range states {
		grade = "warn"
		can -= without[state]
		reasons = append(reasons, fmt.Sprintf("%d not, for lack of %s", without[state], state))
	}
	d.note(grade, "facts", append([]string{fmt.Sprintf("%d of %d testable facts can be checked", can, testable)}, reasons...)...)
}
