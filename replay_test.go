package pocketcheck_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// replay is a server that answers the When of one example's scenario with the
// recorded response, and its Givens with the ids that the document records.
type replay struct {
	example fixtures.Example
	method  string
	pattern string
	earlier int // requests to the endpoint that precede the When

	mu       sync.Mutex
	status   int
	body     any // the recorded response, perhaps mutated
	projects int
}

// earlier counts the requests to the example's own endpoint that come before the
// When: the probe of a run, and a Given that uses the same endpoint.
var earlier = map[string]int{"assets.create.external-id-taken": 2, "project.assign.already-has-parent": 1}

func (r *replay) segment(i int) string {
	path, _, _ := strings.Cut(r.example.Path, "?")
	if parts := strings.Split(path, "/"); len(parts) > i {
		return parts[i]
	}
	return "unused"
}

func (r *replay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	request, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	isWhen := req.Method == r.method && referencetest.SamePath(r.pattern, req.URL.Path)
	if isWhen && r.earlier > 0 {
		r.earlier--
		isWhen = false
	}
	if !isWhen {
		r.given(w, req)
		return
	}
	body := r.body
	if external := gjson.GetBytes(request, "external_id"); external.Exists() {
		body = swapped(body, "modified_external_id", external.String()) // it is run-unique
	}
	w.WriteHeader(r.status)
	_ = json.NewEncoder(w).Encode(body)
}

func (r *replay) given(w http.ResponseWriter, req *http.Request) {
	recorded := func(paths ...string) string {
		for _, p := range paths {
			if v := gjson.Get(r.example.ResponseBody, p); v.Exists() {
				return v.Raw
			}
		}
		return r.segment(6)
	}
	switch parts := strings.Split(req.URL.Path, "/"); {
	case len(parts) == 4:
		fmt.Fprintf(w, `{"asset": {"id": %q}}`, r.segment(4))
	case req.Method == http.MethodPost && parts[5] == "comments":
		fmt.Fprintf(w, `{"comment": {"id": %s}}`, recorded("comment.id", "comments.0.id"))
	case req.Method == http.MethodPost && parts[5] == "dag_actions":
		fmt.Fprintf(w, `{"dag_action_run": {"id": %s}}`, recorded("dag_action_runs.0.id"))
	default:
		_, _ = io.WriteString(w, `{"ok": "ok"}`)
	}
}

// state provides what the recorded request or response names.
func (r *replay) state(_ context.Context, state string, _ map[string]string) (map[string]string, error) {
	first := func(texts ...string) string {
		return texts[slices.IndexFunc(texts, func(t string) bool { return t != "" })]
	}
	in := func(path string) string { return gjson.Get(r.example.ResponseBody, path).String() }
	r.mu.Lock()
	defer r.mu.Unlock()
	r.projects++
	return map[string]string{
		"api_key":       "another-key",
		"comment_id":    r.segment(6),
		"media_id":      r.segment(6),
		"dag_action_id": first(in("dag_actions.0.id"), in("dag_action_runs.0.dag_action.id"), r.segment(6)),
		"collection_id": first(in("collections.0.id"), "unused"),
		"project_id":    fmt.Sprint(first(gjson.Get(r.example.RequestBody, "to_project_id").String(), "unused"), r.projects),
	}, nil
}

// satisfies tells whether the scenario of the recorded example passes on r.
func (r *replay) satisfies(t *testing.T, id string) (bool, string) {
	t.Helper()
	result, err := pocketcheck.Run(t.Context(), pocketcheck.Target{
		Handler: r, Key: pocketcheck.NewKey("a-key"), States: r.state,
	}, pocketcheck.Options{Facts: []string{id}, Settle: -1, Concurrency: 1})
	require.NoError(t, err)
	i := slices.IndexFunc(result.Facts, func(f report.Result) bool { return f.Fact.ID == id })
	scenarios := result.Facts[i].Scenarios
	require.NotEmpty(t, scenarios, "%s: %s", id, result.Facts[i].Reason)
	return scenarios[0].Outcome == report.Passed, scenarios[0].Reason
}

// recorded is an example with the fact that it is.
type recorded struct {
	fact     fixtures.Fact
	endpoint fixtures.Endpoint
	example  fixtures.Example
}

func recordedExamples(t *testing.T) []recorded {
	t.Helper()
	contract, err := fixtures.ParseContract(fixtures.Document())
	require.NoError(t, err)
	var all []recorded
	for _, e := range contract.Endpoints {
		for _, x := range e.Examples {
			for _, f := range fixtures.Facts() {
				if f.Kind == "example" && f.Tier == "documented" && f.Lines == x.Lines {
					all = append(all, recorded{f, e, x})
				}
			}
		}
	}
	require.Len(t, all, 65)
	return all
}

func (x recorded) replay(status int, body any) *replay {
	return &replay{
		example: x.example, method: x.endpoint.Method, pattern: x.endpoint.Path,
		earlier: earlier[x.fact.ID], status: status, body: body,
	}
}

// TestDocumentReplayed replays each example's own recorded response, and then
// each response with one thing changed. The scenario that claims to check the
// example must pass on the first and on none of the others.
func TestDocumentReplayed(t *testing.T) {
	referencetest.Again(t)
	t.Parallel()
	var mu sync.Mutex
	tried, noticed := 0, 0
	excused := map[string]int{}
	t.Run("examples", func(t *testing.T) {
		for _, x := range recordedExamples(t) {
			t.Run(x.fact.ID, func(t *testing.T) {
				t.Parallel()
				passes, reason := x.replay(x.example.Status, parse(t, x.example.ResponseBody)).satisfies(t, x.fact.ID)
				require.True(t, passes, "the recorded response fails its own scenario: %s", reason)
				for _, m := range mutationsOf(t, x) {
					passes, _ := x.replay(m.status, m.body).satisfies(t, x.fact.ID)
					why := m.excuse(x.fact.ID)
					mu.Lock()
					tried++
					if !passes {
						noticed++
					} else {
						excused[why]++
					}
					mu.Unlock()
					if passes && why == "" {
						t.Errorf("not noticed: %s", m.name)
					}
					if !passes && why != "" {
						t.Errorf("noticed, although excused since %q: %s", why, m.name)
					}
				}
			})
		}
	})
	t.Logf("%d mutations of 65 recorded responses tried, %d noticed, %d free:", tried, noticed, tried-noticed)
	for why, n := range excused {
		t.Logf("%4d free: %s", n, why)
	}
	for _, e := range excuses {
		require.NotZero(t, excused[e.why], "no mutation needs the excuse %q", e.why)
	}
}
