package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
	"time"
)

// answer is a response that was read whole.
type answer struct {
	status int
	header http.Header
	body   []byte
	proto  string
	tls    *tls.ConnectionState
}

// record keeps what came of a try.
func (e *Exchange) record(a *answer, err error) {
	e.Status, e.Header, e.Answer, e.Failure = 0, nil, nil, err
	if a != nil {
		e.Status, e.Header, e.Answer = a.status, a.header, a.body
	}
}

// once sends the request once, on a fresh connection where that is asked for. Where
// the answer broke off it gives both what was read of it and the error.
func (c *Client) once(req *http.Request, body []byte, fresh bool) (*answer, error) {
	ctx, e := req.Context(), exchangeOf(req.Context())
	if req.Method != http.MethodGet {
		// The end of a run must not cut a write off: what it made would be
		// left behind, under an id that nobody knows.
		ctx = context.WithoutCancel(ctx)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, c.timeout, timeoutError{c.timeout})
	defer cancel()
	var wrote atomic.Bool
	var conn httptrace.GotConnInfo
	attempt := req.Clone(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn:      func(info httptrace.GotConnInfo) { conn = info },
		WroteHeaders: func() { wrote.Store(true) },
	}))
	carry(attempt, body)
	begun := time.Now()
	defer func() { e.Took = time.Since(begun) }()
	// A kept connection that ends lets the transport send a GET again by itself.
	res, err := c.connections.pick(fresh || e.Once).RoundTrip(attempt)
	e.Sent = err == nil || wrote.Load() && !neverLeft(err)
	if err != nil {
		if e.Sent && conn.Reused {
			c.connections.lose(conn)
		}
		return nil, c.certificates.explain(cause(ctx, err))
	}
	c.certificates.answered.Store(true)
	defer func() { _ = res.Body.Close() }() // it was read; what is left of it is not wanted
	a := &answer{status: res.StatusCode, header: res.Header, proto: res.Proto, tls: res.TLS}
	a.body, err = io.ReadAll(io.LimitReader(res.Body, bodyLimit+1))
	switch {
	case err != nil:
		return a, cause(ctx, fmt.Errorf("the answer broke off: %w", err))
	case len(a.body) > bodyLimit:
		a.body = a.body[:bodyLimit]
		return a, errTooLong
	}
	return a, nil
}

func carry(req *http.Request, body []byte) {
	if len(body) == 0 {
		req.Body, req.GetBody = http.NoBody, nil
		return
	}
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	req.Body, _ = req.GetBody()
}

func cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// trusted is how many kept connections may be lost before none is kept any more.
const trusted = 3

// connections are kept and used again, until the target was seen to close them
// without a word.
type connections struct {
	kept, fresh http.RoundTripper
	mu          sync.Mutex
	lost        map[string]bool // by local address: all requests of one are one loss
}

func (c *connections) pick(fresh bool) http.RoundTripper {
	c.mu.Lock()
	defer c.mu.Unlock()
	if fresh || len(c.lost) >= trusted {
		return c.fresh
	}
	return c.kept
}

func (c *connections) lose(conn httptrace.GotConnInfo) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lost[conn.Conn.LocalAddr().String()] = true
}
