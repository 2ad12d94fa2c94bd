//go:build unix

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/fixtures/containers/containertest"
)

// endsWithin is how long a server takes to end at most: platforms kill it after 10 s.
const endsWithin = 8 * time.Second

// terminates sends what a platform sends, and gives a function that waits for the end.
func terminates(t *testing.T, p *process) (ends func()) {
	t.Helper()
	require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
	at := time.Now()
	return func() {
		t.Helper()
		<-p.ended
		assert.Zero(t, p.cmd.ProcessState.ExitCode(), "%s", p.stderr)
		assert.Less(t, time.Since(at), endsWithin)
		t.Log("ended after", time.Since(at))
	}
}

// begun is a request whose headers are in, and a part of its body at most.
type begun struct {
	t    *testing.T
	conn net.Conn
}

func begins(t *testing.T, address, text string) begun {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	_, err = io.WriteString(conn, strings.ReplaceAll(text, "\n", "\r\n"))
	require.NoError(t, err)
	return begun{t, conn}
}

// goesOn sends more, and gives the status that is answered; 0 without an answer.
func (b begun) goesOn(text string) int {
	_, _ = io.WriteString(b.conn, text) // where it was cut, there is no answer
	answer, err := http.ReadResponse(bufio.NewReader(b.conn), nil)
	if err != nil {
		return 0
	}
	_, err = io.Copy(io.Discard, answer.Body)
	assert.NoError(b.t, err)
	return answer.StatusCode
}

const creation = "POST /api/v2/assets HTTP/1.1\nHost: localhost\nX-API-KEY: " + embeddedKey + "\nExpect: 100-continue\nContent-Length: 13\n\n"

// isTaken waits until the body of a creation is wanted.
func (b begun) isTaken() begun {
	b.t.Helper()
	line, err := bufio.NewReaderSize(b.conn, 16).ReadString('\n')
	require.NoError(b.t, err)
	require.Contains(b.t, line, "100")
	return b
}

func TestServerEndsInTime(t *testing.T) {
	t.Parallel()
	t.Run("in memory", func(t *testing.T) {
		t.Parallel()
		endsInTime(t)
	})
	t.Run("on PostgreSQL", func(t *testing.T) {
		t.Parallel()
		stack := containertest.Shared(t)
		endsInTime(t, "--database-url", stack.DatabaseURL(), "--elasticsearch-url", stack.ElasticsearchURL())
	})
}

func endsInTime(t *testing.T, args ...string) {
	p, address := ending(t, args...)
	slow := begins(t, address, creation).isTaken()
	stuck := begins(t, address, creation).isTaken()
	begins(t, address, "GET / HTTP/1.1\nHost: local") // whose headers are not in
	begins(t, address, "")
	ends := terminates(t, p)
	untilRefused(t, address)
	assert.Equal(t, 200, slow.goesOn(`{"title":"x"}`))
	assert.Zero(t, stuck.goesOn(""), "it is cut")
	ends()
}

// ending is a server that is about to end.
func ending(t *testing.T, args ...string) (*process, string) {
	t.Helper()
	p, err := begin(t.TempDir(), append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	require.NoError(t, err)
	t.Cleanup(p.close)
	require.True(t, p.stdout.has("serving at "), "%s%s", p.stdout, p.stderr)
	return p, strings.TrimPrefix(p.servesAt().api, "http://")
}

// untilRefused waits until a server takes no further connections.
func untilRefused(t *testing.T, address string) {
	t.Helper()
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	}, endsWithin, 10*time.Millisecond)
}

// TestServerEndsWhileItsDatabaseIsStuck: what waits for a lock is cut too.
func TestServerEndsWhileItsDatabaseIsStuck(t *testing.T) {
	t.Parallel()
	stack := containertest.Shared(t)
	p, address := ending(t, "--database-url", stack.DatabaseURL(), "--elasticsearch-url", stack.ElasticsearchURL())
	conn, err := pgx.Connect(t.Context(), stack.DatabaseURL())
	require.NoError(t, err)
	defer func() { _ = conn.Close(context.Background()) }()
	tx, err := conn.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), `LOCK TABLE assets IN ACCESS EXCLUSIVE MODE`)
	require.NoError(t, err)
	stuck := begins(t, address, creation).isTaken()
	_, err = io.WriteString(stuck.conn, `{"title":"x"}`)
	require.NoError(t, err)
	terminates(t, p)()
}

// TestServerEndsUnderLoad: a client that sends one request after the other over a
// connection gets an answer to each. What was sent over one that nobody has taken yet
// is lost with it.
func TestServerEndsUnderLoad(t *testing.T) {
	t.Parallel()
	p, address := ending(t)
	var all, started sync.WaitGroup
	for range 16 {
		started.Add(1)
		all.Go(func() {
			client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 1}}
			for n := 0; ; n++ {
				isTaken, err := creates(client, address)
				if n == 0 {
					started.Done()
				}
				if err != nil && !isTaken {
					return
				}
				if !assert.NoError(t, err, "after %d requests", n) {
					return
				}
			}
		})
	}
	started.Wait()
	terminates(t, p)()
	all.Wait()
}

// creates sends a request that no client sends again by itself, and tells whether that
// was over a connection which had brought an answer.
func creates(client *http.Client, address string) (isTaken bool, err error) {
	ctx := httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{
		GotConn: func(c httptrace.GotConnInfo) { isTaken = c.Reused },
	})
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+"/api/v2/assets", io.NopCloser(strings.NewReader(`{"title":"x"}`)))
	if err != nil {
		return false, err
	}
	r.Header.Set("X-API-KEY", embeddedKey)
	answer, err := client.Do(r)
	if err != nil {
		return isTaken, err
	}
	_, err = io.Copy(io.Discard, answer.Body)
	if answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %d", answer.StatusCode)
	}
	return isTaken, errors.Join(err, answer.Body.Close())
}
