package steps

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/steps/wire"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// repeat runs the script of a scenario in an empty folder, with the key of
// another user, and gives what reached the target and what it printed.
func (t *target) repeat(test *testing.T, s report.Scenario) ([]seen, string) {
	test.Helper()
	for _, program := range []string{"sh", "curl", "jq"} {
		if _, err := exec.LookPath(program); err != nil {
			test.Skipf("the script needs %s: %v", program, err)
		}
	}
	before := len(t.requests("", ""))
	command := exec.CommandContext(test.Context(), "sh", "-eu", "-c", s.Curl)
	command.Dir = test.TempDir()
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "POCKETCHECK_API_KEY=pocketcheck-editor-key"}
	out, err := command.CombinedOutput()
	require.NoError(test, err, "%s\n%s", s.Curl, out)
	files, err := os.ReadDir(command.Dir)
	require.NoError(test, err)
	assert.Empty(test, files, "the script made files")
	return t.requests("", "")[before:], string(out)
}

// TestScriptRepeatsTheScenario: it makes anew what the scenario made, takes the
// ids from the answers, sends the same bodies, and removes what it made.
func TestScriptRepeatsTheScenario(t *testing.T) {
	t.Parallel()
	target := newTarget(t, nil)
	got := target.check(t, scenario("Given an asset", `And a comment "it's $HOME, \n `+"`id`"+`" on the asset`,
		with("When I update the comment with:", `{"comment": "\"quoted\" 'single' $(id) \\ 100%"}`), "Then the request is refused with 404"), nil)
	require.Equal(t, report.Failed, got.Outcome, got.Reason)
	assert.NotContains(t, got.Curl, adminKey)
	first := target.requests("POST", "")[1:] // after the probe's

	again, out := target.repeat(t, got)
	require.Len(t, again, 4, "%s", got.Curl)
	asset := gjson.Get(again[0].answer, "asset.id").String()
	comment := gjson.Get(again[1].answer, "comment.id").String()
	for i, want := range []string{
		"POST /api/v2/assets", "POST /api/v2/assets/" + asset + "/comments",
		"POST /api/v2/assets/" + asset + "/comments/" + comment, "DELETE /api/v2/assets/" + asset,
	} {
		assert.Equal(t, want, again[i].name())
		assert.Equal(t, http.StatusOK, again[i].status)
		assert.Equal(t, []string{"application/json"}, again[i].header["Content-Type"])
		assert.Equal(t, []string{"pocketcheck-editor-key"}, again[i].header["X-Api-Key"], "the key is the environment's")
		if i < 3 {
			assert.Equal(t, first[i].body, again[i].body)
		}
	}
	assert.NotEqual(t, first[1].path, again[1].path, "another asset")
	assert.Contains(t, out, "HTTP/1.1 200 OK")
	assert.Contains(t, out, `\"quoted\" 'single' $(id) \\ 100%`)
	assert.Empty(t, target.remaining(t))
}

// TestScriptOfHarmfulIDs: an id is the target's word, and no command.
func TestScriptOfHarmfulIDs(t *testing.T) {
	t.Parallel()
	for name, id := range map[string]string{
		"quotes": `a'b $(touch x)`, "backquotes": "`touch x`", "double quotes": `"; touch x; "`, "an option": "--output=x",
		"a query": "x?y#z", "ranges of curl": "[1-3]{a,b}", "percent": "100%41", "plain": "x1",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			quoted := wire.Part{Text: id}.InJSON().Text
			target := newStatesTarget(t, func(w http.ResponseWriter, _ *http.Request) bool {
				return reply(w, http.StatusOK, `{"project_id": "`+quoted+`"}`)
			})
			states := target.front
			target.front = func(w http.ResponseWriter, r *http.Request) bool {
				return isAssets(r) && reply(w, http.StatusOK, `{"asset": {"id": "`+quoted+`"}}`) || states(w, r)
			}
			got := target.check(t, scenario("Given an asset", "And a project",
				with("When I assign the asset with:", `{"to_project_id": "${project id}"}`), "Then the request is refused with 500"), target.byURL)
			require.Equal(t, report.Failed, got.Outcome, got.Reason)
			first := target.requests("POST", "/assign")
			require.Len(t, first, 1)
			assert.Equal(t, "/api/v2/assets/"+id+"/assign", first[0].path)

			again, _ := target.repeat(t, got)
			require.Len(t, again, 4, "%s", got.Curl)
			assert.Equal(t, first[0].name(), again[2].name())
			assert.Equal(t, "DELETE /api/v2/assets/"+id, again[3].name())
			assert.Equal(t, id, gjson.Get(first[0].body, "to_project_id").String())
			assert.Equal(t, first[0].body, again[2].body)
			assert.Equal(t, id, gjson.Get(again[1].body, "params.asset_id").String())
			assert.Empty(t, again[1].header["X-Api-Key"], "no key for the states URL")
		})
	}
}

// TestScriptMakesNamesAnew: an external id is good for once.
func TestScriptMakesNamesAnew(t *testing.T) {
	t.Parallel()
	target := newTarget(t, nil)
	got := target.check(t, scenario(with("Given an asset with:", `{"title": "t", "external_id": "${external id}"}`),
		`When I get the history "test"`, "Then the request succeeds"), nil)
	require.Equal(t, report.Failed, got.Outcome, got.Reason)
	first := gjson.Get(target.requests("POST", "/assets")[1].body, "external_id").String()
	again, out := target.repeat(t, got)
	require.Len(t, again, 3, "%s", got.Curl)
	second := gjson.Get(again[0].body, "external_id").String()
	assert.True(t, strings.HasPrefix(first, "pocketcheck-") && strings.HasPrefix(second, "pocketcheck-"))
	assert.NotEqual(t, first, second)
	assert.Equal(t, http.StatusUnprocessableEntity, again[1].status)
	assert.Contains(t, out, "Invalid cursor")
}

// TestScriptNamesItsKeys: each caller's key is a variable of the environment; an
// unknown key is no secret, and no key is no header.
func TestScriptNamesItsKeys(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, given, key, want string
		count                  int
	}{
		{"own", "And another asset", "", `-H "X-API-KEY: $POCKETCHECK_API_KEY"`, 5},
		{"other", `And a comment "c" on the asset by another user`, "", `-H "X-API-KEY: $POCKETCHECK_OTHER_API_KEY"`, 1},
		{"no view", `And an asset of mine, and my key lacks the "ACTIONS_VIEW" permission`, "", `-H "X-API-KEY: $POCKETCHECK_NO_ACTIONS_VIEW_API_KEY"`, 3},
		{"none", "And another asset", " without an API key", "-H 'Content-Type: application/json'\n", 0},
		{"unknown", "And another asset", " with an unknown API key", "-H 'X-API-KEY: unknown-pocketcheck-", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := newTarget(t, nil).check(t, scenario("Given an asset", tt.given, "When I list the DAG actions"+tt.key,
				"Then the request is refused with 500"), func(c *Config) {
				c.Values = Values{
					OtherKey:         wire.NewKey("pocketcheck-editor-key"),
					NoActionsViewKey: wire.NewKey("pocketcheck-without-actions-view-key"),
				}
			})
			require.Equal(t, report.Failed, got.Outcome, got.Reason)
			assert.Equal(t, tt.count, strings.Count(got.Curl, tt.want), got.Curl)
			for _, key := range []string{adminKey, "pocketcheck-editor-key", "pocketcheck-without-actions-view-key"} {
				assert.NotContains(t, got.Curl, key)
			}
		})
	}
}

// TestScriptOfWhatPassed is not needed.
func TestScriptOfWhatPassed(t *testing.T) {
	t.Parallel()
	got := newTarget(t, nil).check(t, scenario("Given an asset", "When I get the asset", "Then the request succeeds"), nil)
	assert.Equal(t, report.Passed, got.Outcome)
	assert.Empty(t, got.Curl)
}

// TestScriptFailsAsItsRequestsDo: what curl could not do, the script did not; it cleans
// up all the same.
func TestScriptFailsAsItsRequestsDo(t *testing.T) {
	t.Parallel()
	target := newTarget(t, nil)
	got := target.check(t, scenario("Given an asset", "When I get the asset", "Then the request is refused with 500"), nil)
	require.Equal(t, report.Failed, got.Outcome, got.Reason)
	dir := t.TempDir()
	curl, err := exec.LookPath("curl")
	require.NoError(t, err)
	for _, method := range []string{"POST", "GET", "DELETE"} { // a curl that breaks after what it did
		broken := "#!/bin/sh\n" + curl + ` "$@"; case "$*" in *"-X ` + method + ` "*) exit 52; esac` + "\n"
		require.NoError(t, os.WriteFile(filepath.Join(dir, "curl"), []byte(broken), 0o700))
		command := exec.CommandContext(t.Context(), "sh", "-c", got.Curl)
		command.Env = []string{"PATH=" + dir + ":" + os.Getenv("PATH"), "POCKETCHECK_API_KEY=pocketcheck-editor-key"}
		out, _ := command.CombinedOutput()
		assert.Equal(t, 52, command.ProcessState.ExitCode(), "%s\n%s", method, out)
	}
	assert.Empty(t, target.remaining(t))
}

// TestScriptTakesTheLastHead: an answer may come after others.
func TestScriptTakesTheLastHead(t *testing.T) {
	t.Parallel()
	target := newTarget(t, nil)
	target.front = func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Link", "</style.css>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		return false
	}
	got := target.check(t, scenario("Given an asset", "When I get the asset", "Then the request is refused with 500"), nil)
	require.Equal(t, report.Failed, got.Outcome, got.Reason)
	again, out := target.repeat(t, got)
	assert.Contains(t, out, "HTTP/1.1 103 Early Hints")
	require.Len(t, again, 3, "%s", got.Curl)
	assert.Equal(t, []int{http.StatusOK, http.StatusOK, http.StatusOK}, []int{again[0].status, again[1].status, again[2].status})
}
