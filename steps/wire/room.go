package wire

import (
	"context"
	"sync"
)

const (
	roomLimit  = 16 << 20 // of what all scenarios hold at once
	shareLimit = 24 << 20 // of the answers of one
	valueSize  = 200      // what a value takes, as it is read and compared
	smallest   = 16 << 10 // an answer that is not worth the counting
)

// room bounds what the answers take that all scenarios look at. What does not fit is
// read by one scenario after the other.
type room struct {
	mu   sync.Mutex
	held int
	turn chan struct{} // has one element, unless a scenario has its turn
}

func newRoom() *room {
	r := &room{turn: make(chan struct{}, 1)}
	r.turn <- struct{}{}
	return r
}

// Share is what one scenario holds of the memory that there is for answers. A nil one
// has no bounds but those of each answer.
type Share struct {
	room     *room
	counted  map[*Exchange]holding
	reserved int  // for the answer that is being read
	length   int  // of all answers
	hasTurn  bool // what it takes from now on need not fit
}

type holding struct{ size, length int }

// Share gives the share of a scenario. Close it.
func (c *Client) Share() *Share { return &Share{room: c.room, counted: map[*Exchange]holding{}} }

// reserve makes room for more of the answer that is being read.
func (s *Share) reserve(ctx context.Context, n int) error {
	if s == nil || s.reserved+n <= smallest {
		return nil
	}
	if s.length+s.reserved+n > shareLimit {
		return errShare
	}
	if err := s.fit(ctx, 2*n); err != nil {
		return err
	}
	s.reserved += n
	return nil
}

// take holds an answer that was read, in the place of what was reserved for it.
func (s *Share) take(ctx context.Context, e *Exchange, length, values int) error {
	if s == nil || length+valueSize*values <= smallest {
		return nil
	}
	if s.length+length > shareLimit {
		return errShare
	}
	size := 2*length + valueSize*values // the text is kept as it came and as it was read
	if more := size - 2*s.reserved; more > 0 {
		if err := s.fit(ctx, more); err != nil {
			return err
		}
	} else {
		s.release(-more)
	}
	s.reserved = 0
	s.counted[e] = holding{size, length}
	s.length += length
	return nil
}

// fit waits until so much fits, or it is the scenario's turn. Who has the turn waits for
// nobody, so it ends.
func (s *Share) fit(ctx context.Context, n int) error {
	if s.room.fits(n, s.hasTurn) {
		return nil
	}
	defer paused(ctx)()
	select {
	case <-s.room.turn:
		s.hasTurn = true
		s.room.fits(n, true)
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (r *room) fits(n int, must bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !must && r.held+n > roomLimit {
		return false
	}
	r.held += n
	return true
}

func (s *Share) release(n int) {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	s.room.held -= n
}

// drop gives back what was reserved for an answer that came to nothing.
func (s *Share) drop() {
	if s != nil && s.reserved > 0 {
		s.release(2 * s.reserved)
		s.reserved = 0
	}
}

// Return gives back what answers took that are not looked at any more.
func (s *Share) Return(exchanges ...*Exchange) {
	if s == nil {
		return
	}
	for _, e := range exchanges {
		if h, isCounted := s.counted[e]; isCounted {
			delete(s.counted, e)
			s.length -= h.length
			s.release(h.size)
		}
	}
}

// Close gives everything back.
func (s *Share) Close() {
	s.drop()
	for e := range s.counted {
		s.Return(e)
	}
	if s.hasTurn {
		s.hasTurn = false
		s.room.turn <- struct{}{}
	}
}
