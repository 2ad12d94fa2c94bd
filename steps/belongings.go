package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// belongings are what a scenario made on the target, and must remove.
type belongings struct {
	made      []made
	gone      map[string]bool // assets that the scenario itself deleted
	trashed   bool            // it moved one to the trash bin
	teardowns []teardown
}

// teardown ends a provider state.
type teardown struct {
	*wire.Exchange
	made int // how many things there were before: what came later may need the state's key to go
}

// made is an asset or a comment that a scenario created.
type made struct {
	asset   wire.Part
	comment wire.Part // "" for an asset
	by      wire.Credential
}

func (m made) String() string {
	if m.comment.Text == "" {
		return fmt.Sprintf("asset %q", m.asset.Text)
	}
	return fmt.Sprintf("comment %s of asset %q", m.comment.Text, m.asset.Text)
}

// note keeps what an answer tells: what was made must be removed, and what was
// removed need not be.
func (w *world) note(op *operation, e *wire.Exchange) {
	ok := e.Failure == nil && e.Status >= 200 && e.Status < 300
	if e.Status == http.StatusNotFound && !w.trace.paused && strings.Contains(op.path, ":asset_id") {
		w.missed = w.missed || w.has(w.known[anAssetID.name])
	}
	switch {
	case op.makes == aRunID:
		if id, found := idOf(e, aRunID.path); ok && found {
			w.known[aRunID.name] = wire.Part{Text: id}
		}
	case op.makes != nothingMade:
		w.noteMade(ok, e, op.makes)
	case op.name == "trash.move":
		w.own.trashed = true
	case op.name == "assets.delete" && ok:
		w.own.gone[w.known["asset id"].Text] = true
	}
}

// has tells whether an asset is one that the scenario made, and did not delete.
func (w *world) has(asset wire.Part) bool {
	isIt := func(m made) bool { return m.comment.Text == "" && m.asset.Text == asset.Text }
	return !w.own.gone[asset.Text] && slices.ContainsFunc(w.own.made, isIt)
}

func (w *world) noteMade(ok bool, e *wire.Exchange, what value) {
	id, found := idOf(e, what.path)
	switch {
	case ok && found:
		name := w.naming + what.name
		v := wire.Part{Text: id, Variable: wire.VariableOf(name)}
		body, _ := e.JSON() // it has the id
		e.Captures = append(e.Captures, captureOf(v.Variable, what.path, body.Get(what.path)))
		w.known[name] = v
		m := made{asset: v, by: e.Key}
		if what == aCommentID {
			m = made{asset: w.known[anAssetID.name], comment: v, by: e.Key}
		}
		w.own.made = append(w.own.made, m)
		w.session.ledger.made()
	case what != anAssetID: // it goes with its asset
	case ok:
		w.session.ledger.made()
		w.session.ledger.litter(e)
	case e.Failure != nil && e.Sent:
		w.session.ledger.lose(e, "its creation got no whole answer")
	case e.Failure == nil && e.Trouble() != "" && !e.Trouble().Refused():
		w.session.ledger.lose(e, fmt.Sprintf("its creation was answered %d", e.Status))
	}
}

// tidyTime is what a clean-up may take: it outlasts the run's deadline, but not
// a target that asks for an hour's patience. After the run's end it is [wire.Grace].
const tidyTime = time.Minute

// tidy removes what the scenario made, the last first, also when the run was
// interrupted. It never fails a scenario: what stays is a line of the ledger.
func (w *world) tidy(ctx context.Context) {
	ctx, over := wire.Outlasting(ctx)
	defer over()
	ctx, cancel := context.WithTimeout(ctx, tidyTime)
	defer cancel()
	w.trace.paused, w.tidying = true, true
	later := belongings{gone: w.own.gone, trashed: w.own.trashed}
	states := w.own.teardowns
	for n := len(w.own.made); n >= 0; n-- {
		for ; len(states) > 0 && states[len(states)-1].made >= n; states = states[:len(states)-1] {
			w.tearDown(ctx, states[len(states)-1], &later)
		}
		if n > 0 {
			w.tidyUp(ctx, w.own.made[n-1], &later)
		}
	}
	if len(later.made) > 0 {
		w.session.ledger.postpone(later)
	}
}

// tearDown ends a state, or leaves it for later with what may need its key.
func (w *world) tearDown(ctx context.Context, state teardown, later *belongings) {
	if len(later.made) > 0 {
		later.teardowns = slices.Insert(later.teardowns, 0, teardown{Exchange: state.Exchange})
		return
	}
	_, _ = w.do(ctx, state.Exchange) // its answer changes nothing
}

// tidyUp removes one thing, or leaves it for later where trouble is in the way, or its
// turn did not come in time.
func (w *world) tidyUp(ctx context.Context, m made, later *belongings) {
	if m.comment.Text == "" && w.own.gone[m.asset.Text] {
		w.session.ledger.claims(m)
		return
	}
	if w.session.client.Gone() != nil {
		later.made = append(later.made, m)
		return
	}
	e, err := w.remove(ctx, m)
	switch {
	case err == nil && m.comment.Text == "" && e.Status/100 == 2:
		w.session.ledger.claims(m)
	case err == nil:
		w.session.ledger.removed()
	case e.Trouble() != "", errors.Is(err, wire.ErrInterrupted):
		later.made = append(later.made, m)
	default:
		w.session.ledger.left(m.String(), err)
	}
}

// removal is the request that removes what was made.
func (w *world) removal(m made) *wire.Exchange {
	path := []wire.Part{{Text: "/api/v2/assets/"}, m.asset.InPath()}
	if m.comment.Text != "" {
		path = append(path, wire.Part{Text: "/comments/"}, m.comment.InPath())
	}
	return &wire.Exchange{Method: http.MethodDelete, URL: w.session.url(path...), Key: m.by, Operation: "clean-up"}
}

func (w *world) remove(ctx context.Context, m made) (*wire.Exchange, error) {
	e, err := w.delete(ctx, m)
	if m.comment.Text == "" && e.Status == http.StatusNotFound && !w.own.gone[m.asset.Text] {
		e, err = w.insist(ctx, m)
	}
	if err == nil && e.Status/100 != 2 && e.Status != http.StatusNotFound {
		err = fmt.Errorf("DELETE answers %d", e.Status)
	}
	return e, err
}

// insist removes an asset that answers 404 although nothing deleted it: it may
// not show yet, and a target may hide what is in the trash bin.
func (w *world) insist(ctx context.Context, m made) (e *wire.Exchange, err error) {
	asset := w.removal(m).URL
	_ = w.settled(ctx, func() (*broken, error) {
		if w.own.trashed {
			restore := append(slices.Clone(asset), wire.Part{Text: "/restore"})
			_, _ = w.do(ctx, &wire.Exchange{Method: http.MethodPost, URL: restore, Key: m.by})
		}
		if e, err = w.delete(ctx, m); e.Status == http.StatusNotFound {
			return &broken{}, nil
		}
		return nil, nil
	}, func() error { return nil })
	if e.Status != http.StatusNotFound {
		return e, err
	}
	get := &wire.Exchange{Method: http.MethodGet, URL: asset, Key: m.by}
	if _, silent := w.do(ctx, get); silent == nil && get.Status == http.StatusOK {
		return e, errors.New("DELETE answers 404, GET still 200")
	}
	return e, err
}

// delete sends a DELETE, again where it met trouble: to remove a thing twice does no
// harm.
func (w *world) delete(ctx context.Context, m made) (*wire.Exchange, error) {
	for try := 0; ; try++ {
		e := w.removal(m)
		_, err := w.do(ctx, e)
		if e.Trouble() == "" || try == 2 || !wire.Sleep(ctx, wire.Pause(try)) {
			return e, err
		}
	}
}
