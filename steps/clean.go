package steps

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/report/plain"
	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// Cleaned is what became of the assets that a ledger tells of, and of their comments
// with them.
type Cleaned struct {
	Made       int         // by the runs
	Before     int         // removed by them
	Removed    int         // now, or gone already
	LeftBehind []string    // each with the reason
	Refused    int         // of those, since the target refuses the key
	Unanswered []time.Time // when creations were sent that had no answer: what they made, nobody knows
	Torn       int         // lines of the ledger that break off
}

// Clean removes from the target of c what a ledger says that runs made there and did
// not remove; it waits for the target first, where patience is not 0. The error tells
// why nothing was removed: it is [ErrLedger], or one of reading or of waiting.
func Clean(ctx context.Context, ledger io.Reader, c Config, patience time.Duration) (*Cleaned, error) {
	b, err := readBook(ledger)
	if err != nil {
		return nil, err
	}
	s := newSession(c)
	defer s.close()
	for _, target := range b.targets {
		if own := s.redact.Text(s.URL); target != own {
			return nil, fmt.Errorf("%w: it is of the target %q, and this is %q", ErrLedger, s.redact.Text(target), own)
		}
	}
	if patience > 0 {
		if silent := Await(ctx, c, patience); silent != nil {
			return nil, silent.Unreachable
		}
	}
	ctx, over := wire.Ending(ctx)
	defer over()
	return s.cleanAll(ctx, b), nil
}

func (s *session) cleanAll(ctx context.Context, b *book) *Cleaned {
	slices.SortFunc(b.open, time.Time.Compare)
	cleaned := &Cleaned{Made: len(b.assets), Unanswered: b.open, Torn: b.torn}
	var mu sync.Mutex
	each(maps.Keys(b.assets), s.Concurrency, func(id string) {
		before, err := s.clean(ctx, id, b.assets[id])
		mu.Lock()
		defer mu.Unlock()
		if errors.Is(err, errKey) {
			cleaned.Refused++
		}
		switch {
		case err != nil:
			cleaned.LeftBehind = append(cleaned.LeftBehind, plain.Line(s.redact.Shown(fmt.Sprintf("asset %q: %v", id, err))))
		case before:
			cleaned.Before++
		default:
			cleaned.Removed++
		}
	})
	slices.Sort(cleaned.LeftBehind)
	return cleaned
}

// errStays is the end of an asset whose DELETE is answered well, and does nothing.
var errStays = errors.New("DELETE was answered, and GET still answers 200")

// errKey is the end of an asset whose key the target refuses.
var errKey = errors.New("the target answers 401: it refuses the key")

// clean removes an asset, and looks whether it is gone. It tells whether the run had
// removed it, of which the answer to a DELETE alone is no proof.
func (s *session) clean(ctx context.Context, id string, k *kept) (before bool, err error) {
	w := s.newWorld(report.Scenario{Name: "clean up"})
	w.tidying, w.trace.paused, w.own.trashed = true, true, k.trashed
	asset := made{asset: wire.Part{Text: id}, by: s.callerNamed(k.by)}
	if k.removed {
		if found, err := w.stays(ctx, asset); found == nil || err != nil {
			return true, err
		}
	}
	e, err := w.remove(ctx, asset)
	switch {
	case e.Status == http.StatusUnauthorized:
		return false, errKey
	case err != nil:
		return false, err
	}
	err = w.isGone(ctx, asset)
	if err == nil {
		s.journal.gone(id)
	}
	return false, err
}

// isGone looks whether an asset is gone that a DELETE removed; the error is errStays
// where it is not.
func (w *world) isGone(ctx context.Context, m made) error {
	err := w.settled(ctx, func() (*broken, error) { return w.stays(ctx, m) }, func() error { return nil })
	switch _, stays := errors.AsType[*broken](err); {
	case stays:
		return errStays
	case errors.Is(err, errKey): // which was good for a DELETE
		return nil
	}
	return err
}

// stays finds that an asset can still be read; with a key that is refused, nobody knows.
func (w *world) stays(ctx context.Context, m made) (*broken, error) {
	get := &wire.Exchange{Method: http.MethodGet, URL: w.removal(m).URL, Key: m.by}
	_, err := w.do(ctx, get)
	switch {
	case err == nil && get.Status == http.StatusOK:
		return &broken{}, nil
	case get.Status == http.StatusUnauthorized:
		return nil, errKey
	}
	return nil, err
}

// callerNamed gives the caller whose key a script has in a variable; the run's own
// where the key is not known any more.
func (s *session) callerNamed(variable string) wire.Credential {
	if variable == "POCKETCHECK_OTHER_API_KEY" && !s.Values.OtherKey.IsZero() {
		return wire.Credential{Key: s.Values.OtherKey, Variable: variable}
	}
	return wire.Credential{Key: s.Key, Variable: ownKey}
}
