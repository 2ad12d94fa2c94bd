package crashtest

import (
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// proxy passes TCP connections on to an address that may change, unless it is
// cut. Its own address stays.
type proxy struct {
	listener net.Listener
	upstream func() string // host:port

	mu      sync.Mutex
	changed *sync.Cond
	held    bool // nothing passes, not even the end of a connection
	refuses bool // connections end at once
	links   map[*link]bool
}

// link is a connection through a proxy.
type link struct {
	ends    []net.Conn
	dropped bool
}

func newProxy(t *testing.T, upstream func() string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &proxy{listener: l, upstream: upstream, links: map[*link]bool{}}
	p.changed = sync.NewCond(&p.mu)
	go p.serve()
	t.Cleanup(func() {
		_ = l.Close() // it has no other user
		p.refuse()
	})
	return p
}

func (p *proxy) address() string { return p.listener.Addr().String() }

// hold makes the proxy a black hole: connections stay, and nothing arrives.
func (p *proxy) hold() { p.change(func() { p.held = true }) }

// drop ends hold, and loses what was held with its connections.
func (p *proxy) drop() { p.change(func() { p.held = false; p.reset() }) }

// refuse ends all connections, and new ones at once.
func (p *proxy) refuse() { p.change(func() { p.refuses = true; p.reset() }) }

// mend ends hold, and delivers what was held; or refuse.
func (p *proxy) mend() { p.change(func() { p.held, p.refuses = false, false }) }

func (p *proxy) change(to func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	to()
	p.changed.Broadcast()
}

// reset ends all connections. Who calls it holds the lock.
func (p *proxy) reset() {
	for l := range p.links {
		l.dropped = true
		for _, end := range l.ends {
			abort(end)
		}
		delete(p.links, l)
	}
}

// abort ends a connection with a reset, not as if all had been said.
func abort(c net.Conn) {
	_ = c.(*net.TCPConn).SetLinger(0) // it is closed in any case
	_ = c.Close()
}

func (p *proxy) serve() {
	for {
		c, err := p.listener.Accept()
		if err != nil {
			return
		}
		go p.link(c)
	}
}

// link connects the other end and passes bytes in both directions.
func (p *proxy) link(client net.Conn) {
	l := &link{}
	if !p.add(l, client) || !p.open(l) {
		return
	}
	server, err := net.DialTimeout("tcp", p.upstream(), 5*time.Second)
	if err != nil {
		p.end(l)
		return
	}
	if p.add(l, server) {
		go p.pass(l, client, server)
		p.pass(l, server, client)
	}
}

// add adds an end to a link; false if that is not to be.
func (p *proxy) add(l *link, end net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.refuses || l.dropped {
		for _, c := range append(l.ends, end) {
			abort(c)
		}
		return false
	}
	l.ends = append(l.ends, end)
	p.links[l] = true
	return true
}

// open waits until what is in hand may pass; false if it is lost.
func (p *proxy) open(l *link) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.held && !l.dropped {
		p.changed.Wait()
	}
	return !l.dropped
}

// pass copies from one end to the other until either ends, and then ends both.
func (p *proxy) pass(l *link, from, to net.Conn) {
	chunk := make([]byte, 32<<10)
	for {
		n, err := from.Read(chunk)
		if !p.open(l) {
			return
		}
		if n > 0 {
			if _, failed := to.Write(chunk[:n]); failed != nil {
				err = failed
			}
		}
		if err != nil {
			p.end(l)
			return
		}
	}
}

func (p *proxy) end(l *link) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range l.ends {
		_ = c.Close() // the other direction may have closed it
	}
	delete(p.links, l)
}

// echo answers each connection with what it says.
func echo(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() }) // it has no other user
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				_, _ = c.(*net.TCPConn).ReadFrom(c) // until it ends
				_ = c.Close()
			}()
		}
	}()
	return l.Addr().String()
}

// peer is one who talks to echo through a proxy.
type peer struct {
	*testing.T
	net.Conn
}

func dial(t *testing.T, p *proxy) peer {
	t.Helper()
	c, err := net.Dial("tcp", p.address())
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() }) // it may be closed
	return peer{t, c}
}

func (p peer) says(text string) {
	p.Helper()
	_, err := p.Write([]byte(text))
	require.NoError(p, err)
}

// listens gives what there is to hear, or why there is nothing.
func (p peer) listens(patience time.Duration) (string, error) {
	p.Helper()
	require.NoError(p, p.SetReadDeadline(time.Now().Add(patience)))
	text := make([]byte, 10)
	n, err := p.Read(text)
	return string(text[:n]), err
}

func (p peer) hears(want string) {
	p.Helper()
	got, err := p.listens(10 * time.Second)
	require.NoError(p, err)
	assert.Equal(p, want, got)
}

func (p peer) hearsNothing() {
	p.Helper()
	_, err := p.listens(50 * time.Millisecond)
	require.ErrorIs(p, err, os.ErrDeadlineExceeded)
}

func (p peer) isCut() {
	p.Helper()
	_, err := p.listens(10 * time.Second)
	require.ErrorIs(p, err, syscall.ECONNRESET)
}

// TestProxy cuts connections in each way.
func TestProxy(t *testing.T) {
	t.Parallel()
	var upstream atomic.Value
	upstream.Store(echo(t))
	p := newProxy(t, func() string { return upstream.Load().(string) })

	c := dial(t, p)
	c.says("passes")
	c.hears("passes")
	p.hold()
	c.says("held")
	c.hearsNothing()
	early := dial(t, p)
	early.says("held too")
	early.hearsNothing()
	p.mend()
	c.hears("held")
	early.hears("held too")

	p.hold()
	c.says("lost")
	c.hearsNothing()
	p.drop()
	c.isCut()
	c = dial(t, p)
	c.says("new")
	c.hears("new")

	p.refuse()
	c.isCut()
	if refused, err := net.Dial("tcp", p.address()); err == nil { // or the reset comes that early
		peer{t, refused}.isCut()
	}
	p.mend()
	upstream.Store(echo(t))
	c = dial(t, p)
	c.says("elsewhere")
	c.hears("elsewhere")
}
