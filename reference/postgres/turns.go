package postgres

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
)

// turns let one write to an asset at a time, in the order in which they came, so that
// those which wait have no connection, and no row that is locked keeps more than one.
// The zero value is ready.
type turns struct {
	mu     sync.Mutex
	queues map[string]*queue
}

type queue struct {
	first *semaphore.Weighted // first come, first served
	count int                 // that wait, and the one whose turn it is
}

// take waits for the turn at an asset. It returns what ends it.
func (t *turns) take(ctx context.Context, assetID string) (end func(), err error) {
	q := t.join(assetID)
	if err := q.first.Acquire(ctx, 1); err != nil {
		t.leave(assetID, q)
		return nil, err
	}
	return func() {
		q.first.Release(1)
		t.leave(assetID, q)
	}, nil
}

func (t *turns) join(assetID string) *queue {
	t.mu.Lock()
	defer t.mu.Unlock()
	q := t.queues[assetID]
	if q == nil {
		if t.queues == nil {
			t.queues = map[string]*queue{}
		}
		q = &queue{first: semaphore.NewWeighted(1)}
		t.queues[assetID] = q
	}
	q.count++
	return q
}

func (t *turns) leave(assetID string, q *queue) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if q.count--; q.count == 0 {
		delete(t.queues, assetID)
	}
}
