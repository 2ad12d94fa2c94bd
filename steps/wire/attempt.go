package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptrace"
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
	e.Status, e.Header, e.Answer, e.Failure, e.read = 0, nil, nil, err, false
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
		var over context.CancelFunc
		ctx, over = Outlasting(ctx)
		defer over()
	}
	ctx, cancel := allow(ctx, c.timeout)
	defer cancel()
	e.Share.Return(e) // what came of an earlier try
	defer e.Share.drop()
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
	res, err := c.connections.pick(fresh || e.Once, e.Method).RoundTrip(attempt)
	e.Sent = err == nil || wrote.Load() && !neverLeft(err)
	if err != nil {
		if e.Sent && conn.Reused {
			c.connections.lose(conn)
		}
		return nil, c.certificates.explain(named(cause(ctx, err)))
	}
	c.certificates.answered.Store(true)
	c.connections.keeps(conn, res.Header)
	defer func() { _ = res.Body.Close() }() // it was read; what is left of it is not wanted
	return answerOf(ctx, res, e)
}

// answerOf reads an answer to its end.
func answerOf(ctx context.Context, res *http.Response, e *Exchange) (a *answer, err error) {
	a = &answer{status: res.StatusCode, header: res.Header, proto: res.Proto, tls: res.TLS}
	if res.StatusCode == http.StatusSwitchingProtocols {
		return a, nil // what follows is no answer, but a connection that no deadline ends
	}
	a.body, err = read(ctx, res.Body, e)
	if err == nil || isTooMuch(err) {
		return a, err
	}
	return a, cause(ctx, err)
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
