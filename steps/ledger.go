package steps

import (
	"fmt"
	"sync"

	"github.com/pocketcheck/pocketcheck/report"
)

// ledger is the report's, while scenarios write in it.
type ledger struct {
	mu   sync.Mutex
	book report.Ledger
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

func (l *ledger) left(what string, why any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.book.LeftBehind = append(l.book.LeftBehind, fmt.Sprintf("%s: %v", what, why))
}
