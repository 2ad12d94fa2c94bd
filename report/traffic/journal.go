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
	Exchange
	Judgement
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

	mu      sync.Mutex
	entries []Entry // the oldest first
	bytes   int
	number  int64
	tally   tally
	added   chan struct{} // closed with the next entry; nil where nobody waits
}

// NewJournal gives an empty journal of exchanges that are judged by judge.
func NewJournal(judge *Judge) *Journal { return &Journal{judge: judge} }

// Hide lets nothing that is told of the journal have a secret, such as the key of a caller:
// others may send it in a wrong place. So many are known as there may be.
func (j *Journal) Hide(secret string) { j.hidden.learn(secret) }

// Add judges an exchange, and keeps it.
func (j *Journal) Add(x Exchange) Entry {
	x.hidden = &j.hidden
	e := Entry{Exchange: x, Judgement: j.judge.Judge(x)}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.number++
	e.Number = j.number
	j.entries = append(j.entries, e)
	j.bytes += e.size()
	for len(j.entries) > mostEntries || j.bytes > mostBytes && len(j.entries) > 1 {
		j.bytes -= j.entries[0].size()
		j.entries[0] = Entry{} // its bodies are let go, though the array stays
		j.entries = j.entries[1:]
	}
	j.tally.count(e, j.judge.ClientsOnly)
	if j.added != nil {
		close(j.added)
		j.added = nil
	}
	return e
}

// size is about what an entry takes in memory.
func (e Entry) size() int {
	n := 1000 + len(e.Target) + len(e.Body) + len(e.Answer)
	for _, head := range []map[string][]string{e.Header, e.AnswerHead} {
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
	from, _ := slices.BinarySearchFunc(j.entries, f.After+1, func(e Entry, n int64) int { return int(e.Number - n) })
	for _, e := range j.entries[from:] {
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
	j.entries = slices.DeleteFunc(slices.Clone(j.entries), func(e Entry) bool { return Filter{Caller: caller}.has(e) })
	j.bytes = 0
	for _, e := range j.entries {
		j.bytes += e.size()
	}
	j.tally.forget(caller)
}
