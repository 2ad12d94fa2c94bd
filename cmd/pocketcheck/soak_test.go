package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// measured is the command with a listener beside it that tells what the process has.
func measured() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Printf("measured at http://%s\n", l.Addr())
	go func() {
		_ = http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { // until the process ends
			_ = json.NewEncoder(w).Encode(have()) // who asked is gone
		}))
	}()
	main()
}

// level is what a process has at one time, without garbage. Memory is what it has of the
// system.
type level struct{ Heap, Memory, Goroutines, Descriptors int }

func have() level {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	open, _ := os.ReadDir("/dev/fd") // none on Windows
	return level{int(m.HeapAlloc) >> 10, int(m.Sys-m.HeapReleased) >> 10, runtime.NumGoroutine(), len(open)}
}

// dimensions are what must level off once the server is full: the median of the last quarter
// of the time is at most that of the second times a factor, and some more.
var dimensions = []struct {
	name   string
	of     func(level) int
	factor float64
	more   int
}{
	{"heap kB", func(l level) int { return l.Heap }, 1.05, 1 << 10},
	{"memory kB", func(l level) int { return l.Memory }, 1.15, 16 << 10},
	{"goroutines", func(l level) int { return l.Goroutines }, 1, 16},
	{"descriptors", func(l level) int { return l.Descriptors }, 1, 16},
}

// BenchmarkSoak has a server do all that it is there for, full and with ever other keys,
// for 10 minutes or POCKETCHECK_TEST_SOAK: in memory, or in the PostgreSQL of DATABASE_URL
// and the Elasticsearch of ELASTICSEARCH_URL. What it has must level off.
func BenchmarkSoak(b *testing.B) {
	long, err := time.ParseDuration(cmp.Or(os.Getenv("POCKETCHECK_TEST_SOAK"), "10m"))
	require.NoError(b, err, "POCKETCHECK_TEST_SOAK")
	for b.Loop() {
		soak(b, long)
	}
}

func soak(b *testing.B, long time.Duration) {
	args := []string{"serve", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0", "--max-assets", fmt.Sprint(soakAssets)}
	if database := os.Getenv("DATABASE_URL"); database != "" {
		args = append(args, "--database-url", database, "--elasticsearch-url", os.Getenv("ELASTICSEARCH_URL"))
	}
	p, err := beginAs("measured", b.TempDir(), nil, args...)
	require.NoError(b, err)
	b.Cleanup(p.close)
	require.True(b, p.stdout.has("serving at "), p.stderr)
	clients := startClients(b, printed(p, "serving"), printed(p, "provider states"))
	defer clients.stop()
	const asked = 200 // times
	tick := time.NewTicker(long / asked)
	defer tick.Stop()
	var levels []level
	fmt.Printf("\n%8s %9s %9s %11s %11s %11s %11s\n", "time", "requests", "assets", "heap kB", "memory kB", "goroutines", "descriptors")
	for begin, rows := time.Now(), 0; time.Since(begin) < long && !b.Failed(); <-tick.C {
		l := ask(b, printed(p, "measured"))
		if clients.haveFilled() { // before, it may grow
			levels = append(levels, l)
		}
		passed := time.Since(begin)
		if passed >= time.Duration(rows)*long/20 {
			rows++
			fmt.Printf("%8s %9d %9d %11d %11d %11d %11d\n", passed.Round(time.Second), clients.requests.Load(), clients.assets.Load(),
				l.Heap, l.Memory, l.Goroutines, l.Descriptors)
		}
	}
	require.Greater(b, len(levels), asked/2, "half of the time there was room left; give it more by POCKETCHECK_TEST_SOAK")
	mustBeLevel(b, levels)
	b.ReportMetric(float64(clients.requests.Load())/long.Seconds(), "requests/s")
	b.ReportMetric(0, "ns/op") // of no interest
}

func mustBeLevel(b *testing.B, levels []level) {
	for _, d := range dimensions {
		second, last := medianOf(d.of, levels[len(levels)/4:len(levels)/2]), medianOf(d.of, levels[len(levels)*3/4:])
		fmt.Printf("%-11s %9d in the second quarter, %9d in the last\n", d.name, second, last)
		assert.LessOrEqual(b, last, int(float64(second)*d.factor)+d.more, "%s: does not level off", d.name)
	}
}

// printed is the address that a process has printed for something.
func printed(p *process, what string) string {
	for line := range strings.Lines(p.stdout.String()) {
		if address, ok := strings.CutPrefix(line, what+" at "); ok {
			return strings.TrimSpace(address)
		}
	}
	return ""
}

func ask(b *testing.B, address string) (l level) {
	answer, err := http.Get(address)
	require.NoError(b, err)
	defer func() { _ = answer.Body.Close() }()
	require.NoError(b, json.NewDecoder(answer.Body).Decode(&l))
	return l
}

func medianOf(of func(level) int, levels []level) int {
	values := make([]int, len(levels))
	for i, l := range levels {
		values[i] = of(l)
	}
	slices.Sort(values)
	return values[len(values)/2]
}
