package crashtest

import (
	"context"
	"fmt"
	"net/url"
	"strings"
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
	proxy  *proxy
	losses []action // what happens to it besides the kinds
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
	ofIndex, ofDatabase := c.losses()
	c.suspects = []*suspect{
		{"PostgreSQL", c.stack.Postgres(), database, ofDatabase}, {"Elasticsearch", c.stack.Elasticsearch(), index, ofIndex},
	}
	for n := range 2 {
		s := &served{database: databaseURL, elasticsearch: "http://" + index.address()}
		t.Cleanup(s.close)
		require.NoError(t, s.Start(t.Context()))
		c.references = append(c.references, s)
		c.suspects = append(c.suspects, &suspect{fmt.Sprintf("reference %d", n+1), s, newProxy(t, s.address), nil})
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

// wait waits for d, unless ctx ends.
func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
