package steps

import (
	"net/http"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
)

// TestReadFirst: what does not show yet is waited for. What the document shows of any
// asset must be answered; whatever else comes is not for this read to judge.
func TestReadFirst(t *testing.T) {
	t.Parallel()
	late, denied := status(http.StatusNotFound, ""), status(http.StatusForbidden, "{}")
	for _, tt := range []struct {
		name   string
		given  []string
		path   string // that is read
		answer func(http.ResponseWriter) bool
		times  int32
		want   report.Outcome
		by     string
		reads  int
	}{
		{"late", []string{"And the comments were read"}, "/comments", late, 2, report.Passed, "", 3},
		{"wrong", []string{"And the comments were read"}, "/comments", status(http.StatusInternalServerError, ""), 100, report.Blocked, "comments.list.ok", 1},
		{"denied", []string{"And the DAG actions were read"}, "/dag_actions", denied, 100, report.Passed, "", 1},
		{"without example", []string{"And the file metadata was read"}, "/file_metadata", late, 100, report.Passed, "", 1},
		{"in the trash bin", []string{"And the asset is in the trash bin", "And the comments were read"}, "/comments", late, 100, report.Passed, "", 1},
		{"at the other asset", []string{`And a comment "c" on another asset`, "And the comments were read at the other asset"}, "/comments", nil, 0, report.Passed, "", 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			target := newTarget(t, first(tt.times, http.MethodGet, tt.path, tt.answer))
			got := target.check(t, scenario(append(append([]string{"Given an asset"}, tt.given...), "When I delete the asset", "Then the request succeeds")...), settling(time.Minute))
			assert.Equal(t, tt.want, got.Outcome, got.Reason)
			assert.Equal(t, tt.by, got.By)
			assert.Len(t, target.requests(http.MethodGet, tt.path), tt.reads)
		})
	}
}
