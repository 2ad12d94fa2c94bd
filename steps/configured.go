package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// misnamed blames no fact for what the configuration names and the target does not
// know. Of any other failure it says what the scenario had from there, or from provider
// states.
func (w *world) misnamed(ctx context.Context, err error) error {
	if id := w.unknownProject(); id != "" {
		return &notSetUp{stateProject, fmt.Errorf("the target answers %q for %q, of the value project_ids; name one that is there", noProject, id)}
	}
	if _, isBroken := errors.AsType[*broken](err); !isBroken {
		return err
	}
	if id := w.unknownAction(ctx); id != "" {
		return &notSetUp{stateDAGAction, fmt.Errorf("the target neither lists nor starts %q, the value dag_action_id; name one that is there", id)}
	}
	for _, value := range w.configured() {
		err = fmt.Errorf("%w; with %s of the configuration", err, value)
	}
	for _, value := range w.provided {
		err = fmt.Errorf("%w; with %s", err, value)
	}
	return err
}

// configured says which values of the configuration the scenario used.
func (w *world) configured() (all []string) {
	values := w.session.states.values
	for _, of := range []struct{ known, state, value string }{
		{"DAG action id", stateDAGAction, "dag_action_id"}, {"project id", stateProject, "project_ids"}, {"other project id", stateProject, "project_ids"},
	} {
		if id := w.known[of.known].Text; slices.Contains(values[of.state], id) {
			all = append(all, fmt.Sprintf("%q, of the value %s", id, of.value))
		}
	}
	for _, of := range []struct{ state, value string }{
		{stateUser, "other_api_key"}, {stateNoView, "no_actions_view_api_key"}, {stateNoStart, "no_actions_start_api_key"},
	} {
		isSent := func(e *wire.Exchange) bool { return slices.Contains(values[of.state], e.Key.Key.Reveal()) }
		if slices.ContainsFunc(w.trace.exchanges, isSent) {
			all = append(all, "the value "+of.value)
		}
	}
	return all
}

// noProject is what the document has for a project that is not there.
const noProject = "Project not found."

// unknownProject gives a configured project that the target said not to know, also where
// nothing came of that.
func (w *world) unknownProject() string {
	for _, e := range w.trace.exchanges {
		id := projectOf(e)
		if body, isJSON := e.JSON(); isJSON && e.Status == http.StatusOK && body.Get("error").Str == noProject &&
			slices.Contains(w.session.states.values[stateProject], id) {
			return id
		}
	}
	return ""
}

// projectOf is the project that a request assigns an asset to.
func projectOf(e *wire.Exchange) string {
	if e.Operation != "project.assign" {
		return ""
	}
	body, _ := (&wire.Exchange{Answer: []byte(e.Body.String())}).JSON()
	return body.Get("to_project_id").Str
}

// unknownAction gives the configured DAG action where the target neither lists it nor
// starts it, on the asset of the scenario.
func (w *world) unknownAction(ctx context.Context) string {
	configured := w.session.states.values[stateDAGAction]
	used := w.known["DAG action id"].Text
	if w.known[anAssetID.name].Text == "" || !slices.Contains(configured, used) {
		return ""
	}
	own := w.session.callerNamed(ownKey)
	w.trace.paused = true
	defer func() { w.trace.paused = false }()
	list, err := w.perform(ctx, operationNamed("dag_actions.list"), request{by: own})
	if err != nil || list.exchange.Status != http.StatusOK || has(list.exchange, "dag_actions", used) {
		return ""
	}
	start, err := w.perform(ctx, operationNamed("dag_actions.start"), request{by: own, last: used})
	if err != nil || start.exchange.Status != http.StatusNotFound {
		return ""
	}
	return used
}
