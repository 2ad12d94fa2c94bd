package steps

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/pocketcheck/pocketcheck/steps/match"
	"github.com/pocketcheck/pocketcheck/steps/wire"
	"github.com/tidwall/gjson"
)

// StateFunc sets up a provider state, such as "a DAG action", with its
// parameters (asset_id) and returns its values (dag_action_id). The error wraps
// [ErrStateNotOffered] where the target does not know the state.
type StateFunc func(ctx context.Context, state string, params map[string]string) (map[string]string, error)

// ErrStateNotOffered tells that a target does not offer a provider state.
var ErrStateNotOffered = errors.New("provider state not offered")

// Values are preconditions that the target's configuration gives. Each is
// optional.
type Values struct {
	OtherKey          wire.Key // of another user
	NoActionsViewKey  wire.Key // of a caller without ACTIONS_VIEW
	NoActionsStartKey wire.Key // of a caller without ACTIONS_START
	DAGActionID       string   // a DAG action that may be started
	ProjectIDs        []string // projects to assign assets to; two serve all facts

	// What a run reads that makes nothing: an asset, and a comment and a media
	// file of it.
	AssetID, CommentID, MediaID string
}

func (v Values) keys() []wire.Key {
	return []wire.Key{v.OtherKey, v.NoActionsViewKey, v.NoActionsStartKey}
}

// The provider states, under the names that they have everywhere.
const (
	stateUser       = "another user"
	stateComment    = "another user's comment"
	stateNoView     = "a caller without ACTIONS_VIEW"
	stateNoStart    = "a caller without ACTIONS_START"
	stateDAGAction  = "a DAG action"
	stateProject    = "a project"
	stateCollection = "a collection with the asset"
	stateMedia      = "a media file on the asset"
	stateFailure    = "an internal failure"
)

// provider sets states up, in the first of the three ways that offers them.
type provider struct {
	session *session
	values  map[string][]string // by state: the texts of its one value
	mu      *sync.Mutex
	asked   map[string]bool // by state that the states URL was asked for: whether it is offered
}

// valueName is the name of the value that a state gives.
var valueName = map[string]string{
	stateUser: "api_key", stateNoView: "api_key", stateNoStart: "api_key", stateFailure: "api_key",
	stateComment: "comment_id", stateDAGAction: "dag_action_id", stateProject: "project_id",
	stateCollection: "collection_id", stateMedia: "media_id",
}

func newProvider(s *session) provider {
	v := s.Values
	p := provider{session: s, values: map[string][]string{}, mu: &sync.Mutex{}, asked: map[string]bool{}}
	for state, text := range map[string]string{
		stateUser: v.OtherKey.Reveal(), stateNoView: v.NoActionsViewKey.Reveal(),
		stateNoStart: v.NoActionsStartKey.Reveal(), stateDAGAction: v.DAGActionID,
	} {
		if text != "" {
			p.values[state] = []string{text}
		}
	}
	if len(v.ProjectIDs) > 0 {
		p.values[stateProject] = v.ProjectIDs
	}
	return p
}

// setup gives the value of a state as a part: with a shell variable where a
// script can ask the states URL for it again. The nth of several values of one
// state, counted from 0, is asked for by n.
func (p provider) setup(ctx context.Context, w *world, state string, n int, asset wire.Part, variable string) (wire.Part, error) {
	if texts := p.values[state]; len(texts) > n {
		return wire.Part{Text: texts[n]}, nil
	}
	part, err := wire.Part{}, error(&unprovisioned{state})
	switch {
	case p.session.ReadOnly:
		err = unread("it takes the provider state %q, whose set-up may write", state)
	case p.session.States != nil:
		part, err = p.call(ctx, state, asset)
	case p.session.StatesURL != "":
		part, err = p.post(ctx, w, state, asset, variable)
	}
	if name := valueName[state]; err == nil && name == "api_key" {
		w.provided = append(w.provided, fmt.Sprintf("the %s of the provider state %q", name, state))
	} else if err == nil {
		w.provided = append(w.provided, fmt.Sprintf("the %s %q of the provider state %q", name, part.Text, state))
	}
	return part, err
}

func (p provider) call(ctx context.Context, state string, asset wire.Part) (wire.Part, error) {
	params := map[string]string{}
	if asset.Text != "" {
		params["asset_id"] = asset.Text
	}
	values, err := p.session.States(ctx, state, params)
	if errors.Is(err, ErrStateNotOffered) {
		return wire.Part{}, &unprovisioned{state}
	}
	if err != nil {
		return wire.Part{}, &notSetUp{state, err}
	}
	return wire.Part{Text: values[valueName[state]]}, p.check(state, values[valueName[state]])
}

// post asks the states URL. The API key is never sent there.
func (p provider) post(ctx context.Context, w *world, state string, asset wire.Part, variable string) (wire.Part, error) {
	e := p.request(state, "setup", assetParam(asset))
	_, err := w.do(ctx, e)
	isOffered := !e.NotOffered()
	p.note(state, isOffered)
	if !isOffered {
		return wire.Part{}, &unprovisioned{state}
	}
	if e.Sent { // else there is nothing to take down
		w.own.teardowns = append(w.own.teardowns, teardown{p.request(state, "teardown", assetParam(asset)), len(w.own.made)})
	}
	if err != nil {
		return wire.Part{}, &notSetUp{state, err}
	}
	if why := e.Unusable(); why != "" {
		return wire.Part{}, &notSetUp{state, errors.New("the states URL " + why)}
	}
	answer, ok := e.JSON()
	if !ok || !answer.IsObject() {
		return wire.Part{}, &notSetUp{state, fmt.Errorf("the states URL answers %s, not with a JSON object", e.StatusLine())}
	}
	name := valueName[state]
	v := answer.Get(name)
	text, isInteger := v.Str, true
	if v.Type == gjson.Number {
		text, isInteger = match.Integer(v.Raw)
	}
	if !isInteger || v.Type != gjson.String && v.Type != gjson.Number {
		return wire.Part{}, &notSetUp{state, fmt.Errorf("the states URL gives no %s, a string or an integer", name)}
	}
	e.Captures = append(e.Captures, captureOf(variable, name, v))
	given := wire.Part{Text: strings.Clone(text), Variable: variable} // without the answer around it
	if err := p.check(state, text); err != nil {
		return given, err
	}
	last := len(w.own.teardowns) - 1
	w.own.teardowns[last].Exchange = p.request(state, "teardown", append(assetParam(asset), param{name, given}))
	return given, nil
}

// note keeps what the states URL says of a state; one that is in trouble may offer it.
func (p provider) note(state string, isOffered bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked[state] = p.asked[state] || isOffered
}

// unoffered is how many states the states URL was asked for, where it offers none of
// them.
func (p provider) unoffered() int {
	for _, isOffered := range p.asked {
		if isOffered {
			return 0
		}
	}
	return len(p.asked)
}

func (p provider) check(state, text string) error {
	switch {
	case text == "":
		return &notSetUp{state, fmt.Errorf("%s is empty", valueName[state])}
	case valueName[state] != "api_key":
		if why := wire.Unfit(text); why != "" {
			return &notSetUp{state, fmt.Errorf("the %s %s", valueName[state], why)}
		}
		return nil
	case len(text) > longestKey:
		return &notSetUp{state, fmt.Errorf("the api_key has %d bytes, more than the %d that the suite sends", len(text), longestKey)}
	}
	key := wire.NewKey(text)
	p.session.redact.Add(key)
	if state == stateUser && text == p.session.Key.Reveal() {
		return &notSetUp{state, errors.New("the api_key is the target's own; give another user's")}
	}
	if err := key.Check(); err != nil {
		return &notSetUp{state, fmt.Errorf("the api_key %w", err)}
	}
	return nil
}

// param is one of a state's parameters.
type param struct {
	name  string
	value wire.Part
}

// assetParam is the one that tells of an asset, where there is one.
func assetParam(asset wire.Part) []param {
	if asset.Text == "" {
		return nil
	}
	return []param{{"asset_id", asset}}
}

func (p provider) request(state, action string, params []param) *wire.Exchange {
	name, _ := json.Marshal(state) // a string always encodes
	body := wire.Template{{Text: `{"state": ` + string(name) + `, "params": {`}}
	for i, of := range params {
		opening := `"` + of.name + `": "`
		if i > 0 {
			opening = ", " + opening
		}
		body = append(body, wire.Part{Text: opening}, of.value.InJSON(), wire.Part{Text: `"`})
	}
	body = append(body, wire.Part{Text: `}, "action": "` + action + `"}`})
	url := wire.Part{Text: p.session.StatesURL}
	if strings.Contains(url.Text, "?") {
		url.Variable = "POCKETCHECK_STATES_URL" // a query may have a token
	}
	return &wire.Exchange{Method: http.MethodPost, URL: wire.Template{url}, Body: body, States: true}
}
