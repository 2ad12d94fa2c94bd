package steps

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// documented are the paths of the document, with ids that are one segment each.
var documented = regexp.MustCompile(`^/api/v2/assets(/[\w-]+(/(comments(/[\w-]+)?|history/[\w-]+|media|assign|collections))?)?$`)

// hostileIDs are no segments of a path, by what is said of them.
var hostileIDs = map[string]string{
	"..": "is a segment of dots", ".": "is a segment of dots", "": `""`, "a/b": "has a slash", "../../admin": "is a segment of dots",
	`..\..\x`: "is a segment of dots", "/": "has a slash", "a\x00b": "has a control character", "a\nb": "has a control character",
	"a\u009bb": "has a control character", strings.Repeat("x", 3000): "has 3000 bytes, more than the 1024 that the suite takes",
}

// TestHostileIDs: what a target calls an id leads to no other path than a documented one,
// and fails what gave it.
func TestHostileIDs(t *testing.T) {
	t.Parallel()
	for id, says := range hostileIDs {
		quoted, err := json.Marshal(id)
		require.NoError(t, err)
		for _, tt := range []struct {
			what, suffix, answer string
			given, when          string
		}{
			{"asset of a Given", "/assets", `{"asset": {"id": ID}}`, "Given an asset", "When I get the asset"},
			{"asset", "/assets", `{"asset": {"id": ID}}`, "", `When I create an asset with: {"title": "t"}`},
			{"comment of a Given", "/comments", `{"comment": {"id": ID}}`, `Given an asset, And a comment "c" on the asset`, "When I get the comment"},
			{"comment", "/comments", `{"comment": {"id": ID}}`, "Given an asset", `When I create a comment with: {"comment": "c"}`},
		} {
			t.Run(tt.what+" "+says, func(t *testing.T) {
				t.Parallel()
				made := false
				target := newTarget(t, func(w http.ResponseWriter, r *http.Request) bool {
					assert.Regexp(t, documented, r.RequestURI)
					if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, tt.suffix) || made {
						return false
					}
					return reply(w, http.StatusOK, strings.Replace(tt.answer, "ID", string(quoted), 1))
				})
				var lines []string
				for line := range strings.SplitSeq(tt.given+", "+tt.when, ", ") {
					if step, doc, has := strings.Cut(line, ": "); has {
						line = with(step+":", doc)
					}
					if line != "" {
						lines = append(lines, line)
					}
				}
				got := target.check(t, scenario(append(lines, "Then the request succeeds")...), nil)
				if tt.given != "" && strings.Contains(tt.what, "Given") {
					assert.Equal(t, report.Blocked, got.Outcome, got.Reason)
				} else {
					assert.Equal(t, report.Failed, got.Outcome, got.Reason)
				}
				assert.Contains(t, got.Reason, says)
				assert.Contains(t, got.Reason, "want an id")
			})
		}
	}
}

// TestHostileCursors: so it is with cursors, whose slashes are escaped.
func TestHostileCursors(t *testing.T) {
	t.Parallel()
	for cursor, says := range hostileIDs {
		if cursor == "" || strings.Contains(says, "slash") { // the end, and the target's own
			continue
		}
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			quoted, err := json.Marshal(cursor)
			require.NoError(t, err)
			target := newTarget(t, func(w http.ResponseWriter, r *http.Request) bool {
				assert.Regexp(t, documented, r.RequestURI)
				return strings.Contains(r.URL.Path, "/history/") && reply(w, http.StatusOK, `{"history": {"results": [], "next_cursor": `+string(quoted)+`}}`)
			})
			got := target.check(t, scenario("Given an asset", `When I get the history "0"`,
				with("Then the history has a result:", `{"event_type": "ASSET_ADDED"}`)), nil)
			assert.Equal(t, report.Failed, got.Outcome, got.Reason)
			assert.Contains(t, got.Reason, says)
		})
	}
}

// TestLedgerOfHostileIDs: a ledger is a file, which anybody may have written.
func TestLedgerOfHostileIDs(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Error(r.Method, r.RequestURI) }))
	t.Cleanup(server.Close)
	var ledger strings.Builder
	line := func(e entry) {
		text, err := json.Marshal(e)
		require.NoError(t, err)
		_, _ = io.WriteString(&ledger, string(text)+"\n")
	}
	line(entry{Event: eventRun, Run: "1", Target: server.URL})
	for id := range hostileIDs {
		if id != "" {
			line(entry{Event: eventMade, Run: "1", Asset: id})
		}
	}
	cleaned, err := Clean(t.Context(), strings.NewReader(ledger.String()), Config{URL: server.URL}, 0)
	require.NoError(t, err)
	assert.Len(t, cleaned.LeftBehind, len(hostileIDs)-1)
	for _, left := range cleaned.LeftBehind {
		assert.Contains(t, left, "not sent: an id in its path would make it a request to another")
	}
}
