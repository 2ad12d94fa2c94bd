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
	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// states tells which provider states the target offers.
func (d *doctor) states(ctx context.Context) (offered map[string]bool) {
	offered = map[string]bool{}
	for _, state := range providerStates() {
		grade, text := d.state(ctx, state, offered)
		offered[state] = grade == "ok"
		d.note(grade, "state", state+": "+text)
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

// state tells how a state is offered, and whether it is. A run takes what is
// configured first.
func (d *doctor) state(ctx context.Context, state string, offered map[string]bool) (grade, text string) {
	v := d.target.Values
	keys := map[string]pocketcheck.Key{
		"another user": v.OtherKey, "a caller without ACTIONS_VIEW": v.NoActionsViewKey, "a caller without ACTIONS_START": v.NoActionsStartKey,
	}
	switch {
	case !keys[state].IsZero():
		return d.otherKey(ctx, keys[state])
	case state == "a DAG action" && v.DAGActionID != "":
		return "ok", "configured"
	case state == "a project" && len(v.ProjectIDs) > 1:
		return "ok", "configured"
	case state == "a project" && len(v.ProjectIDs) == 1 && d.target.StatesURL == "":
		return "ok", "configured; with a second project_id all of its facts can be checked"
	}
	grade, text = "warn", "not offered"
	if d.target.StatesURL != "" {
		grade, text = d.tearDown(ctx, state)
	}
	if state == "another user's comment" && grade != "ok" && offered["another user"] {
		return "ok", "posted by another user"
	}
	return grade, text
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

// tearDown asks the states URL in the one way that leaves everything as it is.
func (d *doctor) tearDown(ctx context.Context, state string) (grade, text string) {
	body, _ := json.Marshal(map[string]any{ // texts always encode
		"state": state, "params": map[string]string{}, "action": "teardown",
	})
	r, err := d.send(ctx, &wire.Exchange{Method: http.MethodPost, URL: wire.Literal(d.target.StatesURL), Body: wire.Literal(string(body)), States: true})
	switch {
	case err != nil:
		return "fail", "the states URL: " + err.Error()
	case slices.Contains([]int{http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusNotImplemented}, r.Status):
		return "warn", "not offered"
	case r.Status < 200 || r.Status > 299:
		return "warn", "unclear: the states URL answers " + r.StatusLine() + " to its teardown"
	}
	return "ok", "offered by the states URL"
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
