package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

const (
	bodyLimit   = 8 << 20 // of an answer; a documented one is under 2 KiB
	headerLimit = 1 << 20
	deadAfter   = 20 // requests in a row without an answer
)

var errTooLong = fmt.Errorf("the answer is longer than %d MiB", bodyLimit>>20)

// ErrInterrupted tells of a request that the end of its context kept from being
// sent, or cut short.
var ErrInterrupted = errors.New("the run was interrupted")

// Client sends the requests of a run: it tries again where that is safe, reads the
// answer up to a limit and records it in the exchange of the request's context. It
// is httpexpect's client: redirects are not followed, no cookies are kept, and an
// answer is called JSON where it is, and only there, since the document promises no
// content type.
type Client struct {
	transport http.RoundTripper
	timeout   time.Duration // for one try, with its body
	limit     *rate.Limiter // nil: no limit
	silent    atomic.Int32  // requests in a row that got no answer
	close     func()
}

// Settings are how a target is reached.
type Settings struct {
	TLS         *tls.Config
	Connections int               // to be kept
	Timeout     time.Duration     // of one request, with its answer
	Rate        float64           // requests a second; 0: no limit
	Transport   http.RoundTripper // instead of the network
}

// NewClient gives a client of one target. Close it.
func NewClient(s Settings) *Client {
	transport := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		TLSClientConfig:        s.TLS,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    max(s.Connections, 2),
		IdleConnTimeout:        30 * time.Second,
		MaxResponseHeaderBytes: headerLimit,
	}
	c := &Client{transport: transport, timeout: s.Timeout, close: transport.CloseIdleConnections}
	if s.Transport != nil {
		c.transport = s.Transport
	}
	if s.Rate > 0 {
		c.limit = rate.NewLimiter(rate.Limit(s.Rate), 1)
	}
	return c
}

// Close lets go of the connections.
func (c *Client) Close() { c.close() }

// Dead tells that the target has stopped to answer.
func (c *Client) Dead() bool { return c.silent.Load() >= deadAfter }

// Do sends a request whose context is from [Exchange.Within], and gives the answer
// as it was recorded.
func (c *Client) Do(req *http.Request) (*http.Response, error) {
	e := exchangeOf(req.Context())
	body, err := readBody(req)
	if err != nil {
		return nil, err
	}
	for try := 0; ; try++ {
		begun := time.Now()
		res, err := c.once(req, body)
		e.Status, e.Answer, e.Failure, e.Took = 0, nil, err, time.Since(begun)
		if res != nil {
			e.Status, e.Answer = res.status, res.body
		}
		pause, again := retry(req.Method == http.MethodGet && !e.Once, try, res, err)
		if again && Sleep(req.Context(), pause) {
			continue
		}
		if !e.States {
			c.count(err)
		}
		if err != nil {
			return nil, err
		}
		return res.response(req, e), nil
	}
}

func (c *Client) count(err error) {
	if err == nil {
		c.silent.Store(0)
		return
	}
	if !errors.Is(err, context.Canceled) && !errors.Is(err, ErrInterrupted) {
		c.silent.Add(1)
	}
}

// answer is a response that was read whole.
type answer struct {
	status int
	header http.Header
	body   []byte
	proto  string
}

func (a *answer) response(req *http.Request, e *Exchange) *http.Response {
	header := a.header.Clone()
	header.Set("Content-Type", "application/octet-stream")
	if _, isJSON := e.JSON(); isJSON {
		header.Set("Content-Type", "application/json")
	}
	return &http.Response{
		StatusCode: a.status, Status: strconv.Itoa(a.status) + " " + http.StatusText(a.status),
		Proto: a.proto, Header: header, Request: req,
		Body: io.NopCloser(bytes.NewReader(a.body)), ContentLength: int64(len(a.body)),
	}
}

// once sends the request once. Where the answer broke off it gives both what
// was read of it and the error.
func (c *Client) once(req *http.Request, body []byte) (*answer, error) {
	if c.limit != nil {
		if c.limit.Wait(req.Context()) != nil { // the run ends before the request's turn
			return nil, ErrInterrupted
		}
	}
	ctx := req.Context()
	if req.Method != http.MethodGet {
		// The end of a run must not cut a write off: what it made would be
		// left behind, under an id that nobody knows.
		ctx = context.WithoutCancel(ctx)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, c.timeout, timeoutError{c.timeout})
	defer cancel()
	attempt := req.Clone(ctx)
	attempt.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	attempt.Body, _ = attempt.GetBody()
	if len(body) == 0 {
		attempt.Body, attempt.GetBody = http.NoBody, nil
	}
	res, err := c.transport.RoundTrip(attempt)
	exchangeOf(ctx).Sent = !neverLeft(err)
	if err != nil {
		return nil, cause(ctx, err)
	}
	defer func() { _ = res.Body.Close() }() // it was read; what is left of it is not wanted
	a := &answer{status: res.StatusCode, header: res.Header, proto: res.Proto}
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

func cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

func readBody(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	defer func() { _ = req.Body.Close() }() // it is memory
	return io.ReadAll(req.Body)
}
