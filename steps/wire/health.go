package wire

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// Patience is how long a target may be away in the middle of a run.
const Patience = 30 * time.Second

// health knows whether the target answers at all.
type health struct {
	mu       sync.Mutex
	answered time.Time // when it did last
	gone     error     // why it is not asked any more
	silent   error     // since when it is waited for, though not to an end; nil once it answers
	asking   singleflight.Group
}

func (h *health) answers() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.answered, h.silent = time.Now(), nil
}

// isSilentSince tells that a target that once answered has not done so since a
// time.
func (h *health) isSilentSince(t time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return !h.answered.IsZero() && h.answered.Before(t)
}

// Gone tells why the target is not asked any more; nil while it is.
func (c *Client) Gone() error {
	c.health.mu.Lock()
	defer c.health.mu.Unlock()
	return c.health.gone
}

// Silent tells since when the target has not answered, where that was waited for until the
// run was over; nil where it has.
func (c *Client) Silent() error {
	c.health.mu.Lock()
	defer c.health.mu.Unlock()
	return c.health.silent
}

// Forgive lets a target that has gone be asked again.
func (c *Client) Forgive() {
	c.health.mu.Lock()
	defer c.health.mu.Unlock()
	c.health.gone = nil
}

// Await waits until the target answers a GET on a fresh connection, whatever it
// says, and gives up for good after some patience. However many requests meet the
// same trouble, one asks for all of them.
func (c *Client) Await(ctx context.Context, patience time.Duration) error {
	for {
		if err := c.Gone(); err != nil {
			return err
		}
		_, err, _ := c.health.asking.Do("", func() (any, error) { return nil, c.await(ctx, patience) })
		if !errors.Is(err, ErrInterrupted) || ctx.Err() != nil {
			return err
		}
	} // it was another's end
}

func (c *Client) await(ctx context.Context, patience time.Duration) error {
	begun := time.Now()
	err := c.Answers(ctx, func(ctx context.Context) (*http.Request, error) {
		return http.NewRequestWithContext(ctx, http.MethodGet, c.probe, http.NoBody)
	}, patience)
	if err == nil {
		c.health.answers()
		return nil
	}
	c.health.mu.Lock()
	defer c.health.mu.Unlock()
	if deadline, ends := ctx.Deadline(); ctx.Err() != nil || ends && deadline.Before(begun.Add(patience)) {
		c.health.silent = fmt.Errorf("it has not answered since %s", begun.UTC().Format(time.TimeOnly+" UTC"))
		return ErrInterrupted
	}
	c.health.gone = fmt.Errorf("it stopped to answer at %s: %w", begun.UTC().Format(time.TimeOnly+" UTC"), err)
	return c.health.gone
}
