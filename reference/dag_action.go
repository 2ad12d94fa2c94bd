package reference

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// What a user may be permitted to do with DAG actions.
const (
	ActionsView  = "ACTIONS_VIEW"
	ActionsStart = "ACTIONS_START"
)

type runBody struct {
	ID        int64         `json:"id"`
	Status    string        `json:"status"`
	CreatedAt timestamp     `json:"created_at"`
	DagAction DagAction     `json:"dag_action"`
	Messages  []messageBody `json:"dag_action_run_messages"`
}

type messageBody struct {
	ID        int64     `json:"id"`
	Message   string    `json:"message"`
	CreatedAt timestamp `json:"created_at"`
}

// progress is how every run goes. It is worked out from the clock whenever a
// run is read, so nothing has to run.
var progress = []struct {
	after   time.Duration
	message string
	status  string
}{
	{0, "Set in queue...", "running"},
	{time.Second, "Running...", "running"},
	{5 * time.Second, "Completed.", "completed"},
}

func bodyOfRun(run DagActionRun, action DagAction, now time.Time) runBody {
	body := runBody{ID: run.ID, CreatedAt: at(run.CreatedAt), DagAction: action}
	for i, step := range progress {
		came := run.CreatedAt.Add(step.after)
		if i > 0 && came.After(now) {
			break
		}
		id := (run.ID-1)*int64(len(progress)) + int64(i) + 1 // no two messages share one
		body.Status = step.status
		body.Messages = append(body.Messages, messageBody{id, step.message, at(came)})
	}
	return body
}

// permitted refuses a caller who lacks the permission.
func permitted(r *call, permission string) error {
	if slices.Contains(r.caller.Permissions, permission) {
		return nil
	}
	return &refusal{http.StatusForbidden, fmt.Sprintf("Permission denied. Must have %s permissions.", permission)}
}

// listDagActions answers "List DAG actions for asset": all that there are.
func (s *Server) listDagActions(r *call) (any, error) {
	if _, err := s.assetID(r); err != nil {
		return nil, err
	}
	if err := permitted(r, ActionsView); err != nil {
		return nil, err
	}
	actions, err := s.store.DagActions(r.Context())
	if err != nil {
		return nil, err
	}
	return listOf("dag_actions", actions, func(d DagAction) DagAction { return d }), nil
}

// startDagAction answers "Start an action for asset".
func (s *Server) startDagAction(r *call) (any, error) {
	id, err := s.assetID(r)
	if err != nil {
		return nil, err
	}
	if err := permitted(r, ActionsStart); err != nil {
		return nil, err
	}
	actions, err := s.store.DagActions(r.Context())
	if err != nil {
		return nil, err
	}
	text := r.PathValue("dag_action_id")
	i := slices.IndexFunc(actions, func(d DagAction) bool { return d.ID == number(text) })
	if i < 0 {
		return nil, &refusal{http.StatusNotFound, "Couldn't find DagAction with 'id'=" + text}
	}
	run := DagActionRun{AssetID: id, DagActionID: actions[i].ID, CreatedAt: s.now(), UserID: r.caller.ID}
	run, err = s.store.CreateDagActionRun(r.Context(), run, s.event(r, id, "DAG_ACTION_STARTED"))
	if err != nil {
		return nil, err
	}
	return struct {
		Run runBody `json:"dag_action_run"`
	}{bodyOfRun(run, actions[i], run.CreatedAt)}, nil
}

// listDagActionRuns answers "List DAG action runs for asset".
func (s *Server) listDagActionRuns(r *call) (any, error) {
	id, err := s.assetID(r)
	if err != nil {
		return nil, err
	}
	if err := permitted(r, ActionsView); err != nil {
		return nil, err
	}
	runs, err := s.store.DagActionRuns(r.Context(), id)
	if err != nil {
		return nil, err
	}
	actions, err := s.store.DagActions(r.Context())
	if err != nil {
		return nil, err
	}
	byID := map[int64]DagAction{}
	for _, action := range actions {
		byID[action.ID] = action
	}
	now := s.now()
	return listOf("dag_action_runs", runs, func(run DagActionRun) runBody {
		return bodyOfRun(run, byID[run.DagActionID], now)
	}), nil
}
