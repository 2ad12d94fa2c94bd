package steps

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/time/rate"
)

const (
	bodyLimit   = 8 << 20 // of an answer; a documented one is under 2 KiB
	headerLimit = 1 << 20
	firstPause  = 100 * time.Millisecond
	longestWait = 5 * time.Second // between two tries, unless Retry-After says more
	deadAfter   = 20              // requests in a row without an answer
)

var errTooLong = fmt.Errorf("the answer is longer than %d MiB", bodyLimit>>20)

// recorder is the one RoundTripper of a run: it sends, tries again where that is
// safe, reads the answer up to a limit and records it in the exchange of the
// request's context.
type recorder struct {
	base    http.RoundTripper
	timeout time.Duration // for one try, with its body
	limit   *rate.Limiter // nil: no limit
	silent  atomic.Int32  // requests in a row that got no answer
}

// dead tells that the target has stopped to answer.
func (r *recorder) dead() bool { return r.silent.Load() >= deadAfter }

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	e := exchangeOf(req.Context())
	body, err := readBody(req)
	if err != nil {
		return nil, err
	}
	for try := 0; ; try++ {
		begun := time.Now()
		res, err := r.once(req, body)
		e.status, e.answer, e.failure, e.took = 0, nil, err, time.Since(begun)
		if res != nil {
			e.status, e.answer = res.status, res.body
		}
		pause, again := retry(req.Method == http.MethodGet && !e.once, try, res, err)
		if !again || !sleep(req.Context(), pause) {
			if !e.states {
				r.count(err)
			}
			if err != nil {
				return nil, err
			}
			return res.response(req), nil
		}
	}
}

func (r *recorder) count(err error) {
	if err == nil {
		r.silent.Store(0)
		return
	}
	if !errors.Is(err, context.Canceled) && !errors.Is(err, ErrInterrupted) {
		r.silent.Add(1)
	}
}

// answer is a response that was read whole.
type answer struct {
	status int
	header http.Header
	body   []byte
	proto  string
}

func (a *answer) response(req *http.Request) *http.Response {
	return &http.Response{
		StatusCode: a.status, Status: strconv.Itoa(a.status) + " " + http.StatusText(a.status),
		Proto: a.proto, Header: a.header, Request: req,
		Body: io.NopCloser(bytes.NewReader(a.body)), ContentLength: int64(len(a.body)),
	}
}

// once sends the request once. Where the answer broke off it gives both what
// was read of it and the error.
func (r *recorder) once(req *http.Request, body []byte) (*answer, error) {
	if r.limit != nil {
		if r.limit.Wait(req.Context()) != nil { // the run ends before the request's turn
			return nil, ErrInterrupted
		}
	}
	ctx := req.Context()
	if req.Method != http.MethodGet {
		// The end of a run must not cut a write off: what it made would be
		// left behind, under an id that nobody knows.
		ctx = context.WithoutCancel(ctx)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, r.timeout, timeoutError{r.timeout})
	defer cancel()
	attempt := req.Clone(ctx)
	attempt.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	attempt.Body, _ = attempt.GetBody()
	if len(body) == 0 {
		attempt.Body, attempt.GetBody = http.NoBody, nil
	}
	res, err := r.base.RoundTrip(attempt)
	exchangeOf(ctx).sent = !neverLeft(err)
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

// timeoutError says how long was waited.
type timeoutError struct{ after time.Duration }

func (t timeoutError) Error() string { return fmt.Sprintf("no whole answer within %v", t.after) }
func (timeoutError) Timeout() bool   { return true }

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

// retry decides whether a single request may be sent again, and after how long:
// what was refused was not carried out, and a GET carries nothing out.
func retry(harmless bool, try int, a *answer, err error) (time.Duration, bool) {
	pause := min(firstPause<<min(try, 10), longestWait)
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return pause, try < 5
	case err != nil:
		broken := !errors.Is(err, context.Canceled) && !errors.Is(err, ErrInterrupted) &&
			!errors.Is(err, errTooLong) && !isTimeout(err)
		return pause, harmless && broken && try < 2
	case a.status == http.StatusTooManyRequests:
		wait, most := retryAfter(a.header), 8
		if wait > 0 { // a target that says when to come again is waited for
			most = 40
		}
		return max(pause, wait), try < most
	case harmless && isGatewayTrouble(a.status):
		return max(pause, retryAfter(a.header)), try < 4
	}
	return 0, false
}

// neverLeft tells of a request that found no connection.
func neverLeft(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial"
}

func isTimeout(err error) bool {
	t, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	return ok && t.Timeout()
}

// retryAfter reads the header in both of its forms; 0 where it says nothing.
func retryAfter(h http.Header) time.Duration {
	text := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(text); err == nil && seconds > 0 {
		return time.Duration(min(seconds, 86400)) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return time.Until(at)
	}
	return 0
}

// sleep waits for d, or tells that ctx ended, or would end, before that.
func sleep(ctx context.Context, d time.Duration) bool {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < d {
		return false
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
