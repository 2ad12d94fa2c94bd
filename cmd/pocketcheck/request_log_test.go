package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck/report/traffic"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// hostileEntry is a request that would steer a terminal, with a key in its path.
func hostileEntry() traffic.Entry {
	return traffic.Entry{
		Exchange: &traffic.Exchange{
			Method: "GET", Target: "/api/v2/assets/" + secret + "\x1b[2J\u202e\u009b", Status: 404, Caller: "unknown key",
			Header: http.Header{traffic.KeyHeader: {secret}}, Took: 1500 * time.Microsecond,
		},
		Judgement: traffic.Judgement{ByClient: []traffic.Finding{{Fact: "client.path", At: "the path", Got: "x\ny", Want: "z"}}},
	}
}

func TestRequestLines(t *testing.T) {
	t.Parallel()
	line := requestLine(hostileEntry())
	assert.Equal(t, 1, strings.Count(line, "\n"))
	assert.Contains(t, line, " 404 1.5ms unknown key  WRONG: the path is x")
	asJSON := requestJSON(hostileEntry())
	assert.Equal(t, 1, strings.Count(asJSON, "\n"))
	assert.True(t, json.Valid([]byte(asJSON)), asJSON)
	for _, text := range []string{line, asJSON} {
		for _, never := range []string{secret, "\x1b", "\u202e", "\u009b"} {
			assert.NotContains(t, text, never)
		}
	}
}

// stuck is a reader that reads nothing until it is let go.
type stuck struct {
	letGo chan struct{}
	mu    sync.Mutex
	text  bytes.Buffer
}

func (s *stuck) Write(p []byte) (int, error) {
	<-s.letGo
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

// TestRequestLogWaitsForNobody: who reads slowly holds no request up, and is told what is
// missing.
func TestRequestLogWaitsForNobody(t *testing.T) {
	t.Parallel()
	reader := &stuck{letGo: make(chan struct{})}
	log := newServeLog(reader, "text", false)
	for range 3 * mostUnread {
		log.add(hostileEntry())
	}
	close(reader.letGo)
	require.Eventually(t, func() bool { return len(log.entries) == 0 }, 10*time.Second, time.Millisecond)
	log.add(hostileEntry())
	log.end()
	<-log.ended
	assert.Regexp(t, `(?m)^\d+ requests left out: more came than were written$`, reader.text.String())
}

// TestServeInJSON: a program that reads JSON reads all that serve prints.
func TestServeInJSON(t *testing.T) {
	t.Parallel()
	p, err := begin(t.TempDir(), "serve", "--port", "0", "--control", "127.0.0.1:0", "--log", "json")
	require.NoError(t, err)
	t.Cleanup(p.close)
	require.True(t, p.stdout.has("}\n"), "%s%s", p.stdout, p.stderr)
	var at struct{ Serving, Control string }
	require.NoError(t, json.Unmarshal([]byte(p.stdout.String()), &at))
	assert.Equal(t, http.StatusNotFound, statusOf(t, at.Serving+"/api/v2/assets/none", embeddedKey))
	require.True(t, p.stdout.has(`"took_ms"`), p.stdout)
	for line := range strings.Lines(p.stdout.String()) {
		assert.True(t, json.Valid([]byte(line)), line)
	}
	assert.Equal(t, http.StatusOK, statusOf(t, at.Control+"clock", ""))
}
