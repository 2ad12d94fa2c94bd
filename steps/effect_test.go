package steps

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// commented is a scenario of an effect that is read back.
var commented = scenario("Given an asset", with("When I create a comment with:", `{"comment": "c"}`), "Then the comment is listed")

// first lets answer stand for the first n requests of a method and path.
func first(n int32, method, pathEnd string, answer func(http.ResponseWriter) bool) func(http.ResponseWriter, *http.Request) bool {
	var met atomic.Int32
	return answering(method, pathEnd, func(w http.ResponseWriter) bool { return met.Add(1) <= n && answer(w) })
}

func settling(d time.Duration) func(*Config) { return func(c *Config) { c.Settle = d } }

// TestEffects: the document promises no immediacy, so an effect has the time to
// settle; a wrong answer to the request itself has not.
func TestEffects(t *testing.T) {
	t.Parallel()
	none := status(200, `{"comments": []}`)
	for _, tt := range []struct {
		name   string
		front  func(http.ResponseWriter, *http.Request) bool
		settle time.Duration
		want   report.Outcome
		reads  int
	}{
		{"at once", nil, 0, report.Passed, 1},
		{"after a moment", first(3, "GET", "/comments", none), time.Minute, report.Passed, 4},
		{"after a 404", first(1, "GET", "/comments", status(404, "")), time.Minute, report.Passed, 2},
		{"after a moment, without time", first(1, "GET", "/comments", none), 0, report.Failed, 1},
		{"500", first(1, "GET", "/comments", status(500, "")), time.Minute, report.Failed, 1},
		{"the request itself is refused", answering("POST", "/comments", status(403, "{}")), time.Millisecond, report.Failed, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			target := newTarget(t, tt.front)
			got := target.check(t, commented, settling(tt.settle))
			assert.Equal(t, tt.want, got.Outcome, got.Reason)
			assert.Len(t, target.requests("GET", "/comments"), tt.reads)
			if tt.want == report.Passed {
				return
			}
			endpoint := map[bool]string{true: "GET", false: "POST"}[tt.reads > 0] + " /api/v2/assets/:asset_id/comments"
			assert.Equal(t, endpoint, got.Failure.Endpoint)
		})
	}
}

// TestEffectThatNeverComes is waited for as long as effects may take, no longer.
func TestEffectThatNeverComes(t *testing.T) {
	t.Parallel()
	target := newTarget(t, answering("GET", "/comments", status(200, `{"comments": []}`)))
	got := target.check(t, commented, settling(300*time.Millisecond))
	assert.Equal(t, report.Failed, got.Outcome, got.Reason)
	assert.Equal(t, "$.comments", got.Failure.Path)
	asked := target.requests("GET", "/comments")
	require.Greater(t, len(asked), 1)
	assert.Equal(t, 1, strings.Count(got.Curl, "-X GET"), "what was polled stands in the script once")
	assert.Less(t, asked[len(asked)-1].at.Sub(asked[0].at), 10*time.Second)
}

// TestWriteThatCameTooEarly: a write that is answered 404 is asked again only
// while its asset can't be read.
func TestWriteThatCameTooEarly(t *testing.T) {
	t.Parallel()
	feature := scenario("Given an asset", with("When I update the asset with:", `{"title": "t"}`), "Then the request succeeds")
	t.Run("the asset is there", func(t *testing.T) {
		t.Parallel()
		target := newTarget(t, func(w http.ResponseWriter, r *http.Request) bool {
			return r.Method == http.MethodPut && reply(w, http.StatusNotFound, `{"error": "asset not found"}`)
		})
		got := target.check(t, feature, settling(50*time.Millisecond))
		assert.Equal(t, report.Failed, got.Outcome, got.Reason)
		assert.Len(t, target.requests("PUT", ""), 2)
		assert.Zero(t, strings.Count(got.Curl, "-X GET"), "the look is no part of the scenario")
	})
	t.Run("the asset is not there yet", func(t *testing.T) {
		t.Parallel()
		var met atomic.Int32
		target := newTarget(t, func(w http.ResponseWriter, r *http.Request) bool {
			hidden := (r.Method == http.MethodPut || r.Method == http.MethodGet && !isProbe(r)) && met.Add(1) <= 4
			return hidden && reply(w, http.StatusNotFound, `{"error": "asset not found"}`)
		})
		got := target.check(t, feature, settling(time.Minute))
		assert.Equal(t, report.Passed, got.Outcome, got.Reason)
		assert.Len(t, target.requests("PUT", ""), 3, "two are answered 404, each with a look at the asset")
	})
	t.Run("a write that was refused otherwise", func(t *testing.T) {
		t.Parallel()
		target := newTarget(t, func(w http.ResponseWriter, r *http.Request) bool {
			return r.Method == http.MethodPut && reply(w, http.StatusInternalServerError, "")
		})
		got := target.check(t, feature, settling(time.Minute))
		assert.Equal(t, report.Failed, got.Outcome, got.Reason)
		assert.Len(t, target.requests("PUT", ""), 1)
	})
}

// TestTryingAgain: what is done a second time is tried once; where that succeeds
// the effect may be late, and the scenario runs again with patience.
func TestTryingAgain(t *testing.T) {
	t.Parallel()
	feature := scenario("Given an asset", "And a project", "And the asset is assigned to the project", "When I unassign the asset",
		with("Then the request succeeds with:", `{"ok": "ok"}`),
		`And unassigning the asset is answered 200 with the error "${asset id} does not have a parent project"`)
	for _, tt := range []struct {
		name   string
		late   int32 // the last second try that succeeds
		settle time.Duration
		want   report.Outcome
		tries  int
	}{
		{"refused at once", 0, 50 * time.Millisecond, report.Passed, 2},
		{"succeeds first", 1, 50 * time.Millisecond, report.Passed, 4},
		{"succeeds first, without time", 1, 0, report.Failed, 2},
		{"succeeds always", 100, 50 * time.Millisecond, report.Failed, 4},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var met atomic.Int32
			target := newTarget(t, answering("DELETE", "/unassign", func(w http.ResponseWriter) bool {
				n := met.Add(1)
				return n%2 == 0 && n/2 <= tt.late && reply(w, http.StatusOK, `{"ok": "ok"}`)
			}))
			got := target.check(t, feature, func(c *Config) {
				c.Settle, c.Values.ProjectIDs = tt.settle, []string{"mJebz2r3ck0CTGIExPa4"}
			})
			assert.Equal(t, tt.want, got.Outcome, got.Reason)
			asked := target.requests("DELETE", "/unassign")
			require.Len(t, asked, tt.tries)
			if tt.tries == 4 {
				assert.NotEqual(t, asked[0].path, asked[2].path, "another asset")
				assert.GreaterOrEqual(t, asked[3].at.Sub(asked[2].at), tt.settle, "it waits before it tries again")
			}
		})
	}
}
