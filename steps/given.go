package steps

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// sampleAsset is the asset that the document's examples show.
const sampleAsset = `{"title": "Sample Asset", "description": "Sample asset description.", ` +
	`"category": "test asset category", "tags": ["test", "tag"]}`

// given asks for what a scenario needs. It wants no more of the answer than that it
// is a success, and the id where something is made; anything else blocks the scenario.
func (w *world) given(ctx context.Context, op *operation, r request) error {
	_, err := w.until(ctx, op, r, func(a *answer) { w.givenHolds(a, op.makes) })
	if err == nil && w.patient && op.makes != nothingMade {
		err = w.rest(ctx, op)
	}
	return blockedBy(op.ok, err)
}

// rest waits until what was made can be read, and then until it has had the time to
// settle: nothing of it is late after that.
func (w *world) rest(ctx context.Context, made *operation) error {
	end := time.Now().Add(w.session.Settle)
	if made.makes == anAssetID {
		w.trace.paused = true
		defer func() { w.trace.paused = false }()
		read := request{by: w.caller, last: w.known[w.naming+anAssetID.name].Text}
		_, err := w.until(ctx, operationNamed("assets.get"), read, func(a *answer) { resembles(a, http.StatusOK) })
		if errors.Is(err, wire.ErrInterrupted) {
			return err
		}
	}
	if !wire.Sleep(ctx, time.Until(end)) {
		return wire.ErrInterrupted
	}
	return nil
}

// until asks for an operation until check finds nothing or the time to settle is
// over. A request that was polled stands in the report once.
func (w *world) until(ctx context.Context, op *operation, r request, check func(*answer)) (*answer, error) {
	var a *answer
	mark := len(w.trace.exchanges)
	ask := func() (err error) {
		w.back(mark)
		a, err = w.perform(ctx, op, r)
		return err
	}
	err := ask()
	if err == nil {
		err = w.settled(ctx, func() (*broken, error) { return w.look(a, check) }, ask)
	}
	return a, err
}

func (w *world) givenHolds(a *answer, makes value) {
	resembles(a, http.StatusOK)
	// Only what is asked of an asset may come too early for it.
	early := a.exchange.Status == http.StatusNotFound && !strings.HasSuffix(a.exchange.URL.String(), "/assets")
	if _, ok := idOf(a.exchange, makes.path); makes != nothingMade && !ok {
		w.noID(a, makes.path)
	}
	if !early {
		w.judge.final()
	}
}

// blockedBy makes a failure of a Given one of the fact that it relies on.
func blockedBy(fact string, err error) error {
	_, isBroken := errors.AsType[*broken](err)
	silent, isSilent := errors.AsType[*noAnswer](err)
	if isBroken || isSilent && !silent.isUnread() {
		return &blocked{fact, err}
	}
	return err
}

// fill puts what the scenario knows into a body of the features, on one line.
func (w *world) fill(doc string) (wire.Template, error) {
	var t wire.Template
	rest := indent.ReplaceAllString(doc, " ")
	for {
		at := inBody.FindStringSubmatchIndex(rest)
		if at == nil {
			return append(t, wire.Part{Text: rest}), nil
		}
		v, err := w.knows(rest[at[2]:at[3]])
		if err != nil {
			return nil, fault{err}
		}
		t = append(t, wire.Part{Text: rest[:at[0]+1]}, v.InJSON())
		rest = rest[at[1]-1:]
	}
}

// indent is a line break and what follows; a JSON string can't hold one.
var indent = regexp.MustCompile(`\n\s*`)

// inBody is a placeholder that is the whole of a JSON string.
var inBody = regexp.MustCompile(`"\$\{([a-zA-Z ]+)\}"`)

func anAsset(ctx context.Context) error {
	if w := worldOf(ctx); w.session.ReadOnly {
		return w.named("asset id", w.session.Values.AssetID)
	}
	return anAssetWith(ctx, sampleAsset)
}

func anAssetWith(ctx context.Context, parameters string) error {
	w := worldOf(ctx)
	body, err := w.fill(parameters)
	if err != nil {
		return err
	}
	if err := w.session.ledger.spares(); err != nil {
		return err
	}
	err = w.given(ctx, operationNamed("assets.create"), request{body: body, by: w.caller})
	if bad, ok := errors.AsType[*broken](err); ok && bad.Path == "$."+anAssetID.path {
		w.session.ledger.keep(err)
	}
	return err
}

// another lets what a Given makes be another thing of its kind.
func another(ctx context.Context, given func(context.Context) error) error {
	w := worldOf(ctx)
	w.naming = "other "
	defer func() { w.naming = "" }()
	return given(ctx)
}

func anotherAsset(ctx context.Context) error { return another(ctx, anAsset) }

func noAssetHasTheID(ctx context.Context, id string) error {
	w := worldOf(ctx)
	w.known["asset id"], w.when.atOnce = wire.Part{Text: id}, true
	return nil
}

// theAssetWasDeleted waits until the asset is gone: what follows is about an id
// that nothing has any more. name is what was read before, if anything.
func theAssetWasDeleted(ctx context.Context, name, last string) error {
	w := worldOf(ctx)
	if name != "" {
		if err := w.readFirst(ctx, name, w.caller, last, ""); err != nil {
			return err
		}
	}
	if err := done("assets.delete", "")(ctx); err != nil {
		return err
	}
	w.when.atOnce = true
	get := operationNamed("assets.get")
	a, err := w.until(ctx, get, request{by: w.caller}, func(a *answer) { a.Status(http.StatusNotFound) })
	if err != nil && a != nil && a.exchange.Status == http.StatusOK {
		return blockedBy("assets.delete.ok.effect", err) // it is the deletion that is wrong
	}
	return blockedBy(get.ok, err)
}

func aComment(ctx context.Context, text string) error {
	w := worldOf(ctx)
	if w.session.ReadOnly {
		return w.namedComment(ctx)
	}
	return w.comment(ctx, text, w.caller)
}

func (w *world) comment(ctx context.Context, text string, by wire.Credential) error {
	message, _ := json.Marshal(text) // a string always encodes
	body := wire.Literal(`{"comment": ` + string(message) + `}`)
	return w.given(ctx, operationNamed("comments.create"), request{body: body, by: by})
}

func anotherComment(ctx context.Context, text string) error {
	return another(ctx, func(ctx context.Context) error { return aComment(ctx, text) })
}

func aCommentOnAnotherAsset(ctx context.Context, text string) error {
	return onAnotherAsset(ctx, func(ctx context.Context) error {
		if err := aComment(ctx, text); err != nil {
			return err
		}
		return worldOf(ctx).shows(ctx, "comment")
	})
}

// onAnotherAsset makes another asset, and lets a Given be about that.
func onAnotherAsset(ctx context.Context, given func(context.Context) error) error {
	if err := anotherAsset(ctx); err != nil {
		return err
	}
	return worldOf(ctx).onOther("asset", func() error { return given(ctx) })
}

// shows waits until a thing is listed where it belongs: before that, its absence
// elsewhere says nothing.
func (w *world) shows(ctx context.Context, name string) error {
	l := lists[name]
	op := operationNamed(l.read)
	id, err := w.knows(name + " id")
	if err != nil {
		return fault{err}
	}
	_, err = w.until(ctx, op, request{by: w.caller}, func(a *answer) { w.lists(a, l.key, id.Text, true) })
	return blockedBy(op.ok, err)
}

// onOther lets "the asset" be the other asset while f runs.
func (w *world) onOther(thing string, f func() error) error {
	name := thing + " id"
	first, had := w.known[name]
	other, err := w.knows("other " + name)
	if err != nil {
		return fault{err}
	}
	w.known[name] = other
	defer func() {
		delete(w.known, name)
		if had {
			w.known[name] = first
		}
	}()
	return f()
}

// aCommentByAnotherUser takes the state's own comment, or posts one with the key
// of another user where only that is offered.
func aCommentByAnotherUser(ctx context.Context, text string) error {
	w := worldOf(ctx)
	missing, err := w.provision(ctx, stateComment, "comment id", 0)
	if missing == nil || err != nil {
		return err
	}
	by, missing, err := w.callerOf(ctx, stateUser, otherKey)
	if missing != nil {
		return &unprovisioned{stateComment}
	}
	if err != nil {
		return err
	}
	return w.comment(ctx, text, by)
}

// doing is what a Given says was done to the asset.
type doing func(context.Context) error

// of does it to the asset, or to the other one.
func (d doing) of(ctx context.Context, other string) error {
	if other == "" {
		return d(ctx)
	}
	return worldOf(ctx).onOther("asset", func() error { return d(ctx) })
}

func done(operation, body string) doing {
	return func(ctx context.Context) error {
		w := worldOf(ctx)
		filled, err := w.fill(body)
		if err != nil {
			return err
		}
		return w.given(ctx, operationNamed(operation), request{body: filled, by: w.caller})
	}
}

func theDAGActionWasStarted(ctx context.Context) error { return done("dag_actions.start", "")(ctx) }

func theDAGActionWasStartedOnAnotherAsset(ctx context.Context) error {
	return onAnotherAsset(ctx, func(ctx context.Context) error {
		if err := theDAGActionWasStarted(ctx); err != nil {
			return err
		}
		return worldOf(ctx).shows(ctx, "run")
	})
}
