package mock_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// mostMore is how many allocations a request may cost more at the mock, with its journal, a
// line and a rule for another caller, than at the reference alone.
const mostMore = 20

// TestAllocations is not parallel: allocations are those of the process.
func TestAllocations(t *testing.T) {
	bare, levered := handler(t, false), handler(t, true)
	for name, send := range map[string]func(http.Handler){
		"GET": func(to http.Handler) {
			to.ServeHTTP(unread{}, arrived(t, http.MethodGet, "/api/v2/assets/"+sample, ""))
		},
		"PUT": func(to http.Handler) {
			to.ServeHTTP(unread{}, arrived(t, http.MethodPut, "/api/v2/assets/"+sample, `{"title": "Sample Asset", "tags": ["a", "b"]}`))
		},
	} {
		more := testing.AllocsPerRun(1000, func() { send(levered) }) - testing.AllocsPerRun(1000, func() { send(bare) })
		assert.LessOrEqual(t, more, float64(mostMore), name)
	}
}

// arrived is a request as net/http hands it to a server.
func arrived(tb testing.TB, method, target, body string) *http.Request {
	tb.Helper()
	r := asked(tb, method, target, body)
	r.RequestURI, r.Body = target, http.NoBody
	if body != "" {
		r.Body = io.NopCloser(strings.NewReader(body))
	}
	return r
}

// unread takes an answer that nobody reads.
type unread struct{}

func (unread) Header() http.Header         { return http.Header{} }
func (unread) WriteHeader(int)             {}
func (unread) Write(p []byte) (int, error) { return len(p), nil }
