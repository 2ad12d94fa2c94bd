package mock_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/control"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/reference/mock"
	"github.com/pocketcheck/pocketcheck/report/traffic"
	"github.com/stretchr/testify/require"
)

// BenchmarkCost compares the mock, with its journal, a line for each request and a rule
// for another caller, with the reference alone, in rounds one after the other. share is
// the throughput of the first to that of the second, the median of the rounds.
func BenchmarkCost(b *testing.B) {
	for name, request := range map[string]func(url string) *http.Request{
		"GET asset": func(url string) *http.Request {
			return asked(b, http.MethodGet, url+"/api/v2/assets/"+sample, "")
		},
		"POST asset": func(url string) *http.Request {
			return asked(b, http.MethodPost, url+"/api/v2/assets", `{"title": "Sample Asset", "tags": ["a", "b"]}`)
		},
	} {
		b.Run(name, func(b *testing.B) {
			bare, levered := serving(b, false), serving(b, true)
			var shares []float64
			for range 9 {
				alone := throughput(b, bare, request)
				with := throughput(b, levered, request)
				shares = append(shares, with/alone)
			}
			slices.Sort(shares)
			b.ReportMetric(shares[len(shares)/2], "share")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func asked(tb testing.TB, method, url, body string) *http.Request {
	tb.Helper()
	r, err := http.NewRequestWithContext(tb.Context(), method, url, strings.NewReader(body))
	require.NoError(tb, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-API-KEY", adminKey)
	return r
}

// serving serves the reference alone, or with all levers.
func serving(b *testing.B, hasLevers bool) string {
	b.Helper()
	server := httptest.NewServer(handler(b, hasLevers))
	b.Cleanup(server.Close)
	return server.URL
}

// handler is the reference alone, or with all levers.
func handler(tb testing.TB, hasLevers bool) http.Handler {
	tb.Helper()
	seed, err := reference.ReadSeed(bytes.NewReader(fixtures.Seed()))
	require.NoError(tb, err)
	if !hasLevers {
		bare, err := reference.New(memory.New(), reference.Options{Seed: seed})
		require.NoError(tb, err)
		return bare
	}
	m, err := mock.New(memory.New(), mock.Options{Seed: seed, Seen: func(e traffic.Entry) {
		_, _ = io.WriteString(io.Discard, e.Line().String())
	}})
	require.NoError(tb, err)
	levers := httptest.NewServer(m.Control())
	tb.Cleanup(levers.Close)
	_, err = (&control.Client{URL: levers.URL}).AddRule(tb.Context(), control.Rule{User: editor, Status: 500})
	require.NoError(tb, err)
	return m
}

// throughput is how many requests a second a server answers to 32 clients.
func throughput(b *testing.B, url string, request func(string) *http.Request) float64 {
	const clients, each = 32, 150
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	defer client.CloseIdleConnections()
	start := time.Now()
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			for range each {
				answer, err := client.Do(request(url))
				if err != nil {
					b.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, answer.Body)
				_ = answer.Body.Close()
			}
		})
	}
	all.Wait()
	return clients * each / time.Since(start).Seconds()
}
