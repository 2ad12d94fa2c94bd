package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// statesURL asks the states URL for states, and gives what it says of each. What is
// wrong with all of them is said once, and of none of them.
func (d *doctor) statesURL(ctx context.Context, states []string) map[string]saying {
	said := map[string]saying{}
	var replies []*reply
	for _, state := range states {
		said[state] = saying{"warn", "not offered"}
		if d.target.StatesURL == "" {
			continue
		}
		r, err := d.tearDown(ctx, state)
		if err != nil {
			d.note("fail", "states URL", err.Error()+wire.Via(d.target.StatesURL))
			return nil
		}
		replies, said[state] = append(replies, r), offered(r)
	}
	if len(replies) > 0 && d.statesUnusable(replies) {
		return nil
	}
	return said
}

// tearDown asks the states URL in the one way that leaves everything as it is.
func (d *doctor) tearDown(ctx context.Context, state string) (*reply, error) {
	body, _ := json.Marshal(map[string]any{ // texts always encode
		"state": state, "params": map[string]string{}, "action": "teardown",
	})
	for try := 0; ; try++ { // to take a state down twice does no harm
		e := &wire.Exchange{Method: http.MethodPost, URL: wire.Literal(d.target.StatesURL), Body: wire.Literal(string(body)), States: true}
		r, err := d.send(ctx, e)
		if err == nil || !e.Sent || try == 2 || !wire.Sleep(ctx, wire.Pause(try)) {
			return r, err
		}
	}
}

// statesUnusable tells of a states URL that answers as none would, whatever it is asked
// for, and warns of one that offers nothing.
func (d *doctor) statesUnusable(replies []*reply) bool {
	all := func(is func(*reply) bool) bool {
		return !slices.ContainsFunc(replies, func(r *reply) bool { return !is(r) })
	}
	one := replies[0]
	switch {
	case all(func(r *reply) bool { return r.Unusable() != "" }):
		d.note("fail", "states URL", fmt.Sprintf("to each of %d states it %s", len(replies), one.Unusable()))
		return true
	case all(func(r *reply) bool { return r.NotOffered() }):
		says := one.StatusLine()
		if one.IsPage() {
			says += " by a page in HTML"
		}
		d.note("warn", "states URL", fmt.Sprintf("it offers none of %d states, but answers %s; is its address right?", len(replies), says))
	}
	return false
}

// offered tells what a states URL says of a state.
func offered(r *reply) saying {
	switch why := r.Unusable(); {
	case r.NotOffered():
		return saying{"warn", "not offered"}
	case why != "":
		return saying{"warn", "unclear: the states URL " + why}
	}
	return saying{"ok", "offered by the states URL"}
}
