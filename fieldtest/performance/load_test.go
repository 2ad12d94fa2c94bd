//go:build unix

package performance

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// clients are connections that ask at once.
const clients = 32

// headers are those of each request that is sent again and again.
const headers = " HTTP/1.1\r\nHost: x\r\nX-API-KEY: " + key + "\r\nContent-Type: application/json\r\n"

func getOf(path string) string { return "GET " + path + headers + "\r\n" }

func commentOn(path string) string {
	const comment = `{"comment":"a comment"}`
	return fmt.Sprintf("POST %s/comments%sContent-Length: %d\r\n\r\n%s", path, headers, len(comment), comment)
}

// loaded is what came of asking a server as often as it answers.
type loaded struct {
	perSecond float64
	p99       time.Duration
}

// load sends requests, one on each connection, again and again, for a time. It does as little
// as a client can, since it has the cores of the server.
func load(b *testing.B, url string, requests []string, lasts time.Duration) loaded {
	b.Helper()
	var mu sync.Mutex
	var took []time.Duration
	var all sync.WaitGroup
	begin := time.Now()
	for _, request := range requests {
		all.Go(func() {
			times, err := askOn(strings.TrimPrefix(url, "http://"), request, begin.Add(lasts))
			mu.Lock()
			defer mu.Unlock()
			took = append(took, times...)
			if err != nil {
				b.Error(err)
			}
		})
	}
	all.Wait()
	require.NotEmpty(b, took)
	elapsed := time.Since(begin)
	slices.Sort(took)
	return loaded{float64(len(took)) / elapsed.Seconds(), took[len(took)*99/100]}
}

func askOn(address, request string, until time.Time) (took []time.Duration, err error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	answers := bufio.NewReader(conn)
	for begin := time.Now(); begin.Before(until); {
		if _, err := io.WriteString(conn, request); err != nil {
			return took, err
		}
		if err := skipAnswer(answers); err != nil {
			return took, err
		}
		now := time.Now()
		took, begin = append(took, now.Sub(begin)), now
	}
	return took, nil
}

// skipAnswer reads an answer of 200 with a length.
func skipAnswer(answers *bufio.Reader) error {
	length := -1
	for n := 0; ; n++ {
		line, err := answers.ReadSlice('\n')
		if err != nil {
			return err
		}
		if n == 0 && !bytes.Contains(line, []byte(" 200 ")) {
			return fmt.Errorf("answered %q", line)
		}
		if rest, found := bytes.CutPrefix(line, []byte("Content-Length: ")); found {
			if _, err := fmt.Sscan(string(rest), &length); err != nil {
				return err
			}
		}
		if len(bytes.TrimSpace(line)) == 0 {
			break
		}
	}
	_, err := answers.Discard(length)
	return err
}

// bare is the least that net/http can do: it answers one text.
func bare(b *testing.B, text string) string {
	b.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // its end is all that matters
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, text) // who has gone needs no answer
	}))
	b.Cleanup(server.Close)
	return server.URL
}
