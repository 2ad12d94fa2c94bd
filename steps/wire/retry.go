package wire

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"
)

const (
	firstPause  = 100 * time.Millisecond
	longestWait = 5 * time.Second // between two tries, unless Retry-After says more
)

// timeoutError says how long was waited.
type timeoutError struct{ after time.Duration }

func (t timeoutError) Error() string { return fmt.Sprintf("no whole answer within %v", t.after) }
func (timeoutError) Timeout() bool   { return true }

// Pause is how long to wait before a further try, counted from 0.
func Pause(try int) time.Duration { return min(firstPause<<min(try, 10), longestWait) }

// retry decides whether a single request may be sent again, and after how long:
// what was refused was not carried out, and a GET carries nothing out.
func retry(harmless bool, try int, a *answer, err error) (time.Duration, bool) {
	pause := Pause(try)
	switch {
	case neverLeft(err) && !isTimeout(err): // systems differ in what they call a refused connection
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

// Sleep waits for d, or tells that ctx ended, or would end, before that.
func Sleep(ctx context.Context, d time.Duration) bool {
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
