package wire

import (
	"context"
	"time"
)

// allowance is the time that a target has for an answer.
type allowance struct {
	timer *time.Timer
	ends  time.Time
}

type allowanceKey struct{}

// allow gives a context that ends after some time, in which the suite's own waiting does
// not count.
func allow(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	ctx, end := context.WithCancelCause(ctx)
	a := &allowance{time.AfterFunc(d, func() { end(timeoutError{d}) }), time.Now().Add(d)}
	return context.WithValue(ctx, allowanceKey{}, a), func() {
		a.timer.Stop()
		end(nil)
	}
}

// paused keeps the time of a context from passing until the function is called that it
// gives.
func paused(ctx context.Context) (goOn func()) {
	a, ok := ctx.Value(allowanceKey{}).(*allowance)
	if !ok || !a.timer.Stop() {
		return func() {}
	}
	left := time.Until(a.ends)
	return func() {
		a.ends = time.Now().Add(left)
		a.timer.Reset(left)
	}
}
