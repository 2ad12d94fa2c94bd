package wire

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync"
	"time"
)

const (
	trusted = 3                    // kept connections that may be lost before none is kept any more
	idle    = time.Second          // that a connection is kept; servers and gateways end theirs after 2 s at the soonest
	near    = 5 * time.Millisecond // within which a connection costs next to nothing
)

// connections are kept and used again, until the target was seen to close them without
// a word. A creation that is lost with one perhaps leaves an asset behind that nobody
// knows the id of. So it takes a kept connection only where the target was seen to keep
// them all; and where the other end says that it ends them, as Apache does, which ends
// those of a whole process at any time, only where a new one costs time.
type connections struct {
	kept, fresh http.RoundTripper
	mu          sync.Mutex
	lost        map[string]bool // by local address: all requests of one are one loss
	used        bool            // one was used again, and answered
	ended       bool            // the other end closed one
	announced   bool            // the other end says that it will close them, some time
	shortest    time.Duration   // that it took to make one; 0 before the first
}

func (c *connections) pick(fresh bool, method string) http.RoundTripper {
	c.mu.Lock()
	defer c.mu.Unlock()
	if fresh || len(c.lost) >= trusted || method == http.MethodPost && (!c.used || c.ended || c.announced && c.shortest < near) {
		return c.fresh
	}
	return c.kept
}

// keeps takes in that a request was answered.
func (c *connections) keeps(conn httptrace.GotConnInfo, says http.Header) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.announced = c.announced || says.Get("Keep-Alive") != ""
	c.used = c.used || conn.Reused
}

func (c *connections) lose(conn httptrace.GotConnInfo) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lost[conn.Conn.LocalAddr().String()] = true
}

func (c *connections) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
}

var dialer = &net.Dialer{Timeout: 5 * time.Second}

// keeping asks for connections to be kept, so that the other end says how long it does.
type keeping struct{ *http.Transport }

func (k keeping) RoundTrip(r *http.Request) (*http.Response, error) {
	asking := r.Clone(r.Context())
	asking.Header.Set("Connection", "keep-alive")
	return k.Transport.RoundTrip(asking)
}

// dial gives connections that tell of their end.
func (c *connections) dial(ctx context.Context, network, address string) (net.Conn, error) {
	begun := time.Now()
	conn, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	c.took(time.Since(begun))
	return watched{conn, c}, nil
}

func (c *connections) took(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.shortest == 0 || d < c.shortest {
		c.shortest = d
	}
}

type watched struct {
	net.Conn
	connections *connections
}

// Read tells of an end that is not our own.
func (w watched) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	if err != nil && !errors.Is(err, net.ErrClosed) {
		w.connections.end()
	}
	return n, err
}
