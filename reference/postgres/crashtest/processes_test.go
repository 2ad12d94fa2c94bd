package crashtest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"github.com/pocketcheck/pocketcheck/fixtures/containers/containertest"
)

// A process runs for a part of each turn, as on a machine of a fraction of a core, so that
// the stores, the clients and another process have room on this one.
const (
	turn    = 100 * time.Millisecond
	running = 15 * time.Millisecond
)

// BenchmarkProcesses reports how many times as much two processes answer as one, where
// what the stores can do is not the limit: three readings of an asset for each comment.
func BenchmarkProcesses(b *testing.B) {
	stack := containertest.Shared(b)
	var both []*served
	for range 2 {
		p := &served{database: stack.DatabaseURL(), elasticsearch: stack.ElasticsearchURL()}
		require.NoError(b, p.Start(b.Context()))
		b.Cleanup(p.close)
		both = append(both, p)
	}
	for b.Loop() {
		var ratios []float64
		for range 5 {
			ratios = append(ratios, 1/answered(b, both[:1])*answered(b, both))
		}
		slices.Sort(ratios)
		b.ReportMetric(ratios[len(ratios)/2], "two/one")
		b.ReportMetric(0, "ns/op") // of no interest: all of them together
		assert.GreaterOrEqual(b, ratios[len(ratios)/2], 1.7)
	}
}

// answered is how many requests the processes answer in a few seconds, each to clients of
// its own.
func answered(b *testing.B, processes []*served) float64 {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), 4*time.Second)
	defer cancel()
	var all sync.WaitGroup
	var count atomic.Int64
	for i, p := range processes {
		all.Go(func() {
			_ = wait(ctx, turn/2*time.Duration(i)) // one after the other
			p.limp(ctx)
		})
		for range 8 {
			all.Go(func() { count.Add(converse(ctx, b, p.address())) })
		}
	}
	all.Wait()
	return float64(count.Load())
}

// limp lets the process run for a part of the time, until the context's end.
func (s *served) limp(ctx context.Context) {
	for ctx.Err() == nil {
		_ = s.Pause(ctx)
		_ = wait(ctx, turn-running)
		_ = s.Unpause(ctx)
		_ = wait(ctx, running)
	}
}

// converse makes an asset, reads it and comments on it, and returns how often it was
// answered until the time was over.
func converse(ctx context.Context, b *testing.B, address string) (count int64) {
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	id := ""
	for n := 0; ; n++ {
		method, path, body := http.MethodGet, "/"+id, ""
		switch {
		case id == "":
			method, path, body = http.MethodPost, "", `{"title":"a title"}`
		case n%4 == 0:
			method, path, body = http.MethodPost, path+"/comments", `{"comment":"a comment"}`
		}
		r, err := http.NewRequestWithContext(ctx, method, fmt.Sprintf("http://%s/api/v2/assets%s", address, path), strings.NewReader(body))
		if err != nil {
			b.Error(err)
			return count
		}
		r.Header.Set("X-API-KEY", key)
		r.Header.Set("Content-Type", "application/json")
		answer, err := client.Do(r)
		if err != nil {
			return count // the time is over
		}
		text, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close() // what was read is all that is needed
		if err != nil {
			return count
		}
		if answer.StatusCode != http.StatusOK {
			b.Errorf("%s %s: %d %s", method, path, answer.StatusCode, text)
			return count
		}
		if id == "" {
			id = gjson.GetBytes(text, "asset.id").String()
		}
		count++
	}
}
