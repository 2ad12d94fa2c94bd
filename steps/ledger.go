package steps

import (
	"fmt"
	"sync"
	"time"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/steps/wire"
	"github.com/tidwall/gjson"
)

// ledger is the report's, while scenarios write in it, and what is still to be done
// for it.
type ledger struct {
	mu      sync.Mutex
	book    report.Ledger
	later   []belongings // what trouble kept from being removed
	claimed []made       // that the target says to have removed
	lost    []loss
	idless  error // how a Given failed that made an asset without an id
}

// loss is assets that were made, or may have been, by requests whose answers give no
// id: nothing lists assets, so they can't be looked for.
type loss struct {
	perhaps     bool
	title, why  string // the title of the first
	others      bool   // have another
	count       int
	first, last time.Time
}

func (l loss) String() string {
	what, when := "an asset", "at "+l.first.UTC().Format(time.TimeOnly)
	if l.count > 1 {
		what, when = fmt.Sprintf("%d assets", l.count), when+" to "+l.last.UTC().Format(time.TimeOnly)
	}
	if l.perhaps {
		what = "perhaps " + what
	}
	if l.title != "" {
		what += fmt.Sprintf(" titled %q", l.title)
	}
	if l.others {
		what += " and the like"
	}
	return fmt.Sprintf("%s, %s UTC: %s", what, when, l.why)
}

func (l *ledger) made() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.book.Made++
}

func (l *ledger) removed() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.book.Removed++
}

// claims takes in what the target says to have removed.
func (l *ledger) claims(m made) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.book.Removed++
	l.claimed = append(l.claimed, m)
}

// claim gives one of what the target says to have removed, for who looks whether it is.
func (l *ledger) claim() (m made, more bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.claimed) - 1
	if n < 0 {
		return made{}, false
	}
	m, l.claimed = l.claimed[n], l.claimed[:n]
	return m, true
}

// denies takes in that what was said to be removed is still there.
func (l *ledger) denies(m made, why any) {
	l.left(m.String(), why)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.book.Removed--
}

func (l *ledger) left(what string, why any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.book.LeftBehind = append(l.book.LeftBehind, fmt.Sprintf("%s: %v", what, why))
}

func (l *ledger) postpone(b belongings) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.later = append(l.later, b)
}

// lose takes in a creation whose answer is not known.
func (l *ledger) lose(e *wire.Exchange, why string) { l.miss(e, why, true) }

// litter takes in a creation that was answered without an id.
func (l *ledger) litter(e *wire.Exchange) { l.miss(e, "created by an answer without an id", false) }

// enoughLitter is how many of them show that no creation has an id: facts about
// creation make more, but Givens would only make them to fail, and they stay.
const enoughLitter = 3

// spares gives how a Given failed that made an asset without an id, where one more
// would, too; nil otherwise.
func (l *ledger) spares() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := l.littered(); n < enoughLitter || n < l.book.Made {
		return nil
	}
	return l.idless
}

// keep takes in how a Given ended whose asset has no id.
func (l *ledger) keep(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.idless = err
}

// littered is how many of the assets that were made have no id.
func (l *ledger) littered() (n int) {
	for _, of := range l.lost {
		if !of.perhaps {
			n += of.count
		}
	}
	return n
}

func (l *ledger) miss(e *wire.Exchange, why string, perhaps bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	title, now := gjson.Get(e.Body.String(), "title").String(), time.Now()
	for i := range l.lost {
		if p := &l.lost[i]; p.why == why {
			p.count, p.last, p.others = p.count+1, now, p.others || p.title != title
			return
		}
	}
	l.lost = append(l.lost, loss{perhaps: perhaps, title: title, why: why, count: 1, first: now, last: now})
}

// forget drops what is written.
func (l *ledger) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.book, l.lost = report.Ledger{}, nil
}

// close gives what the report tells.
func (l *ledger) close(shown func(string) string) report.Ledger {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range l.lost {
		l.book.LeftBehind = append(l.book.LeftBehind, p.String())
	}
	for i := range l.book.LeftBehind {
		l.book.LeftBehind[i] = shown(l.book.LeftBehind[i])
	}
	return l.book
}
