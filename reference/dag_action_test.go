package reference_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestDagActions(t *testing.T) {
	t.Parallel()
	s := serve(t)
	path := s.asset(sample + `}`)
	action := `{"id":2,"name":"Sample DAG action 2","description":"Sample DAG action for tests","category":"Tests"}`
	assert.Equal(t, answer{200, `{"dag_actions":[` + strings.ReplaceAll(action, "2", "1") + `,` + action + `]}`}, s.request("GET "+path+"/dag_actions", ""))
	assert.Equal(t, answer{200, `{"dag_action_runs":[]}`}, s.request("GET "+path+"/dag_action_runs", ""))

	started := s.request("POST "+path+"/dag_actions/2", "")
	n, m := started.raw("dag_action_run.id"), started.raw("dag_action_run.dag_action_run_messages.0.id")
	assert.Equal(t, answer{200, `{"dag_action_run":{"id":` + n + `,"status":"running","created_at":"2023-11-27T09:42:48.538Z","dag_action":` + action +
		`,"dag_action_run_messages":[{"id":` + m + `,"message":"Set in queue...","created_at":"2023-11-27T09:42:48.538Z"}]}}`}, started)
	assert.Equal(t, answer{200, `{"dag_action_runs":[` + started.raw("dag_action_run") + `]}`}, s.request("GET "+path+"/dag_action_runs", ""))
	assert.Equal(t, answer{200, `{"dag_action_runs":[]}`}, s.request("GET "+seeded+"/dag_action_runs", ""), "another asset's")
}

func TestDagActionRunsProgressByTheClock(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.request("POST "+seeded+"/dag_actions/1", "")
	for _, want := range []string{`["running"] [["Set in queue...","Running..."]]`, `["completed"] [["Set in queue...","Running...","Completed."]]`} {
		s.wait(4 * time.Second)
		runs := s.request("GET "+seeded+"/dag_action_runs", "")
		assert.Equal(t, want, runs.raw("dag_action_runs.#.status")+" "+runs.raw("dag_action_runs.#.dag_action_run_messages.#.message"))
	}
}

func TestDagActionErrors(t *testing.T) {
	t.Parallel()
	s := serve(t)
	noView, noStart := refused(403, "Permission denied. Must have ACTIONS_VIEW permissions."), refused(403, "Permission denied. Must have ACTIONS_START permissions.")
	for _, key := range []string{withoutView, s.state("a caller without ACTIONS_VIEW", nil)["api_key"]} {
		assert.Equal(t, noView, s.requestBy(key, "GET "+seeded+"/dag_actions", ""))
		assert.Equal(t, noView, s.requestBy(key, "GET "+seeded+"/dag_action_runs", ""))
		assert.Equal(t, 200, s.requestBy(key, "POST "+seeded+"/dag_actions/1", "").status)
	}
	for _, key := range []string{withoutStart, s.state("a caller without ACTIONS_START", nil)["api_key"]} {
		assert.Equal(t, noStart, s.requestBy(key, "POST "+seeded+"/dag_actions/1", ""))
		assert.Equal(t, noStart, s.requestBy(key, "POST "+seeded+"/dag_actions/not-found-id", ""), "permission comes first")
		assert.Equal(t, 200, s.requestBy(key, "GET "+seeded+"/dag_actions", "").status)
		assert.Equal(t, 200, s.requestBy(key, "GET "+seeded+"/dag_action_runs", "").status)
	}
	for _, odd := range oddIDs {
		request := "POST " + seeded + "/dag_actions/" + url.PathEscape(odd)
		assert.Equal(t, refused(404, "Couldn't find DagAction with 'id'="+odd), s.request(request, ""))
	}
}
