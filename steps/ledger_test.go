package steps

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// remaining gives the ids of assets that were created and that the reference
// still has.
func (t *target) remaining(test *testing.T) []string {
	test.Helper()
	var ids []string
	for _, r := range t.requests("POST", "/api/v2/assets") {
		var answer struct{ Asset struct{ ID string } }
		if json.Unmarshal([]byte(r.answer), &answer) != nil || answer.Asset.ID == "" {
			continue
		}
		get := httptest.NewRequest(http.MethodGet, "/api/v2/assets/"+answer.Asset.ID, nil)
		get.Header.Set("X-API-KEY", adminKey)
		got := httptest.NewRecorder()
		t.reference.ServeHTTP(got, get)
		if got.Code != http.StatusNotFound {
			ids = append(ids, answer.Asset.ID)
		}
	}
	return ids
}

// TestCleanUp: what a scenario made is removed, whatever became of it. The
// probe's asset counts too.
func TestCleanUp(t *testing.T) {
	t.Parallel()
	const comment = `And a comment "c" on the asset`
	for _, tt := range []struct {
		name  string
		steps []string
		front func(http.ResponseWriter, *http.Request) bool
		want  report.Outcome
		made  int
		asked int // how many DELETEs in all
	}{
		{"an asset", []string{"When I get the asset", "Then the request succeeds"}, nil, report.Passed, 2, 1},
		{"comments", []string{comment, `And another comment "d" on the asset`, "When I get the comment", "Then the request succeeds"},
			nil, report.Passed, 4, 3},
		{"on two assets", []string{`And a comment "c" on another asset`, "When I list the comments", "Then the request succeeds"}, nil, report.Passed, 4, 3},
		{"made by the When", []string{with("When I create an asset with:", `{"title": "t"}`), "Then the request succeeds"}, nil, report.Passed, 3, 2},
		{"after a failure", []string{comment, "When I get the comment", "Then the request is refused with 500"}, nil, report.Failed, 3, 2},
		{"after a Given that failed", []string{comment, "And the asset is in the trash bin", "When I get the comment", "Then the request succeeds"},
			answering("POST", "/trash_bin", status(500, "")), report.Blocked, 3, 2},
		{"removed by the scenario itself", []string{comment, "When I delete the asset", "Then the request succeeds"}, nil, report.Passed, 3, 2},
		{"in the trash bin", []string{"And the asset is in the trash bin", "When I get the asset", "Then the request succeeds"}, nil, report.Passed, 2, 1},
		{"not at the first try", []string{"When I get the asset", "Then the request succeeds"}, first(2, "DELETE", "", status(503, "")), report.Passed, 2, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			target := newTarget(t, tt.front)
			result := target.run(t.Context(), t, scenario(append([]string{"Given an asset"}, tt.steps...)...), nil)
			require.Len(t, result.Scenarios, 1)
			assert.Equal(t, tt.want, result.Scenarios[0].Outcome, result.Scenarios[0].Reason)
			assert.Equal(t, report.Ledger{Made: tt.made, Removed: tt.made}, result.Ledger)
			assert.Empty(t, target.remaining(t))
			assert.Len(t, target.requests("DELETE", ""), tt.asked)
		})
	}
}

// TestLeftBehind: what can't be removed is named, with the reason, and changes
// no outcome.
func TestLeftBehind(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		answer func(http.ResponseWriter) bool
		reason string
	}{
		{"404 of an asset that is there", status(404, ""), "DELETE answers 404, GET still 200"},
		{"403", status(403, ""), "DELETE answers 403"},
		{"500", status(500, ""), "DELETE answers 500"},
		{"503 for ever", status(503, ""), "DELETE answers 503"},
		{"no answer", reset, "no answer"},
		{"200, and nothing done", status(200, `{"ok": "ok"}`), "DELETE was answered, and GET still answers 200"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			target := newTarget(t, answering("DELETE", "", tt.answer))
			result := target.run(t.Context(), t, scenario("Given an asset", "When I get the asset", "Then the request succeeds"), nil)
			require.Len(t, result.Scenarios, 1)
			assert.Equal(t, report.Passed, result.Scenarios[0].Outcome, result.Scenarios[0].Reason)
			assert.Equal(t, 2, result.Ledger.Made)
			assert.Equal(t, 1, result.Ledger.Removed, "the preflight's")
			require.Len(t, result.Ledger.LeftBehind, 1)
			for _, id := range target.remaining(t) {
				line := strings.Join(result.Ledger.LeftBehind, "\n")
				assert.Contains(t, line, `asset "`+id+`": `)
				assert.Contains(t, line, tt.reason)
			}
		})
	}
}

// TestCleanUpOfHiddenAssets: a target may hide what is in the trash bin, or show
// late what was made. Neither stays.
func TestCleanUpOfHiddenAssets(t *testing.T) {
	t.Parallel()
	t.Run("in the trash bin", func(t *testing.T) {
		t.Parallel()
		var trash sync.Map // by path
		target := newTarget(t, func(w http.ResponseWriter, r *http.Request) bool {
			asset, isTrash := strings.CutSuffix(r.URL.Path, "/trash_bin")
			if isTrash {
				trash.Store(asset, true)
			}
			if asset, isRestore := strings.CutSuffix(r.URL.Path, "/restore"); isRestore {
				trash.Delete(asset)
			}
			_, isHidden := trash.Load(r.URL.Path)
			return isHidden && reply(w, http.StatusNotFound, `{"error": "asset not found"}`)
		})
		result := target.run(t.Context(), t, scenario("Given an asset", "When I move the asset to the trash bin",
			"Then the request succeeds"), nil)
		assert.Equal(t, report.Ledger{Made: 2, Removed: 2}, result.Ledger)
		assert.Empty(t, target.remaining(t))
		assert.Len(t, target.requests("POST", "/restore"), 1)
	})
	t.Run("not shown yet", func(t *testing.T) {
		t.Parallel()
		var met atomic.Int32
		target := newTarget(t, func(w http.ResponseWriter, r *http.Request) bool {
			return r.Method == http.MethodDelete && met.Add(1) <= 3 && reply(w, http.StatusNotFound, "")
		})
		result := target.run(t.Context(), t, scenario("Given an asset", "When I get the asset", "Then the request succeeds"),
			settling(time.Minute))
		assert.Equal(t, report.Ledger{Made: 2, Removed: 2}, result.Ledger)
		assert.Empty(t, target.remaining(t))
		assert.Empty(t, target.requests("POST", "/restore"), "nothing was in the trash bin")
	})
}

// TestCreationWithoutAnID can't be undone.
func TestCreationWithoutAnID(t *testing.T) {
	t.Parallel()
	target := newTarget(t, func(w http.ResponseWriter, r *http.Request) bool {
		return isOwnAsset(r) && reply(w, http.StatusOK, `{"asset": {"id": ""}}`)
	})
	result := target.run(t.Context(), t, scenario(with("When I create an asset with:", `{"title": "t"}`), "Then the request succeeds"), nil)
	assert.Equal(t, []int{2, 1}, []int{result.Ledger.Made, result.Ledger.Removed})
	require.Len(t, result.Ledger.LeftBehind, 1)
	assert.Regexp(t, `^an asset titled "t", at [\d:]{8} UTC: created by an answer without an id$`, result.Ledger.LeftBehind[0])
}

// TestCreationsWithoutAnyID are not made for a Given that would only fail: each stays.
func TestCreationsWithoutAnyID(t *testing.T) {
	t.Parallel()
	var creations atomic.Int64
	target := newTarget(t, func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/assets") {
			return false
		}
		if creations.Add(1) == 2 { // which is no reason for what comes later
			return reply(w, http.StatusInternalServerError, `{}`)
		}
		return reply(w, http.StatusOK, `{"asset": {}}`)
	})
	scenarios := ""
	for i := range 9 {
		scenarios += fmt.Sprintf("  @comments.list.ok\n  Scenario: %d\n    Given an asset\n    When I list the comments\n    Then the request succeeds\n", i)
	}
	result := target.run(t.Context(), t, "Feature: f\n"+scenarios, func(c *Config) { c.Concurrency = 1 })
	require.Len(t, result.Scenarios, 9)
	for i, s := range result.Scenarios {
		assert.Equal(t, report.Blocked, s.Outcome, s.Reason)
		assert.Equal(t, i == 0, strings.Contains(s.Reason, "is 500 Internal Server Error"), s.Reason)
		assert.Equal(t, i > 0, strings.Contains(s.Reason, "$.asset.id: is missing, want an id"), s.Reason)
	}
	require.Len(t, result.Ledger.LeftBehind, 1)
	assert.Regexp(t, `^3 assets titled "Sample Asset"`, result.Ledger.LeftBehind[0])
}
