package steps

import (
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The limits of the client.
const (
	bodyLimit   = 8 << 20
	headerLimit = 64 << 10
	longest     = 4000
)

// TestLongHeaders: of an answer whose headers can't be read nothing is known, and the
// document says nothing of their size.
func TestLongHeaders(t *testing.T) {
	t.Parallel()
	for name, lengthen := range map[string]func(http.ResponseWriter){
		"of the answer": func(w http.ResponseWriter) { w.Header().Set("X-Long", strings.Repeat("x", headerLimit+1)) },
		"of many hints": func(w http.ResponseWriter) {
			for range headerLimit / 20 {
				w.WriteHeader(http.StatusEarlyHints)
			}
		},
	} {
		for of, is := range map[string]func(*http.Request) bool{
			"of its When":    func(r *http.Request) bool { return r.Method == http.MethodGet && !isProbe(r) },
			"of its Given":   isAssets,
			"of all answers": func(*http.Request) bool { return true },
		} {
			t.Run(name+" "+of, func(t *testing.T) {
				t.Parallel()
				target := newTarget(t, func(w http.ResponseWriter, r *http.Request) bool {
					if is(r) {
						lengthen(w)
					}
					return false
				})
				result := target.run(t.Context(), t, scenario("Given an asset", "When I get the asset", "Then the request succeeds"), nil)
				const why = "the headers of the answer are longer than 64 KiB"
				if of == "of all answers" {
					require.ErrorContains(t, result.Unfit, why)
					return
				}
				require.Len(t, result.Scenarios, 1)
				assert.Equal(t, report.Errored, result.Scenarios[0].Outcome)
				assert.Contains(t, result.Scenarios[0].Reason, why)
			})
		}
	}
}

// TestDeepNesting runs alone, since it looks at what the process allocates.
// Reading 8 MiB of brackets into values would take GBs.
func TestDeepNesting(t *testing.T) {
	for name, body := range map[string]string{
		"open":   strings.Repeat("[", bodyLimit),
		"closed": strings.Repeat("[", bodyLimit/2) + strings.Repeat("]", bodyLimit/2),
		"object": strings.Repeat(`{"asset":`, bodyLimit/9),
	} {
		target := newTarget(t, func(w http.ResponseWriter, r *http.Request) bool {
			return r.Method == http.MethodGet && !isProbe(r) && reply(w, http.StatusOK, body)
		})
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got := target.check(t, scenario("Given an asset", "When I get the asset",
			with("Then the request succeeds with:", `{"asset": {"id": "${asset id}"}}`)), nil)
		runtime.ReadMemStats(&after)
		require.Equal(t, report.Failed, got.Outcome, name)
		assert.Equal(t, "none: the answer has values more than 200 deep in each other; the suite reads no more", got.Failure.Actual, name)
		assert.Less(t, len(got.Failure.Actual), 2*longest, name)
		assert.Less(t, len(got.Reason), 2*longest, name)
		assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<20), name)
	}
}
