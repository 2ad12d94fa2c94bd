package steps

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Ledger counts what the scenarios made on the target and what became of it.
type Ledger struct {
	Made       int      // assets and comments
	Removed    int      // by a clean-up or by a scenario itself
	LeftBehind []string // what could not be removed, each with the reason
}

type ledger struct {
	mu   sync.Mutex
	book Ledger
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

// made is an asset or a comment that a scenario created.
type made struct {
	asset   part
	comment part // "" for an asset
	by      credential
}

func (m made) String() string {
	if m.comment.text == "" {
		return fmt.Sprintf("asset %q", m.asset.text)
	}
	return fmt.Sprintf("comment %s of asset %q", m.comment.text, m.asset.text)
}

// tidyTime is what a clean-up may take: it outlasts the run's deadline, but not
// a target that asks for an hour's patience.
const tidyTime = time.Minute

// tidy removes what the scenario made, the last first, also when the run was
// interrupted. It never fails a scenario: what stays is a line of the ledger.
func (w *world) tidy(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tidyTime)
	defer cancel()
	w.unrecorded = true
	for _, teardown := range slices.Backward(w.teardowns) {
		_ = w.do(ctx, teardown) // its answer changes nothing
	}
	for _, m := range slices.Backward(w.made) {
		if err := w.remove(ctx, m); err != nil {
			w.session.ledger.left(m.String(), err)
			continue
		}
		w.session.ledger.removed()
	}
}

func (w *world) remove(ctx context.Context, m made) error {
	path := template{{text: w.session.URL + "/api/v2/assets/"}, m.asset.inPath()}
	isAsset := m.comment.text == ""
	if !isAsset {
		path = append(path, part{text: "/comments/"}, m.comment.inPath())
	}
	status, err := w.delete(ctx, path, m.by)
	if isAsset && status == http.StatusNotFound && !w.gone[m.asset.text] {
		status, err = w.insist(ctx, path, m)
	}
	if err == nil && status/100 != 2 && status != http.StatusNotFound {
		err = fmt.Errorf("DELETE answers %d", status)
	}
	return err
}

// insist removes an asset that answers 404 although nothing deleted it: it may
// not show yet, and a target may hide what is in the trash bin.
func (w *world) insist(ctx context.Context, path template, m made) (status int, err error) {
	restore := append(slices.Clone(path), part{text: "/restore"})
	_ = w.settled(ctx, func() *Failure {
		if w.trashed {
			_ = w.do(ctx, &exchange{method: http.MethodPost, url: restore, key: m.by})
		}
		if status, err = w.delete(ctx, path, m.by); status == http.StatusNotFound {
			return &Failure{}
		}
		return nil
	}, nil)
	get := &exchange{method: http.MethodGet, url: path, key: m.by}
	if status == http.StatusNotFound && w.do(ctx, get) == nil && get.status == http.StatusOK {
		return status, fmt.Errorf("DELETE answers 404, GET still 200")
	}
	return status, err
}

// delete sends a DELETE, again where a gateway was in trouble: to remove a thing
// twice does no harm.
func (w *world) delete(ctx context.Context, path template, by credential) (int, error) {
	for try := 0; ; try++ {
		e := &exchange{method: http.MethodDelete, url: path, key: by}
		err := w.do(ctx, e)
		if !e.uncertain() || try == 2 || !sleep(ctx, firstPause<<try) {
			return e.status, err
		}
	}
}
