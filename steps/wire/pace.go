package wire

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	atOnce     = 300 * time.Millisecond // refusals that are one: what was sent before the pace was slowed
	slowest    = 0.2                    // requests a second
	slowDown   = 0.6
	speedUp    = 1.1
	closeToTop = 0.95
	calm       = 2 * time.Second // without a refusal, before the pace is tried a little faster
	longCalm   = 5 * time.Second // before the rate that was refused last is tried again
	shortCalm  = calm / 4        // while it is not known which rate is refused
	searchUp   = 1.5
)

// pace lets requests out no faster than the target takes them. It begins at the rate
// that is given, if any; where the target refuses some and answers others it slows
// down to what was answered, looks for the rate that is refused, and stays below that
// for some time.
type pace struct {
	mu       sync.Mutex
	limiter  *rate.Limiter
	given    rate.Limit
	most     rate.Limit  // what was given, or refused last
	changed  time.Time   // the pace
	slowed   time.Time   // it was, at last
	spared   time.Time   // the last refusal that did not change it
	answered []time.Time // within the last second
	gap      time.Duration
	refusals map[string]int
}

func newPace(perSecond float64) *pace {
	limit := rate.Inf
	if perSecond > 0 {
		limit = rate.Limit(perSecond)
	}
	return &pace{limiter: rate.NewLimiter(limit, 1), given: limit, most: limit, refusals: map[string]int{}}
}

// wait waits for the turn of a request, or tells that ctx ends before it. Who waits
// looks again when it is time, since the pace may have changed: a turn that was taken
// at the old one would come too early.
func (p *pace) wait(ctx context.Context) error {
	p.mu.Lock()
	gap := p.gap
	p.mu.Unlock()
	if gap > 0 && !Sleep(ctx, gap) {
		return ErrInterrupted
	}
	for {
		turn := p.limiter.Reserve()
		delay := turn.Delay()
		if delay == 0 && ctx.Err() == nil {
			return nil
		}
		turn.Cancel()
		if !Sleep(ctx, delay) {
			return ErrInterrupted
		}
	}
}

// accept takes in that a request was answered.
func (p *pace) accept() {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	p.answered = append(p.answeredSince(now.Add(-time.Second)), now)
	limit, since := p.limiter.Limit(), now.Sub(p.changed)
	up := rate.Limit(speedUp)
	switch {
	case limit == rate.Inf:
		return
	case p.most == rate.Inf && since > shortCalm:
		up = searchUp
	case p.most < rate.Inf && limit < p.most && since > calm:
	case p.most < p.given && since > longCalm:
		p.most = min(p.most*speedUp, p.given)
	default:
		return
	}
	p.changed = now
	p.limiter.SetLimit(min(limit*up, p.most))
}

// refuse takes in that a request that was sent at a time was one too many. A target
// that answers nobody is not too slow but away, and so changes no pace.
func (p *pace) refuse(sent time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	p.answered = p.answeredSince(now.Add(-time.Second))
	limit := p.limiter.Limit()
	if sent.Before(p.changed) || now.Sub(p.slowed) < atOnce || limit == rate.Inf && len(p.answered) == 0 {
		return
	}
	if p.most < rate.Inf && now.Sub(p.spared) > calm { // two requests may have come close together
		p.spared = now
		return
	}
	p.changed, p.slowed = now, now
	if limit == rate.Inf { // which says nothing of the rate that is refused
		took := max(now.Sub(p.answered[0]), 20*time.Millisecond)
		limit = rate.Limit(float64(len(p.answered)) / took.Seconds())
	} else {
		p.most = min(p.most, limit*closeToTop)
	}
	p.limiter.SetLimit(max(limit*slowDown, slowest))
}

func (p *pace) answeredSince(t time.Time) []time.Time {
	for len(p.answered) > 0 && p.answered[0].Before(t) {
		p.answered = p.answered[1:]
	}
	return p.answered
}

// refused takes in that there was a request too many, whether or not that changes the
// pace.
func (p *pace) refused(by string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refusals[by]++
}

// Refusals says how many requests were one too many for the target, and how many a second
// it is asked since; "" where none was.
func (c *Client) Refusals() string {
	c.pace.mu.Lock()
	defer c.pace.mu.Unlock()
	n := 0
	for _, times := range c.pace.refusals {
		n += times
	}
	if n == 0 {
		return ""
	}
	text := fmt.Sprintf("%d requests, with %s", n, strings.Join(slices.Sorted(maps.Keys(c.pace.refusals)), " or "))
	if limit := c.pace.limiter.Limit(); !c.pace.changed.IsZero() {
		text += fmt.Sprintf("; the run slowed down to %.1f a second", float64(limit))
	}
	return text
}
