package steps

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
)

// event gives an event of the history of an asset.
func event(asset string) string {
	return fmt.Sprintf(`{"event_type": "ASSET_ADDED", "event_targets": [{"target_type": "Asset",
		"target": {"elasticsearch_id": %q}}]}`, asset)
}

func pageOf(next string, events ...string) string {
	return fmt.Sprintf(`{"history": {"results": [%s], "next_cursor": %s}}`, strings.Join(events, ","), next)
}

// turn answers with the page of a cursor, else with that of any; where there is
// none, with an error whose body is a good page all the same. OWN stands for the
// asset's id.
func turn(w http.ResponseWriter, pages map[string]string, asset, cursor string) bool {
	code, answer := http.StatusOK, pages[cursor]
	if answer == "" {
		answer = strings.ReplaceAll(pages[""], "NEXT", cursor+"1")
	}
	if answer == "" {
		code, answer = http.StatusInternalServerError, pageOf("null", event("OWN"))
	}
	return reply(w, code, strings.ReplaceAll(answer, "OWN", asset))
}

// The Thens, and an event of the asset and of another one.
const alone = "Then no event of another asset is in the history"

var (
	own, other = event("OWN"), event("another")
	added      = with("Then the history has a result:", `{"event_type": "ASSET_ADDED", "event_targets": [
        {"target": {"elasticsearch_id": "${asset id}"}}, "#and others"]}`)
)

// histories are pages by cursor, "" being any, and what a Then makes of them.
var histories = []struct {
	name, then string
	pages      map[string]string // by cursor; "" for any other
	want       report.Outcome
	path       string // of the failure
	asked      int
}{
	{"first page", added, map[string]string{"0": pageOf("null", own)}, report.Passed, "", 1},
	{"third page", added, map[string]string{"0": pageOf("7", other), "7": pageOf(`"x y"`), "x y": pageOf("null", own)}, report.Passed, "", 3},
	{"no page", added, map[string]string{"0": pageOf("7", other), "7": pageOf("null")}, report.Failed, "$.history.results[0].event_targets[0].target.elasticsearch_id", 2},
	{"nothing at all", added, map[string]string{"0": pageOf("null")}, report.Failed, "$.history.results", 1},
	{"empty cursor", added, map[string]string{"0": pageOf(`""`)}, report.Failed, "$.history.results", 1},
	{"loop", added, map[string]string{"0": pageOf("7"), "7": pageOf("8"), "8": pageOf("7")}, report.Failed, "$.history.next_cursor", 3},
	{"to itself", added, map[string]string{"0": pageOf("0")}, report.Failed, "$.history.next_cursor", 2},
	{"endless", added, map[string]string{"": pageOf(`"NEXT"`)}, report.Failed, "$.history.next_cursor", 1 + maxPages},
	{"error on the way", added, map[string]string{"0": pageOf("7")}, report.Failed, "", 2},
	{"error with a result", added, map[string]string{}, report.Failed, "", 1},
	{"no JSON on the way", added, map[string]string{"0": pageOf("7"), "7": "{"}, report.Failed, "", 2},
	{"own events", alone, map[string]string{"0": pageOf("7", own, "{}"), "7": pageOf("null", own)}, report.Passed, "", 2},
	{"event of another asset", alone, map[string]string{"0": pageOf("7", own), "7": pageOf("null", own, other)}, report.Failed, "$.history.results", 2},
	{"error instead of events", alone, map[string]string{}, report.Failed, "", 1},
}

// TestHistory follows next_cursor from page to page.
func TestHistory(t *testing.T) {
	t.Parallel()
	for _, tt := range histories {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int32
			target := newTarget(t, func(w http.ResponseWriter, r *http.Request) bool {
				asset, cursor, isHistory := strings.Cut(strings.TrimPrefix(r.URL.Path, "/api/v2/assets/"), "/history/")
				if !isHistory {
					return false
				}
				asked.Add(1)
				return turn(w, tt.pages, asset, cursor)
			})
			got := target.check(t, scenario("Given an asset", `When I get the history "0"`, tt.then), nil)
			assert.Equal(t, tt.want, got.Outcome, got.Reason)
			if tt.want == report.Failed && assert.NotNil(t, got.Failure) {
				assert.Equal(t, tt.path, got.Failure.Path, got.Reason)
			}
			assert.EqualValues(t, tt.asked, asked.Load())
		})
	}
}
