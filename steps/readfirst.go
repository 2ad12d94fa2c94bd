package steps

import (
	"cmp"
	"context"
	"errors"
	"net/http"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// theThingWasRead reads what the scenario reads again, as
// another caller or after a change: a first answer that is kept for too long, or for
// everybody, comes again. A scenario in which nothing may change has no such Given:
// an old answer would hide that something did.
func theThingWasRead(ctx context.Context, name, last, atOther, otherKey, query string) error {
	w := worldOf(ctx)
	by := w.caller
	if otherKey != "" { // mine lacks a permission, that of the run does not
		by = w.session.callerNamed(ownKey)
	}
	read := func() error { return w.readFirst(ctx, name, by, last, query) }
	if atOther == "" {
		return read()
	}
	return w.onOther("asset", read)
}

func theAssetWasReadInTheTrashBin(ctx context.Context) error {
	w := worldOf(ctx)
	if err := done("trash.move", "")(ctx); err != nil {
		return err
	}
	return w.readFirst(ctx, "asset", w.caller, "", "")
}

func theAssetWasReadAndMoved(ctx context.Context) error {
	w := worldOf(ctx)
	if err := w.readFirst(ctx, "asset", w.caller, "", ""); err != nil {
		return err
	}
	return done("trash.move", "")(ctx)
}

// keptOf is what is kept of things that are not a member of an answer by their name.
var keptOf = map[string]string{"DAG action runs": "dag_action_runs.#.id"}

// readFirst waits for what does not show yet. Anything else is judged only where the
// document has an answer for whatever asset: not where it depends on a provider
// state, has no example, or is about what is in the trash bin.
func (w *world) readFirst(ctx context.Context, name string, by wire.Credential, last, query string) error {
	op := operationNamed(things[name].read)
	ok := fixtures.FactOf(op.ok)
	isShown := ok.Status == http.StatusOK && !w.own.trashed
	a, err := w.until(ctx, op, request{last: last, query: query, by: by}, func(a *answer) {
		if !isShown {
			return
		}
		if resembles(a, http.StatusOK); a.exchange.Status != http.StatusNotFound {
			w.judge.final()
		}
	})
	if _, isBroken := errors.AsType[*broken](err); isBroken && len(ok.Needs) > 0 {
		return nil
	}
	if err == nil {
		body, _ := a.exchange.JSON()
		w.before[name] = body.Get(cmp.Or(keptOf[name], name))
	}
	return blockedBy(op.ok, err)
}
