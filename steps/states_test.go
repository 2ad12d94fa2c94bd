package steps

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/steps/wire"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// statesURL offers the reference's provider states on t, in Pact's shape. It is
// for a front: the tests see its requests among the others.
func (t *target) statesURL(w http.ResponseWriter, r *http.Request) bool {
	if r.URL.Path != "/states" {
		return false
	}
	var asked struct {
		State, Action string
		Params        map[string]string
	}
	if json.NewDecoder(r.Body).Decode(&asked) != nil {
		return reply(w, http.StatusBadRequest, "")
	}
	if asked.Action == "teardown" {
		return reply(w, http.StatusInternalServerError, "its answer changes nothing")
	}
	values, err := t.states(r.Context(), asked.State, asked.Params)
	if err != nil {
		return reply(w, http.StatusNotFound, "")
	}
	t.mu.Lock()
	t.given = append(t.given, values)
	t.mu.Unlock()
	answer, _ := json.Marshal(values) // strings always encode
	return reply(w, http.StatusCreated, string(answer))
}

// newStatesTarget starts a target whose states URL answers.
func newStatesTarget(t *testing.T, answer func(http.ResponseWriter, *http.Request) bool) *target {
	t.Helper()
	target := newTarget(t, nil)
	target.front = func(w http.ResponseWriter, r *http.Request) bool {
		return r.URL.Path == "/states" && answer != nil && answer(w, r) || target.statesURL(w, r)
	}
	return target
}

func (t *target) byURL(c *Config)      { c.StatesURL = t.URL + "/states" }
func (t *target) byFunction(c *Config) { c.States = t.states }

// provisioned are scenarios that need each of the states.
var provisioned = map[string]string{
	stateUser + " or " + stateComment: scenario("Given an asset", `And a comment "c" on the asset by another user`,
		"When I delete the comment", `Then the request is refused with 403 "Not allowed to perform this action"`),
	stateNoView: scenario(`Given an asset of mine, and my key lacks the "ACTIONS_VIEW" permission`,
		"When I list the DAG actions", "Then the request is refused with 403 and a message"),
	stateNoStart: scenario(`Given an asset of mine, and my key lacks the "ACTIONS_START" permission`, "And a DAG action",
		"When I start the DAG action", "Then the request is refused with 403 and a message"),
	stateDAGAction: scenario("Given an asset", "And a DAG action", "When I start the DAG action", "Then the run is listed"),
	stateProject: scenario("Given an asset", "And a project", "And another project", "And the asset is assigned to the project",
		with("When I assign the asset with:", `{"to_project_id": "${other project id}"}`), "Then the request succeeds"),
	stateCollection: scenario("Given an asset", "And a collection with the asset", "When I list the collections",
		"Then the collection is listed"),
	stateMedia: scenario("Given an asset", "And a media file on the asset",
		`When I get the download URL with "filename=x.png"`, "Then the request succeeds"),
	stateFailure: scenario("Given an asset", "And an internal failure", "When I get the asset",
		"Then the request is refused with 500"),
}

func TestThreeWaysToProvision(t *testing.T) {
	t.Parallel()
	for state, feature := range provisioned {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			target := newStatesTarget(t, nil)
			for way, change := range map[string]func(*Config){"URL": target.byURL, "function": target.byFunction} {
				got := target.check(t, feature, change)
				assert.Equal(t, report.Passed, got.Outcome, "%s: %s", way, got.Reason)
			}
			got := target.check(t, feature, nil)
			assert.Equal(t, report.Unprovisioned, got.Outcome, got.Reason)
			assert.Contains(t, state, got.State)
			assert.NotEmpty(t, got.State)
			values := Values{
				OtherKey: wire.NewKey("pocketcheck-editor-key"), NoActionsViewKey: wire.NewKey("pocketcheck-without-actions-view-key"),
				NoActionsStartKey: wire.NewKey("pocketcheck-without-actions-start-key"), DAGActionID: "1",
				ProjectIDs: []string{"mJebz2r3ck0CTGIExPa4", "a7rYTJIBVOpM1qBIdlO6"},
			}
			got = target.check(t, feature, func(c *Config) { c.Values = values })
			want := report.Passed
			if state == stateCollection || state == stateMedia || state == stateFailure { // no value can be one
				want = report.Unprovisioned
			}
			assert.Equal(t, want, got.Outcome, got.Reason)
		})
	}
}

// TestValuesComeFirst: a state is asked for where no value gives it.
func TestValuesComeFirst(t *testing.T) {
	t.Parallel()
	target := newTarget(t, nil)
	got := target.check(t, provisioned[stateDAGAction], func(c *Config) {
		c.Values.DAGActionID = "1"
		c.States = func(context.Context, string, map[string]string) (map[string]string, error) {
			return nil, errors.New("not to be asked")
		}
	})
	assert.Equal(t, report.Passed, got.Outcome, got.Reason)
	assert.Len(t, target.requests("POST", "/dag_actions/1"), 1)
}

func TestAnswersOfTheStatesURL(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, answer string
		status       int
		want         report.Outcome
		reason       string
	}{
		{"404", "", 404, report.Unprovisioned, `needs the provider state "a DAG action"`},
		{"422", `{"dag_action_id": 1}`, 422, report.Unprovisioned, "which the target does not offer"},
		{"501", "", 501, report.Unprovisioned, "which the target does not offer"},
		{"500", `{"dag_action_id": 1}`, 500, report.Errored, `set up provider state "a DAG action": the states URL answers 500`},
		{"302", "", 302, report.Errored, "the states URL answers 302"},
		{"401", "", 401, report.Errored, "the states URL answers 401"},
		{"not JSON", "1", 200, report.Errored, ", not with a JSON object"},
		{"broken JSON", `{"dag_action_id": 1`, 200, report.Errored, ", not with a JSON object"},
		{"no body", "", 200, report.Errored, ", not with a JSON object"},
		{"an array", `[{"dag_action_id": 1}]`, 200, report.Errored, ", not with a JSON object"},
		{"another value", `{"project_id": "x"}`, 200, report.Errored, "gives no dag_action_id"},
		{"null", `{"dag_action_id": null}`, 200, report.Errored, "gives no dag_action_id"},
		{"an object", `{"dag_action_id": {}}`, 200, report.Errored, "gives no dag_action_id"},
		{"an empty text", `{"dag_action_id": ""}`, 200, report.Errored, "dag_action_id is empty"},
		{"an id that nothing has", `{"dag_action_id": -1}`, 200, report.Failed, `; with the dag_action_id "-1" of the provider state "a DAG action"`},
		{"a text", `{"dag_action_id": "1"}`, 200, report.Passed, ""},
		{"a number", `{"dag_action_id": 1}`, 202, report.Passed, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			target := newStatesTarget(t, func(w http.ResponseWriter, _ *http.Request) bool {
				return reply(w, tt.status, tt.answer)
			})
			got := target.check(t, provisioned[stateDAGAction], target.byURL)
			assert.Equal(t, tt.want, got.Outcome, got.Reason)
			assert.Contains(t, got.Reason, tt.reason)
		})
	}
}

func TestAnswersOfTheFunction(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		values map[string]string
		err    error
		want   report.Outcome
	}{
		{"not offered", nil, ErrStateNotOffered, report.Unprovisioned},
		{"not offered, in other words", nil, errors.Join(errors.New("x"), ErrStateNotOffered), report.Unprovisioned},
		{"an error", nil, errors.New("no connection"), report.Errored},
		{"another value", map[string]string{"project_id": "x"}, nil, report.Errored},
		{"a value", map[string]string{"dag_action_id": "1"}, nil, report.Passed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := newTarget(t, nil).check(t, provisioned[stateDAGAction], func(c *Config) {
				c.States = func(context.Context, string, map[string]string) (map[string]string, error) {
					return tt.values, tt.err
				}
			})
			assert.Equal(t, tt.want, got.Outcome, got.Reason)
		})
	}
}

// TestNumbersKeepTheirDigits: an id of a states URL beyond 2^53 is the id that
// the request asks for.
func TestNumbersKeepTheirDigits(t *testing.T) {
	t.Parallel()
	target := newStatesTarget(t, func(w http.ResponseWriter, _ *http.Request) bool {
		return reply(w, http.StatusOK, `{"dag_action_id": 9007199254740993}`)
	})
	got := target.check(t, provisioned[stateDAGAction], target.byURL)
	assert.Equal(t, report.Failed, got.Outcome, "there is no such action")
	assert.NotEmpty(t, target.requests("POST", "/dag_actions/9007199254740993"))
}

// TestStatesURLGetsNoKey: nothing that is sent there has the API key in it, and
// each setup that gave something is torn down with its own parameters and what it gave.
func TestStatesURLGetsNoKey(t *testing.T) {
	t.Parallel()
	for state, feature := range provisioned {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			target := newStatesTarget(t, nil)
			got := target.check(t, feature, target.byURL)
			require.Equal(t, report.Passed, got.Outcome, got.Reason)
			made := target.requests("POST", "/assets")
			require.Len(t, made, 2, "the probe's and the scenario's")
			var setups, teardowns []string
			for _, r := range target.requests("POST", "/states") {
				assert.NotContains(t, r.body, adminKey)
				for name, values := range r.header {
					assert.NotContains(t, strings.Join(values, " "), adminKey, name)
				}
				assert.Empty(t, r.header["X-Api-Key"])
				assert.Equal(t, []string{"application/json"}, r.header["Content-Type"])
				if strings.HasSuffix(r.body, `"action": "teardown"}`) {
					teardowns = append(teardowns, r.body)
				} else {
					setups = append(setups, r.body)
				}
			}
			require.NotEmpty(t, setups)
			require.Len(t, teardowns, len(target.given))
			for i, values := range target.given {
				assert.JSONEq(t, giveBack(t, setups[i], values), teardowns[len(teardowns)-1-i], "the last first")
			}
			assertAsset(t, setups, made, !strings.HasPrefix(state, "a caller"))
		})
	}
}

// giveBack is what the values of a state are to be in the params of its teardown.
func giveBack(t *testing.T, setup string, values map[string]string) string {
	t.Helper()
	var says struct {
		State  string            `json:"state"`
		Params map[string]string `json:"params"`
		Action string            `json:"action"`
	}
	require.NoError(t, json.Unmarshal([]byte(setup), &says))
	maps.Copy(says.Params, values)
	says.Action = "teardown"
	text, err := json.Marshal(says)
	require.NoError(t, err)
	return string(text)
}

// assertAsset checks that setups name the asset that was made last, where there
// was one by then.
func assertAsset(t *testing.T, setups []string, made []seen, want bool) {
	t.Helper()
	var answer struct{ Asset struct{ ID string } }
	require.NoError(t, json.Unmarshal([]byte(made[1].answer), &answer))
	params := `"params": {}`
	if want {
		params = `"params": {"asset_id": "` + answer.Asset.ID + `"}`
	}
	assert.Contains(t, setups[0], params)
}
