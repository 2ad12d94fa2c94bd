package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck/fixtures/containers"
	"github.com/pocketcheck/pocketcheck/fixtures/containers/containertest"
	"github.com/stretchr/testify/require"
)

// cluster is two reference processes on one stack. All connections, theirs and
// those to them, go through proxies.
type cluster struct {
	stack      *containers.Stack
	references []*served
	suspects   []*suspect
}

// suspect is what faults happen to: something with the proxy in front of it.
type suspect struct {
	name string
	part
	proxy *proxy
}

// part is a container or a process. Start waits until it answers.
type part interface {
	Kill(ctx context.Context) error
	Start(ctx context.Context) error
	Pause(ctx context.Context) error
	Unpause(ctx context.Context) error
}

// Pause stops the processes where they are. On a busy machine the engine may need
// some attempts until it has stopped all.
func (s *suspect) Pause(ctx context.Context) error {
	for deadline := time.Now().Add(recovers); ; {
		err := s.part.Pause(ctx)
		if err == nil || time.Now().After(deadline) {
			return err
		}
		if err := wait(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	c := &cluster{stack: containertest.Start(t)}
	database := newProxy(t, func() string { return hostIn(c.stack.DatabaseURL()) })
	index := newProxy(t, func() string { return hostIn(c.stack.ElasticsearchURL()) })
	databaseURL := strings.Replace(c.stack.DatabaseURL(), hostIn(c.stack.DatabaseURL()), database.address(), 1)
	c.suspects = []*suspect{{"PostgreSQL", c.stack.Postgres(), database}, {"Elasticsearch", c.stack.Elasticsearch(), index}}
	for n := range 2 {
		s := &served{dir: t.TempDir(), args: []string{
			"serve", "--listen", "127.0.0.1:0", "--database-url", databaseURL, "--elasticsearch-url", "http://" + index.address(),
		}}
		t.Cleanup(s.close)
		require.NoError(t, s.Start(t.Context()))
		c.references = append(c.references, s)
		c.suspects = append(c.suspects, &suspect{fmt.Sprintf("reference %d", n+1), s, newProxy(t, s.address)})
	}
	return c
}

func hostIn(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	return u.Host
}

// urls are where the references are called.
func (c *cluster) urls() []string {
	var urls []string
	for _, s := range c.suspects[2:] {
		urls = append(urls, "http://"+s.proxy.address())
	}
	return urls
}

// served is a reference process, and after its end another one.
type served struct {
	dir  string
	args []string
	now  *process
	log  strings.Builder // of the former ones

	mu sync.Mutex
	at string
}

// address is where the process serves; each has another port.
func (s *served) address() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at
}

// Start starts a process. One that ends, since it can't connect, is followed by
// another.
func (s *served) Start(ctx context.Context) error {
	for begun := time.Now(); ; {
		var err error
		if s.now, err = begin(s.dir, s.args...); err != nil {
			return err
		}
		if s.now.stdout.has("serving at ") {
			_, at, _ := strings.Cut(strings.TrimSpace(s.now.stdout.String()), "serving at http://")
			s.mu.Lock()
			defer s.mu.Unlock()
			s.at = at
			return nil
		}
		s.bury()
		if time.Since(begun) > recovers || ctx.Err() != nil {
			return fmt.Errorf("start a reference: it ends: %s", s.now.stderr)
		}
	}
}

// Kill ends the process with SIGKILL.
func (s *served) Kill(context.Context) error {
	select {
	case <-s.now.ended:
		return errors.New("it has ended by itself")
	default:
		s.bury()
		return nil
	}
}

// bury makes sure that the process has ended, and keeps its log.
func (s *served) bury() {
	s.now.close()
	s.log.WriteString(s.now.stderr.String())
}

// Pause stops the process where it is.
func (s *served) Pause(context.Context) error { return s.now.cmd.Process.Signal(syscall.SIGSTOP) }

// Unpause lets it go on.
func (s *served) Unpause(context.Context) error { return s.now.cmd.Process.Signal(syscall.SIGCONT) }

func (s *served) close() {
	if s.now != nil {
		s.now.close()
	}
}

// said is the end of all that the processes wrote.
func (s *served) said() string {
	text := s.log.String() + s.now.stderr.String()
	return text[max(0, len(text)-20_000):]
}

// wait waits for d, unless ctx ends.
func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
