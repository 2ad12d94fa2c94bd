package steps

import "sync"

// litter is what of the assets of a run can't be removed, since their creation was
// answered without an id.
type litter struct {
	mu     sync.Mutex
	idless int
	named  bool  // one had an id
	err    error // of a Given that made one without
}

// enoughLitter is how many of them show that no creation has an id: facts about
// creation make more, but Givens would only make them to fail.
const enoughLitter = 3

func (l *litter) note(hasID bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.named = l.named || hasID
	if !hasID {
		l.idless++
	}
}

// spares gives how a Given failed that made an asset without an id, where one more
// would, too; nil otherwise.
func (l *litter) spares() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.named || l.idless < enoughLitter {
		return nil
	}
	return l.err
}

// keep takes in how a Given ended that makes an asset.
func (l *litter) keep(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err == nil {
		l.err = err
	}
}
