package steps

import (
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// get asks a server that is made of handler.
func get(t *testing.T, timeout time.Duration, handler http.HandlerFunc) (*exchange, error) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	s := newSession(Config{URL: server.URL, Timeout: timeout})
	t.Cleanup(s.close)
	e := &exchange{method: http.MethodGet, url: s.api("/")}
	return e, s.newWorld("s", nil).do(t.Context(), e)
}

func TestLongBody(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		size int
		want error
	}{{"at the limit", bodyLimit, nil}, {"beyond it", bodyLimit + 1, errTooLong}, {"without end", 1 << 50, errTooLong}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int32
			e, err := get(t, 20*time.Second, func(w http.ResponseWriter, _ *http.Request) {
				asked.Add(1)
				_, _ = io.CopyN(w, endless('1'), int64(tt.size)) // it may be cut off
			})
			require.ErrorIs(t, err, tt.want)
			assert.Len(t, e.answer, bodyLimit)
			assert.EqualValues(t, 1, asked.Load(), "the same again would be as long")
		})
	}
}

// endless gives one byte for ever.
type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

func TestLongHeader(t *testing.T) {
	t.Parallel()
	target := newTarget(t, func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodGet && !isProbe(r) {
			w.Header().Set("X-Long", strings.Repeat("x", headerLimit+1))
		}
		return false
	})
	got := target.check(t, scenario("Given an asset", "When I get the asset", "Then the request succeeds"), nil)
	assert.Equal(t, Errored, got.Outcome)
	assert.Contains(t, got.Reason, "no answer")
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
			with("Then the request succeeds with:", `{"asset": {"id": "<asset id>"}}`)), nil)
		runtime.ReadMemStats(&after)
		require.Equal(t, Failed, got.Outcome, name)
		assert.Equal(t, "JSON", got.Failure.Expected, name)
		assert.Less(t, len(got.Failure.Actual), 2*longest, name)
		assert.Less(t, len(got.Reason), 2*longest, name)
		assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(512<<20), name)
	}
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]string{"no answer": "", "half an answer": `{"media": [`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int32
			_, err := get(t, 50*time.Millisecond, func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				if begin != "" {
					_, _ = io.WriteString(w, begin)           // the client
					_ = http.NewResponseController(w).Flush() // will go
				}
				<-r.Context().Done()
			})
			require.ErrorContains(t, err, "no answer: no whole answer within 50ms")
			assert.LessOrEqual(t, asked.Load(), int32(1), "it is not asked again")
		})
	}
}
