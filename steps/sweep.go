package steps

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// absence is how long the end of a run waits for a target that has gone away and
// still has what was made on it.
const absence = 2 * time.Minute

// parting is the same for a run that was interrupted.
const parting = 5 * time.Second

// sweep ends the clean-up of a run: it removes what trouble kept from being removed,
// waiting for a target that is away, and looks once whether what the target says to
// have removed is gone.
func (s *session) sweep(ctx context.Context) {
	if later := s.ledger.later; len(later) > 0 {
		var gone error
		if !s.removes(ctx, &later[0]) {
			gone = s.comesBack(ctx)
		}
		for _, b := range later {
			s.removeAgain(ctx, b, gone)
		}
	}
	each(s.unconfirmed(ctx), s.Concurrency, func(m made) { s.confirm(ctx, m) })
}

// unconfirmed gives what the target says to have removed and nobody has looked for, as long
// as the target answers.
func (s *session) unconfirmed(ctx context.Context) iter.Seq[made] {
	return func(yield func(made) bool) {
		for ctx.Err() == nil && s.client.Gone() == nil {
			if m, more := s.ledger.claim(); !more || !yield(m) {
				return
			}
		}
	}
}

// removes tells whether the target answers a removal, which is asked for once: that of the
// first thing. One that answers no GET may do so all the same.
func (s *session) removes(ctx context.Context, b *belongings) bool {
	ctx, over := wire.Outlasting(ctx)
	defer over()
	ctx, cancel := context.WithTimeout(ctx, tidyTime)
	defer cancel()
	w := s.cleaner(*b)
	e := w.removal(b.made[0])
	if _, err := w.do(ctx, e); err != nil || e.Trouble() != "" {
		return false
	}
	if e.Status/100 == 2 {
		s.ledger.removed()
		b.made = b.made[1:]
	}
	return true
}

// cleaner is who removes what a scenario made.
func (s *session) cleaner(b belongings) *world {
	w := s.newWorld(report.Scenario{Name: "clean-up"})
	w.tidying, w.own = true, b
	return w
}

// comesBack waits for a target that may be away: shortly where the run is over, or the
// target is its own and ends with it. The error is that by which it went, where one is known.
func (s *session) comesBack(ctx context.Context) error {
	went := s.client.Gone()
	s.client.Forgive()
	wait := absence
	if ctx.Err() != nil || s.Passing {
		wait = parting
		var cancel context.CancelFunc
		ctx, cancel = wire.Outlasting(ctx)
		defer cancel()
	}
	err := s.client.Await(ctx, wait)
	if err != nil && went != nil {
		return went
	}
	return err
}

// errLate is the end of what there was no time to remove.
var errLate = errors.New("the run was over before its removal was answered")

func (s *session) removeAgain(ctx context.Context, b belongings, gone error) {
	ctx, over := wire.Outlasting(ctx)
	defer over()
	ctx, cancel := context.WithTimeout(ctx, tidyTime)
	defer cancel()
	w := s.cleaner(b)
	for _, m := range b.made {
		err := gone
		if err == nil {
			_, err = w.remove(ctx, m)
		}
		if errors.Is(err, wire.ErrInterrupted) {
			err = errLate
		}
		if err != nil {
			s.ledger.left(m.String(), err)
			continue
		}
		s.ledger.removed()
	}
	if gone != nil {
		return
	}
	for _, state := range slices.Backward(b.teardowns) {
		_, _ = w.do(ctx, state.Exchange) // its answer changes nothing
	}
}

// confirm looks whether an asset is gone.
func (s *session) confirm(ctx context.Context, m made) {
	w := s.newWorld(report.Scenario{Name: "clean-up"})
	w.tidying = true
	if err := w.isGone(ctx, m); errors.Is(err, errStays) {
		s.ledger.denies(m, err)
	}
}
