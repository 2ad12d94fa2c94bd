package main

import (
	"net"
	"sync"
	"sync/atomic"
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

// TestProxy cuts a connection in each way.
func TestProxy(t *testing.T) {
	t.Parallel()
	var upstream atomic.Value
	upstream.Store(echo(t))
	p := newProxy(t, func() string { return upstream.Load().(string) })
	dial := func() net.Conn {
		c, err := net.Dial("tcp", p.address())
		require.NoError(t, err)
		t.Cleanup(func() { _ = c.Close() }) // it may be closed
		return c
	}
	say := func(c net.Conn, text string) {
		_, err := c.Write([]byte(text))
		require.NoError(t, err)
	}
	hears := func(c net.Conn, within time.Duration) (string, error) {
		require.NoError(t, c.SetReadDeadline(time.Now().Add(within)))
		text := make([]byte, 10)
		n, err := c.Read(text)
		return string(text[:n]), err
	}
	const long, short = 10 * time.Second, 50 * time.Millisecond
	heard := func(want string, c net.Conn) {
		t.Helper()
		got, err := hears(c, long)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	silent := func(c net.Conn) {
		t.Helper()
		_, err := hears(c, short)
		require.ErrorContains(t, err, "timeout")
	}
	ended := func(c net.Conn) {
		t.Helper()
		_, err := hears(c, long)
		require.ErrorContains(t, err, "reset")
	}

	c := dial()
	say(c, "passes")
	heard("passes", c)
	p.hold()
	say(c, "held")
	early := dial()
	say(early, "held too")
	silent(c)
	silent(early)
	p.mend()
	heard("held", c)
	heard("held too", early)

	p.hold()
	say(c, "lost")
	silent(c)
	p.drop()
	ended(c)
	c = dial()
	say(c, "new")
	heard("new", c)

	p.refuse()
	ended(c)
	if c, err := net.Dial("tcp", p.address()); err == nil { // or the reset comes that early
		t.Cleanup(func() { _ = c.Close() })
		ended(c)
	}
	p.mend()
	upstream.Store(echo(t))
	c = dial()
	say(c, "elsewhere")
	heard("elsewhere", c)
}
