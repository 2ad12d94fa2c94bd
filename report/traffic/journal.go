package traffic

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/pocketcheck/pocketcheck/fixtures"
)

// Entry is an exchange as a [Journal] has it.
type Entry struct {
	Number int64 // from 1 on, in the order in which the answers ended
	*Exchange
	Judgement

	size int // in memory, about
}

// How much a journal keeps.
const (
	mostEntries = 10_000
	mostBytes   = 64 << 20
	// Kept is how much of a body is worth being kept, in bytes.
	Kept = 64 << 10
)

// Journal keeps the newest exchanges, 10,000 of them and 64 MiB, and counts of all what a
// client met and broke. It is safe for concurrent use.
type Journal struct {
	judge  *Judge
	hidden hider // what is secret in all entries

	mu     sync.Mutex
	kept   []Entry // the oldest first, behind those that were let go
	gone   int     // how many these are
	bytes  int
	number int64
	tally  tally
	added  chan struct{} // closed with the next entry; nil where nobody waits
}

// NewJournal gives an empty journal of exchanges that are judged by judge.
func NewJournal(judge *Judge) *Journal { return &Journal{judge: judge} }

// Hide lets nothing that is told of the journal have a secret, such as the key of a caller:
// others may send it in a wrong place. So many are known as there may be.
func (j *Journal) Hide(secret string) { j.hidden.learn(secret) }

// Add judges an exchange, and keeps it.
func (j *Journal) Add(x *Exchange) Entry {
	x.hidden = &j.hidden
	e := Entry{Exchange: x, Judgement: j.judge.Judge(x), size: sizeOf(x)}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.number++
	e.Number = j.number
	j.keep(e)
	j.tally.count(e, j.judge.ClientsOnly)
	if j.added != nil {
		close(j.added)
		j.added = nil
	}
	return e
}

// keep keeps an entry, and lets go of old ones.
func (j *Journal) keep(e Entry) {
	j.kept = append(j.kept, e)
	j.bytes += e.size
	for n := len(j.kept) - j.gone; n > mostEntries || j.bytes > mostBytes && n > 1; n-- {
		j.bytes -= j.kept[j.gone].size
		j.kept[j.gone] = Entry{} // its bodies are let go, though the array stays
		j.gone++
	}
	if j.gone > len(j.kept)/2 { // rather than an array that grows
		left := copy(j.kept, j.entries())
		clear(j.kept[left:])
		j.kept, j.gone = j.kept[:left], 0
	}
}

func (j *Journal) entries() []Entry { return j.kept[j.gone:] }

// sizeOf is about what an entry takes in memory with an exchange.
func sizeOf(x *Exchange) int {
	n := 1000 + len(x.Target) + len(x.Body) + len(x.Answer)
	for _, head := range []map[string][]string{x.Header, x.AnswerHead} {
		for name, values := range head {
			n += 50 + len(name)
			for _, value := range values {
				n += len(value)
			}
		}
	}
	return n
}

// Filter selects entries; the zero value selects all.
type Filter struct {
	Caller    string    // "": anybody's
	Endpoint  string    // as documented, with globs
	Since     time.Time // at or after
	Until     time.Time // before; the zero time: no end
	After     int64     // numbers above
	WrongOnly bool      // those with which the document finds something wrong
}

func (f Filter) has(e Entry) bool {
	return (f.Caller == "" || f.Caller == e.Caller) &&
		(f.Endpoint == "" || fixtures.Glob(f.Endpoint, e.Endpoint)) &&
		!e.At.Before(f.Since) && (f.Until.IsZero() || e.At.Before(f.Until)) &&
		e.Number > f.After && (!f.WrongOnly || len(e.ByClient)+len(e.ByServer) > 0)
}

// Entries gives those that are kept, the oldest first.
func (j *Journal) Entries(f Filter) []Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.selected(f)
}

func (j *Journal) selected(f Filter) (all []Entry) {
	from, _ := slices.BinarySearchFunc(j.entries(), f.After+1, func(e Entry, n int64) int { return int(e.Number - n) })
	for _, e := range j.entries()[from:] {
		if f.has(e) {
			all = append(all, e)
		}
	}
	return all
}

// Wait gives the entries once there are so many, or what there is when ctx ends.
func (j *Journal) Wait(ctx context.Context, f Filter, count int) (all []Entry) {
	for {
		j.mu.Lock()
		all = append(all, j.selected(f)...)
		f.After = max(f.After, j.number) // what was looked at is not looked at again
		if j.added == nil {
			j.added = make(chan struct{})
		}
		added := j.added
		j.mu.Unlock()
		if len(all) >= count {
			return all
		}
		select {
		case <-added:
		case <-ctx.Done():
			return all
		}
	}
}

// Begin tells the judge of a server that is as at its start again.
func (j *Journal) Begin() { j.judge.Forget() }

// Forget lets go of entries and of what they were counted as: of all, or of a caller's.
func (j *Journal) Forget(caller string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.kept, j.gone = slices.DeleteFunc(slices.Clone(j.entries()), func(e Entry) bool { return Filter{Caller: caller}.has(e) }), 0
	j.bytes = 0
	for _, e := range j.kept {
		j.bytes += e.size
	}
	j.tally.forget(caller)
}
