package steps

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// answering is a front that answers requests whose method and path end so.
func answering(method, pathEnd string, answer func(http.ResponseWriter) bool) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		return r.Method == method && strings.HasSuffix(r.URL.Path, pathEnd) && answer(w)
	}
}

func status(code int, body string) func(http.ResponseWriter) bool {
	return func(w http.ResponseWriter) bool { return reply(w, code, body) }
}

func calledJSON(code int, body string) func(http.ResponseWriter) bool {
	return func(w http.ResponseWriter) bool {
		w.Header().Set("Content-Type", "application/json")
		return reply(w, code, body)
	}
}

// TestGivenBlocks: a scenario whose Given fails says nothing of its own fact; it
// is blocked by that of the operation that failed.
func TestGivenBlocks(t *testing.T) {
	t.Parallel()
	then := []string{"When I get the asset", "Then the request succeeds"}
	project := func(c *Config) { c.Values = Values{ProjectIDs: []string{"mJebz2r3ck0CTGIExPa4"}, DAGActionID: "1"} }
	for _, tt := range []struct {
		name   string
		given  []string
		front  func(http.ResponseWriter, *http.Request) bool
		by     string
		reason string
	}{
		{"a comment, 500", []string{`And a comment "c" on the asset`}, answering("POST", "/comments", status(500, "")),
			"comments.create.ok", "is 500 Internal Server Error, want 200 OK"},
		{"a comment, no answer", []string{`And a comment "c" on the asset`}, answering("POST", "/comments", reset),
			"comments.create.ok", "no answer"},
		{"a comment without an id", []string{`And a comment "c" on the asset`},
			answering("POST", "/comments", status(200, `{"comment": {"id": null}}`)), "comments.create.ok", "$.comment.id: is missing, want an id"},
		{"a comment, no JSON", []string{`And a comment "c" on the asset`}, answering("POST", "/comments", status(200, "{")),
			"comments.create.ok", "want an id"},
		{"a comment that is not listed", []string{`And a comment "c" on another asset`},
			answering("GET", "/comments", status(200, `{"comments": []}`)), "comments.list.ok", "an array with the id"},
		{"the trash bin", []string{"And the asset is in the trash bin"}, answering("POST", "/trash_bin", status(403, "")),
			"trash.move.ok", "is 403 Forbidden"},
		{"a project", []string{"And a project", "And the asset is assigned to the project"},
			answering("POST", "/assign", status(409, "")), "project.assign.ok", "is 409 Conflict"},
		{"a DAG action", []string{"And a DAG action", "And the DAG action was started on the asset"},
			answering("POST", "/dag_actions/1", status(422, "")), "dag_actions.start.ok", "is 422"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := newTarget(t, tt.front).check(t, scenario(append(append([]string{"Given an asset"}, tt.given...), then...)...), project)
			assert.Equal(t, report.Blocked, got.Outcome, got.Reason)
			assert.Equal(t, tt.by, got.By)
			assert.Contains(t, got.Reason, tt.reason)
			assert.Equal(t, tt.given[len(tt.given)-1], "And "+got.Step)
		})
	}
}

// TestFaultsOfTheSuite: what is wrong with the features or with the steps is no
// failure of the target.
func TestFaultsOfTheSuite(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		steps  []string
		reason string
	}{
		{"undefined step", []string{"When I get the asset", "Then all is well"}, "undefined"},
		{"undefined operation", []string{"When I paint the asset", "Then the request succeeds"}, "undefined"},
		{"unknown placeholder in a pattern", []string{"When I get the asset",
			with("Then the request succeeds with:", `{"asset": {"id": "${asset}"}}`)}, `the scenario knows no "asset"`},
		{"unknown placeholder in what is read back", []string{with("When I update the asset with:", "{}"),
			with("Then the asset reads:", `{"asset": {"id": "${asset}"}}`)}, `the scenario knows no "asset"`},
		{"unknown placeholder in a history", []string{`When I get the history "0"`,
			with("Then the history has a result:", `{"id": "#int"}`)}, `there is no kind of value #int`},
		{"unknown placeholder in a body", []string{with("When I update the asset with:", `{"title": "${title}"}`),
			"Then the request succeeds"}, `the scenario knows no "title"; it knows asset id`},
		{"comment that was not made", []string{"When I get the comment", "Then the request succeeds"},
			`the scenario knows no "comment id"`},
		{"text that is no JSON string", []string{"When I get the asset", `Then the request is refused with 404 "a \x"`},
			"is not a JSON string"},
		{"a panic", []string{"And a DAG action", "When I get the asset", "Then the request succeeds"}, "states are out of order"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			target := newTarget(t, nil)
			result := target.run(t.Context(), t, scenario(append([]string{"Given an asset"}, tt.steps...)...), func(c *Config) {
				c.States = func(context.Context, string, map[string]string) (map[string]string, error) {
					panic("states are out of order")
				}
			})
			require.Len(t, result.Scenarios, 1)
			got := result.Scenarios[0]
			assert.Equal(t, report.Errored, got.Outcome, got.Reason)
			assert.Contains(t, got.Reason, tt.reason)
			assert.Nil(t, got.Failure)
			assert.Equal(t, report.Ledger{Made: 2, Removed: 2}, result.Ledger, "what it made is removed nevertheless")
		})
	}
}

// TestFailureSaysWhere: a failure names what was checked, the place in the
// answer, what is there and what was wanted.
func TestFailureSaysWhere(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, then string
		answer     func(http.ResponseWriter) bool
		want       report.Failure
	}{
		{"status", "Then the request succeeds", status(418, ""), report.Failure{Expected: "200 OK", Actual: "418 I'm a teapot"}},
		{"unnamed status", "Then the request succeeds", status(399, ""), report.Failure{Expected: "200 OK", Actual: "399"}},
		{"value", with("Then the request succeeds with:", `{"media": []}`), status(200, `{"media": [1]}`),
			report.Failure{Path: "$.media", Expected: "exactly [], in any order", Actual: "[1]"}},
		{"no JSON", with("Then the request succeeds with:", `{"media": []}`), status(200, "<p>"),
			report.Failure{Expected: "JSON", Actual: `"<p>"`}},
		{"no UTF-8", with("Then the request succeeds with:", `{"media": []}`), status(200, "{\"media\": \"\xff\"}"),
			report.Failure{Expected: "JSON", Actual: `"{\"media\": \"\xff\"}"`}},
		{"no UTF-8, called JSON", with("Then the request succeeds with:", `{"media": []}`), calledJSON(200, "{\"media\": \"\xff\"}"),
			report.Failure{Expected: "JSON", Actual: `"{\"media\": \"\xff\"}"`}},
		{"no UTF-8 in a refusal, called JSON", "Then the request is refused with 404 and a message", calledJSON(404, "{\"error\": \"\xff\"}"),
			report.Failure{Expected: "JSON", Actual: `"{\"error\": \"\xff\"}"`}},
		{"text", `Then the request is refused with 404 "asset not found"`, status(404, `{"error": "Asset not found"}`),
			report.Failure{Path: "$.error", Expected: `"asset not found"`, Actual: `"Asset not found"`}},
		{"more before the text", `Then the request is refused with 404 "asset not found"`, status(404, `{"error": "an asset not found"}`),
			report.Failure{Path: "$.error", Expected: `"asset not found"`, Actual: `"an asset not found"`}},
		{"no text", "Then the request is refused with 404 and a message", status(404, `{"error": ""}`),
			report.Failure{Path: "$.error", Expected: "a text", Actual: `""`}},
		{"no error", `Then the request is answered 200 with the error "Project not found."`, status(200, `{"ok": "ok"}`),
			report.Failure{Path: "$.error", Expected: `"Project not found."`, Actual: "missing"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := newTarget(t, answering("GET", "/media", tt.answer)).check(t,
				scenario("Given an asset", "When I list the media", tt.then), nil)
			require.Equal(t, report.Failed, got.Outcome, got.Reason)
			assert.Contains(t, got.Failure.Message, "GET http://127.0.0.1:")
			assert.NotZero(t, got.Failure.Status)
			assert.Equal(t, "GET /api/v2/assets/:asset_id/media", got.Failure.Endpoint)
			assert.NotEmpty(t, got.Failure.Fails)
			got.Failure.Message, got.Failure.Status, got.Failure.Endpoint, got.Failure.Fails = "", 0, "", ""
			assert.Equal(t, tt.want, *got.Failure)
		})
	}
}

// TestPageIsCalledSo wherever one comes instead of the API's answer.
func TestPageIsCalledSo(t *testing.T) {
	t.Parallel()
	target := newTarget(t, answering("PUT", "", func(w http.ResponseWriter) bool {
		w.Header().Set("Content-Type", "text/html")
		return reply(w, http.StatusForbidden, "<h1>Forbidden</h1>")
	}))
	got := target.check(t, scenario("Given an asset", with("When I update the asset with:", `{"title": "t"}`), "Then the request succeeds"), nil)
	assert.Contains(t, got.Reason, " (answered by a page in HTML, as gateways and frameworks give it): is 403 Forbidden, want 200 OK")
	assert.Equal(t, "status is 403, want 200", got.Failure.Fails)
}
