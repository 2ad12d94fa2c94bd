package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// ErrInterrupted tells of a request that the end of its context kept from being
// sent, or cut short.
var ErrInterrupted = errors.New("the run was interrupted")

// Client sends the requests of a run: it tries again where that is safe, no faster
// than the target takes them, reads the answer up to a limit and records it in the
// exchange of the request's context. It is httpexpect's client: redirects are not
// followed, no cookies are kept, and an answer is called JSON where it is, and only
// there, since the document promises no content type.
type Client struct {
	connections  connections
	timeout      time.Duration // for one try, with its body
	probe        string        // a URL that any target answers
	pace         *pace
	health       health
	answered     sync.Map // the operations that were answered, by name
	close        func()
	certificates *certificates
	room         *room
}

// Settings are how a target is reached.
type Settings struct {
	URL         string // of the target, without a slash at its end
	TLS         *tls.Config
	Connections int               // to be kept
	Timeout     time.Duration     // of one request, with its answer
	Rate        float64           // requests a second at most; 0: as many as the target takes
	Transport   http.RoundTripper // instead of the network
	ReadOnly    bool              // nothing but GET is sent
}

// NewClient gives a client of one target. Close it.
func NewClient(s Settings) *Client {
	quieten()
	c := &Client{
		connections: connections{lost: map[string]bool{}},
		timeout:     s.Timeout, probe: s.URL + UnknownAsset, certificates: &certificates{},
		pace: newPace(s.Rate), room: newRoom(),
	}
	kept := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            c.connections.dial,
		TLSClientConfig:        c.certificates.watch(s.TLS),
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    max(s.Connections, 2),
		MaxConnsPerHost:        max(s.Connections, 1), // net/http would dial one more while another comes free
		IdleConnTimeout:        idle,
		MaxResponseHeaderBytes: headerLimit,
		HTTP2:                  &http.HTTP2Config{MaxReceiveBufferPerStream: 256 << 10}, // what is sent before it is read
	}
	fresh := kept.Clone()
	fresh.DisableKeepAlives, fresh.DialContext = true, dialer.DialContext
	c.connections.kept, c.connections.fresh, c.close = keeping{kept}, fresh, kept.CloseIdleConnections
	if s.Transport != nil {
		c.connections.kept, c.connections.fresh = s.Transport, s.Transport
	}
	if s.ReadOnly {
		c.connections.kept, c.connections.fresh = readOnly{c.connections.kept}, readOnly{c.connections.fresh}
	}
	return c
}

// Close lets go of the connections.
func (c *Client) Close() { c.close() }

// Do sends a request whose context is from [Exchange.Within], and gives the answer
// as it was recorded.
func (c *Client) Do(req *http.Request) (*http.Response, error) {
	e := exchangeOf(req.Context())
	body, err := readBody(req)
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	for try := 0; ; try++ {
		if err := c.pace.wait(req.Context()); err != nil {
			e.record(nil, err)
			e.Sent = false // the tries before were not carried out, or there would be no further one
			return nil, err
		}
		sent := time.Now()
		a, err := c.once(req, body, try > 0)
		e.record(a, err)
		if !e.States {
			c.learn(req.Context(), e, sent)
		}
		e.Waited = time.Since(begun) - e.Took
		pause, again := retry(e, try)
		if again && Sleep(req.Context(), pause) {
			continue
		}
		if err != nil {
			return nil, err
		}
		return a.response(req, e), nil
	}
}

// Space keeps some time between the end of a request and the next.
func (c *Client) Space(gap time.Duration) {
	c.pace.mu.Lock()
	defer c.pace.mu.Unlock()
	c.pace.gap = gap
}

// Rate gives how many requests a second are sent at most, as was given or as the target
// was seen to take; 0 where no limit is known.
func (c *Client) Rate() float64 {
	if limit := c.pace.limiter.Limit(); limit != rate.Inf {
		return float64(limit)
	}
	return 0
}

// learn takes in what a request met: how fast the target may be asked, and whether
// it is there. An operation that was never answered may be refused for a reason of
// its own, so it changes no pace.
func (c *Client) learn(ctx context.Context, e *Exchange, sent time.Time) {
	t := e.Trouble()
	switch {
	case t == "" && e.Failure == nil:
		c.answered.Store(e.Operation, true)
		c.pace.accept()
		c.health.answers()
		return
	case t == "":
		return
	case t.Busy():
		c.pace.refused(string(t))
		if _, known := c.answered.Load(e.Operation); known {
			c.pace.refuse(sent)
		}
	}
	if e.Status != http.StatusTooManyRequests && c.health.isSilentSince(sent) {
		_ = c.Await(ctx, Patience) // [Client.Gone] tells
	}
}

func (a *answer) response(req *http.Request, e *Exchange) *http.Response {
	header := a.header.Clone()
	header.Set("Content-Type", "application/octet-stream")
	if _, isJSON := e.JSON(); isJSON {
		header.Set("Content-Type", "application/json")
	}
	return &http.Response{
		StatusCode: a.status, Status: strconv.Itoa(a.status) + " " + http.StatusText(a.status),
		Proto: a.proto, Header: header, Request: req, TLS: a.tls,
		Body: io.NopCloser(bytes.NewReader(a.body)), ContentLength: int64(len(a.body)),
	}
}

func readBody(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	defer func() { _ = req.Body.Close() }() // it is memory
	return io.ReadAll(req.Body)
}
