package steps

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/steps/wire"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAnotherProject: where a state gives the same project twice, or only one is
// configured, there is no other one.
func TestAnotherProject(t *testing.T) {
	t.Parallel()
	const first, second = "mJebz2r3ck0CTGIExPa4", "a7rYTJIBVOpM1qBIdlO6"
	same := func(context.Context, string, map[string]string) (map[string]string, error) {
		return map[string]string{"project_id": first}, nil
	}
	for _, tt := range []struct {
		name   string
		ids    []string
		states StateFunc
		want   report.Outcome
		reason string
	}{
		{"two are configured", []string{first, second}, nil, report.Passed, ""},
		{"one is configured", []string{first}, nil, report.Unprovisioned, "does not offer"},
		{"the same is configured twice", []string{first, first}, nil, report.Unprovisioned, "the same as the first"},
		{"the state repeats it", nil, same, report.Unprovisioned, "the same as the first"},
		{"the state repeats the configured one", []string{first}, same, report.Unprovisioned, "the same as the first"},
		{"the state gives the second", []string{second}, same, report.Passed, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := newTarget(t, nil).check(t, provisioned[stateProject], func(c *Config) {
				c.Values.ProjectIDs, c.States = tt.ids, tt.states
			})
			assert.Equal(t, tt.want, got.Outcome, got.Reason)
			assert.Contains(t, got.Reason, tt.reason)
			if tt.want == report.Unprovisioned {
				assert.Equal(t, stateProject, got.State)
			}
		})
	}
}

// TestCommentByAnotherUser: where the target has no comment of another user, one
// is posted with the key of another user, and removed with it.
func TestCommentByAnotherUser(t *testing.T) {
	t.Parallel()
	feature := provisioned[stateUser+" or "+stateComment]
	target := newStatesTarget(t, func(w http.ResponseWriter, r *http.Request) bool {
		var asked struct{ State, Action string }
		if json.NewDecoder(r.Body).Decode(&asked) != nil || asked.State != stateUser {
			return reply(w, http.StatusUnprocessableEntity, "")
		}
		return reply(w, http.StatusOK, `{"api_key": "pocketcheck-editor-key"}`)
	})
	for way, change := range map[string]func(*Config){
		"value": func(c *Config) { c.Values.OtherKey = wire.NewKey("pocketcheck-editor-key") },
		"URL":   target.byURL,
	} {
		before := len(target.requests("POST", "/comments"))
		result := target.run(t.Context(), t, feature, change)
		require.Equal(t, report.Passed, result.Scenarios[0].Outcome, "%s: %s", way, result.Scenarios[0].Reason)
		posted := target.requests("POST", "/comments")[before:]
		require.Len(t, posted, 1, way)
		assert.Equal(t, "pocketcheck-editor-key", posted[0].header.Get("X-API-KEY"))
		assert.Equal(t, report.Ledger{Made: 3, Removed: 3}, result.Ledger, "the probe's asset, the scenario's, the comment")
	}
	for _, r := range target.requests("DELETE", "") {
		if r.status == http.StatusOK && r.answer == `{"ok":"comment deleted"}` {
			assert.Equal(t, "pocketcheck-editor-key", r.header.Get("X-API-KEY"))
		}
	}
}

// TestHandedOutKeysStaySecret: a key that a state gives is redacted where the
// target echoes it, and a script asks the states URL for it anew.
func TestHandedOutKeysStaySecret(t *testing.T) {
	t.Parallel()
	target := newStatesTarget(t, func(w http.ResponseWriter, _ *http.Request) bool {
		return reply(w, http.StatusOK, `{"api_key": "handed-out/key"}`)
	})
	answers := target.front
	target.front = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodGet && !isProbe(r) {
			return reply(w, http.StatusOK, `{"error": "no key handed-out\/key, nor \u0068anded-out/key, nor `+adminKey+`"}`)
		}
		return answers(w, r)
	}
	got := target.check(t, scenario("Given an asset", "And an internal failure", "When I get the asset",
		`Then the request is answered 200 with the error "no key"`), target.byURL)
	require.Equal(t, report.Failed, got.Outcome, got.Reason)
	assert.Equal(t, `"no key REDACTED, nor REDACTED, nor REDACTED"`, got.Failure.Actual)
	for _, text := range []string{got.Reason, got.Curl} {
		assert.NotContains(t, text, "anded-out")
		assert.NotContains(t, text, adminKey)
	}
	assert.Regexp(t, `(?m); POCKETCHECK_FAILING_API_KEY=\$\(printf .* \| jq -r \.api_key\)$`, got.Curl)
	assert.Contains(t, got.Curl, `-H "X-API-KEY: $POCKETCHECK_FAILING_API_KEY"`)
}
