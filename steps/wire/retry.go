package wire

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

const (
	firstPause  = 100 * time.Millisecond
	longestWait = 5 * time.Second // between two tries, unless Retry-After says more
)

// Pause is how long to wait before a further try, counted from 0.
func Pause(try int) time.Duration { return min(firstPause<<min(try, 10), longestWait) }

// retry decides whether a single request may be sent again, and after how long: what
// was refused was not carried out, and a GET carries nothing out. Whatever met trouble
// that stays is tried again with its whole scenario.
func retry(e *Exchange, try int) (time.Duration, bool) {
	pause, asked := Pause(try), retryAfter(e.Header)
	harmless := e.Method == http.MethodGet && !e.Once
	switch t := e.Trouble(); {
	case t == "" || isTimeout(e.Failure):
		return 0, false
	case t == unreached:
		return pause, try < 5
	case e.Status == http.StatusTooManyRequests:
		most := 8
		if asked > 0 { // a target that says when to come again is waited for
			most = 40
		}
		return max(pause, asked), try < most
	case e.Failure == nil:
		return max(pause, min(asked, Patience)), harmless && try < 4
	}
	return pause, harmless && try < 2
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
