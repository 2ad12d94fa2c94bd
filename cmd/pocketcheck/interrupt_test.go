package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// slow is the reference behind a gate: from the 60th request on, all wait until
// it opens. It keeps the paths of what was made.
type slow struct {
	reference http.Handler
	midway    chan struct{} // closed by the 60th request
	gate      chan struct{}
	open      func()              // the gate
	deletes   func(*http.Request) // what a DELETE then meets, if not the reference

	asked    atomic.Int64 // requests without an answer yet
	mu       sync.Mutex
	requests int
	made     []string
}

func newSlow(t *testing.T) *slow {
	t.Helper()
	ref, err := newReference()
	require.NoError(t, err)
	s := &slow{reference: ref, midway: make(chan struct{}), gate: make(chan struct{})}
	s.open = sync.OnceFunc(func() { close(s.gate) })
	return s
}

func (s *slow) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.asked.Add(1)
	defer s.asked.Add(-1)
	body, err := io.ReadAll(r.Body) // before its end, a server does not see who goes
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	s.mu.Lock()
	s.requests++
	n := s.requests
	s.mu.Unlock()
	if n == 60 {
		close(s.midway)
	}
	if n >= 60 {
		select {
		case <-s.gate:
		case <-r.Context().Done(): // who asked was killed
			return
		}
		if s.deletes != nil && r.Method == http.MethodDelete {
			s.deletes(r)
			return
		}
	}
	answer := httptest.NewRecorder()
	s.reference.ServeHTTP(answer, r)
	if r.Method == http.MethodPost {
		for _, id := range []string{"asset.id", "comment.id"} {
			if id := gjson.GetBytes(answer.Body.Bytes(), id); id.Exists() && answer.Code == http.StatusOK {
				s.note(r.URL.Path + "/" + id.String())
			}
		}
	}
	says(answer.Code, answer.Body.String()).ServeHTTP(w, r)
}

func (s *slow) note(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.made = append(s.made, path)
}

// get asks the reference itself.
func (s *slow) get(path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, http.NoBody)
	r.Header.Set("X-API-KEY", apiKey)
	answer := httptest.NewRecorder()
	s.reference.ServeHTTP(answer, r)
	return answer
}

// seeded is what was on the target before: all that belongs to its one asset.
func (s *slow) seeded() string {
	var all strings.Builder
	for _, path := range []string{"", "/comments", "/media", "/collections", "/history/0"} {
		_, _ = s.get("/api/v2/assets/rSkRlq2Aiw4wJvjvlqSm" + path).Body.WriteTo(&all)
	}
	return all.String()
}

// beginRun starts a run of a target and waits until it is in the middle.
func beginRun(t *testing.T, target *slow, args ...string) (p *process, dir string) {
	t.Helper()
	server := httptest.NewServer(target)
	t.Cleanup(server.Close)
	dir = t.TempDir()
	p, err := begin(dir, append([]string{"run", "--target", server.URL}, args...)...)
	require.NoError(t, err)
	t.Cleanup(p.close)
	t.Cleanup(target.open)
	select {
	case <-target.midway:
	case <-p.ended:
		require.Fail(t, "the run ended too early", "%s%s", p.stdout, p.stderr)
	}
	return p, dir
}

// TestInterruptLeavesNothingBehind interrupts a run while 16 of its scenarios
// are under way.
func TestInterruptLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	target := newSlow(t)
	before := target.seeded()
	require.Contains(t, before, "rSkRlq2Aiw4wJvjvlqSm")
	p, dir := beginRun(t, target, "--report", "json=report.json", "--report", "junit=report.xml")
	require.NoError(t, p.cmd.Process.Signal(os.Interrupt))
	require.True(t, p.stdout.has("interrupted: cleaning up; once more ends at once\n"), "%s%s", p.stdout, p.stderr)
	target.open()
	<-p.ended

	assert.Equal(t, exitInconclusive, p.cmd.ProcessState.ExitCode())
	assert.Equal(t, "pocketcheck: the run was interrupted\n", p.stderr.String())
	assert.Contains(t, p.stdout.String(), "verdict: inconclusive (the run was interrupted), ")
	assert.Contains(t, p.stdout.String(), " 0 left behind\n")
	assert.NotContains(t, p.stdout.String(), "hook failed", "what was not reached is told by the verdict")

	text, err := os.ReadFile(filepath.Join(dir, "report.json"))
	require.NoError(t, err)
	result, err := readReport(string(text))
	require.NoError(t, err)
	assert.Equal(t, "inconclusive", result.Verdict)
	assert.Equal(t, "the run was interrupted", result.Reason)
	assert.Greater(t, result.Counts["errored"], 100)
	assert.Greater(t, result.Counts["passed"], 0)
	assert.Equal(t, len(target.made), result.CleanUp.Made)
	assert.Equal(t, len(target.made), result.CleanUp.Removed)
	assert.Empty(t, result.CleanUp.LeftBehind)
	text, err = os.ReadFile(filepath.Join(dir, "report.xml"))
	require.NoError(t, err)
	require.NoError(t, readJUnit(string(text)))

	assert.NotEmpty(t, target.made)
	for _, path := range target.made {
		assert.Equal(t, http.StatusNotFound, target.get(path).Code, path)
	}
	assert.Equal(t, before, target.seeded())
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, files, 2)
}

// TestInterruptHeardFromTheStart: what a command imports takes its time before main.
func TestInterruptHeardFromTheStart(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), "pocketcheck", "--version")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	trace, err := cmd.CombinedOutput()
	require.NoError(t, err)
	hears := strings.Index(string(trace), "init github.com/pocketcheck/pocketcheck/cmd/pocketcheck/interrupt ")
	require.Positive(t, hears, "%s", trace)
	for _, other := range []string{"net/http", "github.com/cucumber/godog", "github.com/pocketcheck/pocketcheck/report"} {
		assert.Less(t, hears, strings.Index(string(trace), "init "+other+" "), other)
	}
}

// TestTwoInterruptsAtOnce: timeout signals its child and then the group, which is the
// same interrupt.
func TestTwoInterruptsAtOnce(t *testing.T) {
	t.Parallel()
	target := newSlow(t)
	p, _ := beginRun(t, target)
	for range 2 {
		require.NoError(t, p.cmd.Process.Signal(os.Interrupt))
		require.True(t, p.stdout.has("interrupted: "), "%s%s", p.stdout, p.stderr)
	}
	target.open()
	<-p.ended
	assert.Equal(t, exitInconclusive, p.cmd.ProcessState.ExitCode())
	assert.Contains(t, p.stdout.String(), " 0 left behind\n")
}

// TestSecondInterruptEndsAtOnce interrupts a clean-up that would never end, again and
// again: what comes soon after the first is that one.
func TestSecondInterruptEndsAtOnce(t *testing.T) {
	t.Parallel()
	target := newSlow(t)
	removing := make(chan struct{})
	begins := sync.OnceFunc(func() { close(removing) })
	target.deletes = func(r *http.Request) {
		begins()
		<-r.Context().Done()
	}
	p, dir := beginRun(t, target, "--timeout", "1h", "--report", "json=report.json")
	require.NoError(t, p.cmd.Process.Signal(os.Interrupt))
	require.True(t, p.stdout.has("interrupted: "), "%s%s", p.stdout, p.stderr)
	target.open()
	<-removing
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for isOver := false; !isOver; {
		select {
		case <-again.C:
			_ = p.cmd.Process.Signal(os.Interrupt) // it may have ended
		case <-p.ended:
			isOver = true
		}
	}
	assert.Equal(t, exitInconclusive, p.cmd.ProcessState.ExitCode())
	assert.NoFileExists(t, filepath.Join(dir, "report.json"), "half a report")
	assert.Empty(t, p.stderr.String())
}

// TestTermination ends a run as a CI does, which sends SIGTERM.
func TestTermination(t *testing.T) {
	t.Parallel()
	target := newSlow(t)
	p, _ := beginRun(t, target)
	require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
	require.True(t, p.stdout.has("interrupted: "), "%s%s", p.stdout, p.stderr)
	target.open()
	<-p.ended
	assert.Equal(t, exitInconclusive, p.cmd.ProcessState.ExitCode())
	assert.Contains(t, p.stdout.String(), " 0 left behind\n")
}
