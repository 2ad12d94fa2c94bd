package mock

import (
	"sync"
	"time"

	"github.com/pocketcheck/pocketcheck/reference/control"
)

// clock is the time of the mock: the machine's, ahead of it or behind, or a standing one.
type clock struct {
	mu     sync.Mutex
	ahead  time.Duration
	frozen time.Time // the zero time where it goes on
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.frozen.IsZero() {
		return c.frozen
	}
	return time.Now().Add(c.ahead)
}

func (c *clock) set(to control.Clock) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead, c.frozen = time.Until(to.Now), time.Time{}
	if to.Frozen {
		c.frozen = to.Now
	}
}

func (c *clock) advance(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.frozen.IsZero() {
		c.frozen = c.frozen.Add(by)
		return
	}
	c.ahead += by
}

func (c *clock) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead, c.frozen = 0, time.Time{}
}

func (c *clock) shown() control.Clock {
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	return control.Clock{Now: now.UTC(), Frozen: !c.frozen.IsZero()}
}
