package steps

import (
	"net/http"
	"testing"
	"testing/fstest"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// exploding panics, key and all, with its last request.
type exploding struct {
	requests []string
	last     int
}

func (e *exploding) RoundTrip(r *http.Request) (*http.Response, error) {
	e.requests = append(e.requests, r.Method)
	if len(e.requests) == e.last {
		panic("out of range: " + adminKey)
	}
	return http.DefaultTransport.RoundTrip(r)
}

// TestFaultBesideTheCaller: what panics in a goroutine of its own would end the process,
// with the key and a stack on standard error.
func TestFaultBesideTheCaller(t *testing.T) {
	t.Parallel()
	t.Cleanup(http.DefaultTransport.(*http.Transport).CloseIdleConnections)
	for name, tt := range map[string]struct {
		last int
		want report.Outcome // "": there is none, but an error
	}{
		"in the preflight": {1, ""},
		"in a step":        {6, report.Errored},
		"in a clean-up":    {8, ""},
		"in the sweep":     {10, ""},
		"nowhere":          {11, report.Passed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := newTarget(t, nil).config("@a.fact")
			e := &exploding{last: tt.last}
			config.Concurrency, config.transport = 1, e
			result, err := Run(t.Context(), fstest.MapFS{"f.feature": {Data: []byte(scenario("Given an asset", "When I list the comments", "Then the request succeeds"))}}, config)
			require.Equal(t, []string{"GET", "POST", "GET", "PUT", "DELETE", "POST", "GET", "DELETE", "GET", "GET"}[:min(tt.last, 10)], e.requests[:min(tt.last, 10)])
			if tt.want == "" {
				require.EqualError(t, err, "fault of the suite: out of range: REDACTED")
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.want, result.Scenarios[0].Outcome)
			assert.NotContains(t, result.Scenarios[0].Reason, adminKey)
		})
	}
}
