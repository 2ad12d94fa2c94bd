package postgres

import (
	"context"

	"github.com/pocketcheck/pocketcheck/reference"
)

const (
	// gatherers ask the index for documents, each for up to gathered at once. To ask for
	// several takes hardly longer than for one, and the busier it is the more readers wait.
	gatherers = 4
	gathered  = 100
)

// wanted is an asset's document that a reader waits for.
type wanted struct {
	ctx   context.Context // the reader's
	id    string
	found chan<- []reference.Document // nil, once, where the index does not answer
}

// gather asks the index for what readers want, as much as there is at once, until ctx
// ends.
func (s *Store) gather(ctx context.Context) {
	for all := waiting(ctx, s.wants, gathered); all != nil; all = waiting(ctx, s.wants, gathered) {
		s.answer(all)
	}
}

// waiting takes what waits in a channel, as much as there is at once up to most, and at
// least one; nil once ctx ends.
func waiting[T any](ctx context.Context, in <-chan T, most int) (all []T) {
	select {
	case one := <-in:
		all = append(all, one)
	case <-ctx.Done():
		return nil
	}
	for len(all) < most {
		select {
		case one := <-in:
			all = append(all, one)
		default:
			return all
		}
	}
	return all
}

// answer asks once for all, in the trace of the first, who may go meanwhile.
func (s *Store) answer(all []wanted) {
	ids := make([]string, len(all))
	for i, w := range all {
		ids[i] = w.id
	}
	found, isThere := s.indexed(context.WithoutCancel(all[0].ctx), assets, ids)
	of := map[string][]reference.Document{}
	for i, d := range found {
		of[d.ID] = found[i : i+1]
	}
	for _, w := range all {
		var documents []reference.Document
		if isThere {
			documents = append([]reference.Document{}, of[w.id]...)
		}
		w.found <- documents // which has room
	}
}

// fromIndex gives an asset's document, if the index has it and is there.
func (s *Store) fromIndex(ctx context.Context, id string) (found []reference.Document, isThere bool) {
	if !s.presence.isAsked() {
		return nil, false
	}
	answered := make(chan []reference.Document, 1)
	select {
	case s.wants <- wanted{ctx, id, answered}:
	case <-s.ended:
		return nil, false
	case <-ctx.Done():
		return nil, false
	}
	select {
	case found = <-answered:
		return found, found != nil
	case <-ctx.Done():
		return nil, false
	}
}
