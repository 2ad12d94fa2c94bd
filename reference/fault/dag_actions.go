package fault

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"sync"

	"github.com/pocketcheck/pocketcheck/reference"
)

const (
	denied        = "Permission denied."
	dagActionGone = "Couldn't find DagAction"
)

// dagActions is the faults of DAG actions and their runs.
var dagActions = []Variant{
	fault("dag_actions.list.ok/status-201", ok, coded(201)),
	fault("dag_actions.list.ok/empty", ok, empty("dag_actions")),
	fault("dag_actions.list.ok/under-actions", ok, edit(func(_ *exchange, b any) any { return map[string]any{"actions": member(b, "dag_actions")} })),
	fault("dag_actions.list.ok/id-as-string", ok, retyped("dag_actions.*.id")),
	fault("dag_actions.list.ok/without-id", ok, without("dag_actions.*.id")),
	fault("dag_actions.list.ok/without-name", ok, without("dag_actions.*.name")),
	fault("dag_actions.list.ok/name-null", ok, with("dag_actions.*.name", nil)),
	fault("dag_actions.list.ok/without-description", ok, without("dag_actions.*.description")),
	fault("dag_actions.list.ok/description-as-object", ok, with("dag_actions.*.description", map[string]any{})),
	fault("dag_actions.list.ok/without-category", ok, without("dag_actions.*.category")),
	fault("dag_actions.list.ok/category-as-array", ok, retyped("dag_actions.*.category")),
	fault("dag_actions.list.no-permission/not-checked", always, stores(permits(reference.ActionsView))),
	fault("dag_actions.list.no-permission/kept-for-everybody", always, answersAgain("dag_actions.list", refusedWith(http.StatusForbidden))),
	fault("dag_actions.list.no-permission/empty-list", says(denied), answering(200, `{"dag_actions": []}`)),
	fault("dag_actions.list.no-permission/other-permission", says(denied), with("error", "Permission denied. Must have ACTIONS_START permissions.")),
	fault("dag_actions.list.no-permission/status-401", says(denied), coded(401)),

	fault("dag_actions.start.ok/status-201", ok, coded(201)),
	fault("dag_actions.start.ok/without-id", ok, without("dag_action_run.id")),
	fault("dag_actions.start.ok/id-as-string", ok, retyped("dag_action_run.id")),
	fault("dag_actions.start.ok/without-status", ok, without("dag_action_run.status")),
	fault("dag_actions.start.ok/queued", ok, with("dag_action_run.status", "queued")),
	fault("dag_actions.start.ok/without-created_at", ok, without("dag_action_run.created_at")),
	fault("dag_actions.start.ok/created_at-in-microseconds", ok, dated("dag_action_run.created_at", microTimes)),
	fault("dag_actions.start.ok/action-as-id", ok, altering("dag_action_run.dag_action", func(v any) any { return member(v, "id") })),
	fault("dag_actions.start.ok/action-id-as-string", ok, retyped("dag_action_run.dag_action.id")),
	fault("dag_actions.start.ok/another-action", ok, with("dag_action_run.dag_action.id", 0)),
	fault("dag_actions.start.ok/without-action-name", ok, without("dag_action_run.dag_action.name")),
	fault("dag_actions.start.ok/without-action-description", ok, without("dag_action_run.dag_action.description")),
	fault("dag_actions.start.ok/without-action-category", ok, without("dag_action_run.dag_action.category")),
	fault("dag_actions.start.ok/no-messages-yet", ok, empty("dag_action_run.dag_action_run_messages")),
	fault("dag_actions.start.ok/without-messages", ok, without("dag_action_run.dag_action_run_messages")),
	fault("dag_actions.start.ok/without-message-id", ok, without("dag_action_run.dag_action_run_messages.*.id")),
	fault("dag_actions.start.ok/ellipsis", ok, with("dag_action_run.dag_action_run_messages.*.message", "Set in queue…")),
	fault("dag_actions.start.ok/without-message-time", ok, without("dag_action_run.dag_action_run_messages.*.created_at")),
	fault("dag_actions.start.no-permission/not-checked", always, stores(permits(reference.ActionsStart))),
	fault("dag_actions.start.no-permission/full-stop", says(denied), reworded("error")),
	fault("dag_actions.start.no-permission/other-permission", says(denied), with("error", "Permission denied. Must have ACTIONS_VIEW permissions.")),
	fault("dag_actions.start.no-permission/status-404", says(denied), coded(404)),
	fault("dag_actions.start.dag-action-not-found/started-all-the-same", says(dagActionGone), answering(200, `{"dag_action_run": {"id": 1}}`)),
	fault("dag_actions.start.dag-action-not-found/short-text", says(dagActionGone), with("error", "DAG action not found")),
	fault("dag_actions.start.dag-action-not-found/status-422", says(dagActionGone), coded(422)),
	fault("dag_actions.start.err-401.effect/refused-and-done", all(noKey, ok), stores(noKeyIsAGuest), unauthorized),
	fault("dag_actions.start.listed.effect/listed-as-before", always, stores(keepsReadRuns)),
	fault("dag_actions.start.only-it.effect/one-run-in-all", always, stores(keepsTheLastRun)),

	fault("dag_runs.list.ok/status-206", ok, coded(206)),
	fault("dag_runs.list.ok/empty", ok, empty("dag_action_runs")),
	fault("dag_runs.list.ok/without-id", ok, without("dag_action_runs.*.id")),
	fault("dag_runs.list.ok/id-as-string", ok, retyped("dag_action_runs.*.id")),
	fault("dag_runs.list.ok/without-status", ok, without("dag_action_runs.*.status")),
	fault("dag_runs.list.ok/status-as-number", ok, with("dag_action_runs.*.status", 1)),
	fault("dag_runs.list.ok/without-created_at", ok, without("dag_action_runs.*.created_at")),
	fault("dag_runs.list.ok/created_at-with-space", ok, dated("dag_action_runs.*.created_at", withSpace)),
	fault("dag_runs.list.ok/without-action", ok, without("dag_action_runs.*.dag_action")),
	fault("dag_runs.list.ok/another-action", ok, with("dag_action_runs.*.dag_action.id", 0)),
	fault("dag_runs.list.ok/without-action-id", ok, without("dag_action_runs.*.dag_action.id")),
	fault("dag_runs.list.ok/without-action-name", ok, without("dag_action_runs.*.dag_action.name")),
	fault("dag_runs.list.ok/without-action-description", ok, without("dag_action_runs.*.dag_action.description")),
	fault("dag_runs.list.ok/without-action-category", ok, without("dag_action_runs.*.dag_action.category")),
	fault("dag_runs.list.ok/without-messages", ok, without("dag_action_runs.*.dag_action_run_messages")),
	fault("dag_runs.list.ok/without-message-id", ok, without("dag_action_runs.*.dag_action_run_messages.*.id")),
	fault("dag_runs.list.ok/without-message-text", ok, without("dag_action_runs.*.dag_action_run_messages.*.message")),
	fault("dag_runs.list.ok/without-message-time", ok, without("dag_action_runs.*.dag_action_run_messages.*.created_at")),
	fault("dag_runs.list.no-permission/not-checked", always, stores(permits(reference.ActionsView))),
	fault("dag_runs.list.no-permission/kept-for-everybody", always, answersAgain("dag_runs.list", refusedWith(http.StatusForbidden))),
	fault("dag_runs.list.no-permission/status-401", says(denied), coded(401)),
	fault("dag_runs.list.no-permission/full-stop", says(denied), reworded("error")),
	fault("dag_runs.list.other-asset.effect/of-all-assets", always, stores(listsRunsOfAllAssets)),
}

// permissive gives each caller a permission.
type permissive struct {
	reference.Store
	at, permission string
}

func permits(permission string) func(reference.Store, string) reference.Store {
	return func(s reference.Store, at string) reference.Store { return permissive{s, at, permission} }
}

func (p permissive) UserByKey(ctx context.Context, key reference.KeyHash) (reference.User, error) {
	user, err := p.Store.UserByKey(ctx, key)
	if asks(ctx, p.at) {
		user.Permissions = append(slices.Clone(user.Permissions), p.permission)
	}
	return user, err
}

// runsOfAllAssets forgets the asset in its query.
type runsOfAllAssets struct {
	reference.Store
	mu     *sync.Mutex
	assets map[string]bool // that have a run
}

func listsRunsOfAllAssets(s reference.Store, _ string) reference.Store {
	return runsOfAllAssets{s, &sync.Mutex{}, map[string]bool{}}
}

func (r runsOfAllAssets) CreateDagActionRun(ctx context.Context, run reference.DagActionRun, events ...reference.Event) (reference.DagActionRun, error) {
	r.mu.Lock()
	makeRoom(r.assets, mostRows)
	r.assets[run.AssetID] = true
	r.mu.Unlock()
	return r.Store.CreateDagActionRun(ctx, run, events...)
}

func (r runsOfAllAssets) DagActionRuns(ctx context.Context, _ string) ([]reference.DagActionRun, error) {
	r.mu.Lock()
	assets := slices.Sorted(maps.Keys(r.assets))
	r.mu.Unlock()
	var all []reference.DagActionRun
	for _, id := range assets {
		runs, err := r.Store.DagActionRuns(ctx, id)
		if err != nil {
			return nil, err
		}
		all = append(all, runs...)
	}
	return all, nil
}

// lastRuns keeps the runs of the asset on which one was started last.
type lastRuns struct {
	reference.Store
	mu   *sync.Mutex
	last *string
}

func keepsTheLastRun(s reference.Store, _ string) reference.Store {
	return lastRuns{s, &sync.Mutex{}, new(string)}
}

func (l lastRuns) CreateDagActionRun(ctx context.Context, run reference.DagActionRun, events ...reference.Event) (reference.DagActionRun, error) {
	l.mu.Lock()
	*l.last = run.AssetID
	l.mu.Unlock()
	return l.Store.CreateDagActionRun(ctx, run, events...)
}

func (l lastRuns) DagActionRuns(ctx context.Context, assetID string) ([]reference.DagActionRun, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if *l.last != assetID {
		return nil, nil
	}
	return l.Store.DagActionRuns(ctx, assetID)
}
