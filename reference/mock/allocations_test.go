package mock_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/reference/mock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mostMore is how many allocations a request may cost more at the mock, with its journal, a
// line and a rule for another caller, than at the reference alone.
const mostMore = 16

// TestAllocations is not parallel: allocations are those of the process.
func TestAllocations(t *testing.T) {
	seed, err := reference.ReadSeed(bytes.NewReader(fixtures.Seed()))
	require.NoError(t, err)
	unread, err := mock.New(memory.New(), mock.Options{Seed: seed, Unread: true})
	require.NoError(t, err)
	bare, levered := handler(t, false), handler(t, true)
	for name, send := range map[string]func(http.Handler){
		"GET": func(to http.Handler) {
			to.ServeHTTP(nowhere{}, arrived(t, http.MethodGet, "/api/v2/assets/"+sample, ""))
		},
		"PUT": func(to http.Handler) {
			to.ServeHTTP(nowhere{}, arrived(t, http.MethodPut, "/api/v2/assets/"+sample, `{"title": "Sample Asset", "tags": ["a", "b"]}`))
		},
	} {
		allocations := func(of http.Handler) float64 { return testing.AllocsPerRun(1000, func() { send(of) }) }
		alone := allocations(bare)
		assert.LessOrEqual(t, allocations(levered), alone+mostMore, name)
		assert.LessOrEqual(t, allocations(unread), alone, name)
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

// nowhere is where an answer goes that nobody reads.
type nowhere struct{}

func (nowhere) Header() http.Header         { return http.Header{} }
func (nowhere) WriteHeader(int)             {}
func (nowhere) Write(p []byte) (int, error) { return len(p), nil }
