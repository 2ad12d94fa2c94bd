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

// How many ask at once, each how often in a turn, and how many turns there are in a round.
const clients, each, turns = 32, 15, 20

// BenchmarkCost compares the mock, with its journal, a line for each request and a rule
// for another caller, with the reference alone, in short turns one after the other: a machine
// that is slow for a second is so for both. share is the throughput of the first to that of
// the second, the median of the rounds; kept is that of what only keeps each exchange, which
// no journal is faster than.
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
			bare, kept, levered := serving(b, handler(b, false)), serving(b, keeping(handler(b, false))), serving(b, handler(b, true))
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
			defer client.CloseIdleConnections()
			asking(b, client, levered, request, mostKept/clients) // until it lets go of one for each that comes
			asking(b, client, kept, request, mostKept/clients)
			var shares, floors []float64
			for range 9 {
				var alone, only, with time.Duration
				for range turns {
					alone += asking(b, client, bare, request, each)
					only += asking(b, client, kept, request, each)
					with += asking(b, client, levered, request, each)
				}
				shares, floors = append(shares, alone.Seconds()/with.Seconds()), append(floors, alone.Seconds()/only.Seconds())
			}
			slices.Sort(shares)
			slices.Sort(floors)
			b.ReportMetric(shares[len(shares)/2], "share")
			b.ReportMetric(floors[len(floors)/2], "kept")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// mostKept are the exchanges that a journal keeps.
const mostKept = 10_000

// keeping keeps the newest exchanges, and does nothing with them.
func keeping(next http.Handler) http.Handler {
	var mu sync.Mutex
	var all [mostKept]*traffic.Exchange
	n := 0
	return traffic.Watch(next, func(_ *http.Request, x *traffic.Exchange) {
		mu.Lock()
		defer mu.Unlock()
		all[n%mostKept] = x
		n++
	})
}

func asked(tb testing.TB, method, url, body string) *http.Request {
	tb.Helper()
	r, err := http.NewRequestWithContext(tb.Context(), method, url, strings.NewReader(body))
	require.NoError(tb, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-API-KEY", adminKey)
	return r
}

func serving(b *testing.B, handler http.Handler) string {
	b.Helper()
	server := httptest.NewServer(handler)
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

// asking is how long a server takes to answer 32 clients, each so often.
func asking(b *testing.B, client *http.Client, url string, request func(string) *http.Request, each int) time.Duration {
	b.Helper()
	begin := time.Now()
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
	return time.Since(begin)
}
