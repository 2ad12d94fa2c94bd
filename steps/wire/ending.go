package wire

import (
	"context"
	"time"
)

// Grace is how long a run goes on after its end, to let the requests be answered that are
// under way and may have made something, and to clean up.
const Grace = 3 * time.Second

type endingKey struct{}

// Ending gives the context of a run that ends, some time after ctx does, for good: what
// outlasts ctx, see [Outlasting], ends then.
func Ending(ctx context.Context) (context.Context, context.CancelFunc) {
	last, end := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(Grace, func() { end(ErrInterrupted) }) })
	return context.WithValue(ctx, endingKey{}, last), func() {
		stop()
		end(nil)
	}
}

// Outlasting gives a context that goes on when ctx ends, until the run is over for good:
// without one, that is as long after ctx.
func Outlasting(ctx context.Context) (context.Context, context.CancelFunc) {
	over := func() {}
	if ctx.Value(endingKey{}) == nil {
		ctx, over = Ending(ctx)
	}
	last := ctx.Value(endingKey{}).(context.Context)
	outlasting, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(last, func() { cancel(context.Cause(last)) })
	return outlasting, func() {
		stop()
		cancel(nil)
		over()
	}
}
