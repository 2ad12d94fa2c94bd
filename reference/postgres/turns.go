package postgres

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
)

// turns let few write to an asset at a time, in the order in which they came, so that
// those which wait have no connection, and no row that is locked keeps more than two.
// The zero value is ready.
type turns struct {
	mu     sync.Mutex
	queues map[string]*queue
}

type queue struct {
	first *semaphore.Weighted // first come, first served
	count int                 // that wait, and those whose turn it is
}

// atOnce is how many may write to one asset: while PostgreSQL ends the transaction of one,
// the next is there already.
const atOnce = 2

// turnKey has in a context the id of the asset whose turn it is in.
type turnKey struct{}

// Alone waits until nobody else in this process writes to an asset.
func (s *Store) Alone(ctx context.Context, assetID string) (turn context.Context, end func(), err error) {
	end, err = s.turns.take(ctx, assetID, true)
	return context.WithValue(ctx, turnKey{}, assetID), end, err
}

// take waits for the turn at an asset, alone or with another. It returns what ends it.
func (t *turns) take(ctx context.Context, assetID string, isAlone bool) (end func(), err error) {
	if ctx.Value(turnKey{}) == assetID {
		return func() {}, nil
	}
	q := t.join(assetID)
	n := int64(1)
	if isAlone {
		n = atOnce
	}
	if err := q.first.Acquire(ctx, n); err != nil {
		t.leave(assetID, q)
		return nil, err
	}
	return func() {
		q.first.Release(n)
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
		q = &queue{first: semaphore.NewWeighted(atOnce)}
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
