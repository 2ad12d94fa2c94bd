package steps

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// updating is a scenario whose When is a write with a name of its own.
var updating = scenario("Given an asset", with("When I update the asset with:", `{"external_id": "${external id}"}`),
	"Then the request succeeds")

// TestUncertainWriteRunsItsScenarioAgain: a write that met trouble on the way
// may have been carried out, so its whole scenario runs once more.
func TestUncertainWriteRunsItsScenarioAgain(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		trouble func(http.ResponseWriter) bool
		times   int32
		want    report.Outcome
		reason  string
		puts    int
	}{
		{"503 once", status(503, ""), 1, report.Passed, "", 2},
		{"502 once", status(502, ""), 1, report.Passed, "", 2},
		{"504 once", status(504, ""), 1, report.Passed, "", 2},
		{"503 twice", status(503, ""), 2, report.Passed, "", 3},
		{"503 for ever", status(503, ""), 99, report.Failed, "is 503 Service Unavailable, want 200 OK", 5},
		{"408 for ever", status(408, ""), 99, report.Failed, "is 408 Request Timeout, want 200 OK", 5},
		{"reset once", reset, 1, report.Passed, "", 2},
		{"reset twice", reset, 2, report.Passed, "", 3},
		{"reset for ever", reset, 99, report.Failed, "no answer", 5},
		{"500 once", status(500, ""), 1, report.Failed, "is 500 Internal Server Error", 1},
		{"409 once", status(409, ""), 1, report.Failed, "is 409 Conflict", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var met atomic.Int32
			target := newTarget(t, func(w http.ResponseWriter, r *http.Request) bool {
				return r.Method == http.MethodPut && met.Add(1) <= tt.times && tt.trouble(w)
			})
			got := target.check(t, updating, nil)
			assert.Equal(t, tt.want, got.Outcome, got.Reason)
			assert.Contains(t, got.Reason, tt.reason)
			puts := target.requests("PUT", "")
			require.Len(t, puts, tt.puts)
			if tt.puts > 1 {
				assert.NotEqual(t, puts[0].path, puts[1].path, "another asset")
				assert.NotEqual(t, puts[0].body, puts[1].body, "another external id")
				assert.Len(t, target.requests("POST", "/assets"), 1+tt.puts, "the preflight's and the scenario's")
			}
		})
	}
}

// TestCreationThatBrokeOff: what a creation without an answer made is known to
// nobody, so the ledger says that it may be there.
func TestCreationThatBrokeOff(t *testing.T) {
	t.Parallel()
	for name, breaks := range map[string]func(http.ResponseWriter) bool{
		"before the answer": reset,
		"in the body": func(w http.ResponseWriter) bool {
			w.Header().Set("Content-Length", "1000")
			return reply(w, http.StatusOK, `{"asset": {"id": "`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var met atomic.Int32
			target := newTarget(t, func(w http.ResponseWriter, r *http.Request) bool {
				return isOwnAsset(r) && met.Add(1) == 1 && breaks(w)
			})
			result := target.run(t.Context(), t, scenario(with("Given an asset with:", `{"title": "t"}`), "When I get the asset",
				"Then the request succeeds"), nil)
			assert.Equal(t, report.Passed, result.Scenarios[0].Outcome, result.Scenarios[0].Reason)
			assert.Equal(t, 2, result.Ledger.Made)
			assert.Equal(t, 2, result.Ledger.Removed)
			require.Len(t, result.Ledger.LeftBehind, 1)
			assert.Regexp(t, `^perhaps an asset titled "t", at \d\d:\d\d:\d\d UTC: its creation got no whole answer$`, result.Ledger.LeftBehind[0])
		})
	}
}

// TestReadIsRepeatedInPlace: a GET carries nothing out, so it alone is sent
// again.
func TestReadIsRepeatedInPlace(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]func(http.ResponseWriter) bool{
		"reset": reset, "503": status(503, ""),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var met atomic.Int32
			target := newTarget(t, func(w http.ResponseWriter, r *http.Request) bool {
				return r.Method == http.MethodGet && !isProbe(r) && met.Add(1) == 1 && trouble(w)
			})
			got := target.check(t, scenario("Given an asset", "When I get the asset", "Then the request succeeds"), nil)
			assert.Equal(t, report.Passed, got.Outcome, got.Reason)
			assert.Len(t, target.requests("POST", "/assets"), 2, "the probe's and the scenario's")
			assert.Equal(t, 1, strings.Count(got.Curl+"-X GET", "-X GET"))
		})
	}
}

// TestInternalFailureIsNotRepeatedInPlace: the state's key is good for one
// request, so even a GET that met trouble runs its scenario again, with a key of
// its own.
func TestInternalFailureIsNotRepeatedInPlace(t *testing.T) {
	t.Parallel()
	for method, when := range map[string]string{
		"GET": "When I list the media", "PUT": with("When I update the asset with:", "{}"),
	} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			var met atomic.Int32
			target := newStatesTarget(t, nil)
			states := target.front
			target.front = func(w http.ResponseWriter, r *http.Request) bool {
				isWhen := r.Method == method && !isProbe(r)
				return isWhen && met.Add(1) == 1 && reply(w, http.StatusServiceUnavailable, "") || states(w, r)
			}
			got := target.check(t, scenario("Given an asset", "And an internal failure", when, "Then the request is refused with 500"),
				target.byURL)
			assert.Equal(t, report.Passed, got.Outcome, got.Reason)
			var asked []seen
			for _, r := range target.requests(method, "") {
				if strings.HasSuffix(r.path, "/media") || r.method == http.MethodPut {
					asked = append(asked, r)
				}
			}
			require.Len(t, asked, 2)
			assert.NotEqual(t, asked[0].path, asked[1].path, "another asset")
			assert.NotEqual(t, asked[0].header.Get("X-API-KEY"), asked[1].header.Get("X-API-KEY"), "another key")
		})
	}
}

// TestScenarioThatRunsAgainIsToldOnce: progress counts scenarios, not tries.
func TestScenarioThatRunsAgainIsToldOnce(t *testing.T) {
	t.Parallel()
	var met atomic.Int32
	target := newTarget(t, func(w http.ResponseWriter, r *http.Request) bool {
		return r.Method == http.MethodPut && met.Add(1) == 1 && reply(w, http.StatusServiceUnavailable, "")
	})
	var told []report.Outcome
	target.check(t, updating, func(c *Config) {
		c.Progress = func(s report.Scenario) { told = append(told, s.Outcome) }
	})
	assert.Equal(t, []report.Outcome{report.Passed}, told)
	assert.Len(t, target.requests("PUT", ""), 2)
}
