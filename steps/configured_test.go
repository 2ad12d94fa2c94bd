package steps

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/steps/wire"
	"github.com/stretchr/testify/assert"
)

// TestMisnamed: what the configuration names and the target does not know is no failure
// of the target, as far as that shows; of what fails, it is said where it is from.
func TestMisnamed(t *testing.T) {
	t.Parallel()
	answers := func(method, end string, status int, body string) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, r *http.Request) bool {
			return r.Method == method && strings.HasSuffix(r.URL.Path, end) && reply(w, status, body)
		}
	}
	const good = "mJebz2r3ck0CTGIExPa4"
	listed := scenario("Given an asset", "And a DAG action", "When I list the DAG actions",
		with("Then the request succeeds with:", `{"dag_actions": [{"id": "${DAG action id}"}, "#and others"]}`))
	assigned := scenario("Given an asset", "And a project", "And the asset is assigned to the project", "When I get the asset", "Then the request succeeds")
	for _, tt := range []struct {
		name, feature string
		front         func(http.ResponseWriter, *http.Request) bool
		values        Values
		want          report.Outcome
		reason        string
	}{
		{"an action", provisioned[stateDAGAction], nil, Values{DAGActionID: "99"}, report.Errored, `the target neither lists nor starts "99", the value dag_action_id; name one`},
		{"an action that is only listed", listed, nil, Values{DAGActionID: "99"}, report.Errored, `the target neither lists nor starts "99", the value dag_action_id; name one`},
		{"a project", provisioned[stateProject], nil, Values{ProjectIDs: []string{"nope", good}}, report.Errored, `the target answers "Project not found." for "nope", of the value project_ids; name one`},
		{"the second project", provisioned[stateProject], nil, Values{ProjectIDs: []string{good, "nope"}}, report.Errored, `for "nope", of the value project_ids; name one`},
		{"a project that nothing came of", assigned, nil, Values{ProjectIDs: []string{"nope"}}, report.Errored, `for "nope", of the value project_ids; name one`},
		{"an action that is listed and not started", provisioned[stateDAGAction], answers("POST", "/dag_actions/1", http.StatusNotFound, `{"error": "no"}`), Values{DAGActionID: "1"},
			report.Failed, `is 404 Not Found, want 200 OK; with "1", of the value dag_action_id of the configuration`},
		{"an action that is started and not listed", listed, answers("GET", "/dag_actions", http.StatusOK, `{"dag_actions": []}`), Values{DAGActionID: "1"},
			report.Failed, `; with "1", of the value dag_action_id of the configuration`},
		{"a key that is not refused", provisioned[stateNoView], nil, Values{NoActionsViewKey: wire.NewKey("pocketcheck-editor-key")},
			report.Failed, "is 200 OK, want 403 Forbidden; with the value no_actions_view_api_key of the configuration"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := newTarget(t, tt.front).check(t, tt.feature, func(c *Config) { c.Values = tt.values })
			assert.Equal(t, tt.want, got.Outcome, got.Reason)
			assert.Contains(t, got.Reason, tt.reason)
		})
	}
}
