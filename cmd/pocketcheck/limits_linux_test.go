package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// servedProcess is a process that serves, as users have it.
type servedProcess struct {
	*process
	t       *testing.T
	address string
}

// referenceAt starts the installed command, and waits until it serves.
func referenceAt(t *testing.T, dir string, args ...string) *servedProcess {
	t.Helper()
	p, err := beginAs(filepath.Join(dir, "pocketcheck"), t.TempDir(), nil, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	require.NoError(t, err)
	t.Cleanup(p.close)
	require.True(t, p.stdout.has("serving at "), "%s%s", p.stdout, p.stderr)
	u, err := url.Parse(p.servesAt().api)
	require.NoError(t, err)
	return &servedProcess{p, t, u.Host}
}

var highWater = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peak is the most memory, in MB, that the process has had.
func (r *servedProcess) peak() int {
	r.t.Helper()
	most, runs := peakOf(r.cmd.Process)
	require.True(r.t, runs, "%s%s", r.stdout, r.stderr)
	return most >> 20
}

// peakOf is how many bytes of memory a process has had at most, as long as it runs.
func peakOf(p *os.Process) (most int, runs bool) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Pid))
	found := highWater.FindSubmatch(status)
	if err != nil || found == nil { // what has ended has none
		return 0, false
	}
	kB, err := strconv.Atoi(string(found[1]))
	return kB << 10, err == nil
}

// send sends a request with a body of some bytes, which may never be taken, and gives the status of each
// answer that comes, such as 100 and 200.
func (r *servedProcess) send(ctx context.Context, head string, size int) (statuses []int) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", r.address)
	if !assert.NoError(r.t, err) {
		return nil
	}
	defer func() { _ = conn.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if _, err = fmt.Fprintf(conn, "%s\r\nHost: %s\r\nContent-Length: %d\r\n\r\n", head, r.address, size); err != nil {
		return nil
	}
	go func() { _, _ = io.Copy(conn, ones(size)) }() // the server may refuse it
	answers := bufio.NewReader(conn)
	for {
		answer, err := http.ReadResponse(answers, nil)
		if err != nil {
			return statuses
		}
		if statuses = append(statuses, answer.StatusCode); answer.StatusCode >= 200 {
			_, _ = io.Copy(io.Discard, answer.Body)
			return statuses
		}
	}
}

// ones is [1,1,…,1] of n bytes.
func ones(n int) io.Reader { return strings.NewReader("[" + strings.Repeat("1,", n/2-2) + " 1]") }

func TestRequestWithoutAKeyCostsNothing(t *testing.T) {
	t.Parallel()
	dir := installed(t)
	const create = "POST /api/v2/assets HTTP/1.1"
	const withKey = create + "\r\nX-API-KEY: " + embeddedKey
	for _, fault := range []string{"", "assets.create.valid-title/numbers-accepted"} {
		for _, tt := range []struct {
			name, head            string
			mb, times, want, peak int
		}{
			{"without a key", create, 32, 1, 401, 150},
			{"with an unknown key", create + "\r\nX-API-KEY: unknown", 32, 1, 401, 150},
			{"with a key", withKey, 32, 1, 413, 150},
			{"of an unknown path", "POST /unknown HTTP/1.1", 32, 1, 404, 150},
			{"of an unknown method", "POST / HTTP/1.1", 32, 1, 405, 150},
			{"of no path", "OPTIONS * HTTP/1.1", 32, 1, 404, 150},
			{"without a key, 16 at once", create, 32, 16, 401, 300},
			{"with a key, 16 at once", withKey, 32, 16, 413, 300},
			{"with a key, 16 at once that are taken", withKey, 1, 16, 400, 300},
		} {
			t.Run(tt.name+" "+fault, func(t *testing.T) {
				t.Parallel()
				r := referenceAt(t, dir, append([]string{}, faultFlag(fault)...)...)
				var all sync.WaitGroup
				for range tt.times {
					all.Go(func() { assert.Equal(t, []int{tt.want}, r.send(t.Context(), tt.head, tt.mb<<20)) })
				}
				all.Wait()
				assert.Less(t, r.peak(), tt.peak, "MB")
				t.Logf("%s %s: %d MB", tt.name, fault, r.peak())
			})
		}
	}
}

func faultFlag(name string) []string {
	if name == "" {
		return nil
	}
	return []string{"--fault", name}
}

// TestLongListsAreSentAsTheyAreRead: who lists a lot does not make the server hold all
// of it once more for each that asks, whatever it is told to do to answers.
func TestLongListsAreSentAsTheyAreRead(t *testing.T) {
	t.Parallel()
	dir := installed(t)
	path := "/api/v2/assets/rSkRlq2Aiw4wJvjvlqSm/comments"
	comment := fmt.Sprintf(`{"comment":"%s"}`, strings.Repeat(`\u0001`, 60_000)) // six bytes for each that is kept
	for _, fault := range []string{"", "comments.list.ok/without-id", "comments.list.err-401/kept-for-everybody"} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			r := referenceAt(t, dir, faultFlag(fault)...)
			for range 30 { // of which an asset may have no more
				r.asks(http.MethodPost, path, comment)
			}
			stored := r.peak()
			var all sync.WaitGroup
			for range 16 {
				all.Go(func() { assert.Greater(t, r.asks(http.MethodGet, path, ""), int64(10_000_000)) })
			}
			all.Wait()
			t.Logf("%d MB stored, %d MB once it is listed", stored, r.peak())
			assert.Less(t, r.peak(), stored+100, "MB")
		})
	}
}

// asks sends a request with a key, and gives the length of its answer.
func (r *servedProcess) asks(method, path, body string) int64 {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), method, "http://"+r.address+path, strings.NewReader(body))
	require.NoError(r.t, err)
	request.Header.Set("X-API-KEY", embeddedKey)
	answer, err := http.DefaultClient.Do(request)
	if !assert.NoError(r.t, err) {
		return 0
	}
	defer func() { _ = answer.Body.Close() }()
	n, err := io.Copy(io.Discard, answer.Body)
	assert.NoError(r.t, err)
	assert.Equal(r.t, http.StatusOK, answer.StatusCode)
	return n
}
