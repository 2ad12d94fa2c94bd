//go:build unix

package performance

import (
	"bufio"
	"bytes"
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

// turns are how often two servers take turns in a round, each for a moment: a machine that is
// slow for a second is so for both.
const turns, moment = 20, 50 * time.Millisecond

// crowd asks a server, a request on each connection again and again. It does as little as
// clients can, since it has the cores of the server.
type crowd []*asker

// asker has a connection of its own.
type asker struct {
	net.Conn
	request string
	answers *bufio.Reader
}

func crowdOf(b *testing.B, url string, requests []string) crowd {
	b.Helper()
	var all crowd
	for _, request := range requests {
		conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		require.NoError(b, err)
		b.Cleanup(func() { _ = conn.Close() }) // all of it is read
		all = append(all, &asker{conn, request, bufio.NewReader(conn)})
	}
	return all
}

// turnsOf gives what came of a round, in which two crowds ask in turn.
func turnsOf(b *testing.B, one, other crowd) (of, than loaded) {
	b.Helper()
	for range turns {
		one.ask(b, moment, &of)
		other.ask(b, moment, &than)
	}
	return of, than
}

// loaded is what came of asking a server as often as it answers.
type loaded struct {
	took    []time.Duration // of each request
	elapsed time.Duration
}

func (l loaded) perSecond() float64 { return float64(len(l.took)) / l.elapsed.Seconds() }

// slow is how long the slowest of 100 takes.
func (l loaded) slow() float64 {
	slices.Sort(l.took)
	return l.took[len(l.took)*99/100].Seconds()
}

// ask asks for a time, and adds what came of it.
func (c crowd) ask(b *testing.B, lasts time.Duration, to *loaded) {
	b.Helper()
	var mu sync.Mutex
	var all sync.WaitGroup
	begin := time.Now()
	for _, a := range c {
		all.Go(func() {
			took, err := a.ask(begin.Add(lasts))
			mu.Lock()
			defer mu.Unlock()
			to.took = append(to.took, took...)
			if err != nil {
				b.Error(err)
			}
		})
	}
	all.Wait()
	to.elapsed += time.Since(begin)
	require.NotEmpty(b, to.took)
}

func (a *asker) ask(until time.Time) (took []time.Duration, err error) {
	for begin := time.Now(); begin.Before(until); {
		if _, err := io.WriteString(a, a.request); err != nil {
			return took, err
		}
		if err := skipAnswer(a.answers); err != nil {
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
