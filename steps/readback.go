package steps

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/cucumber/godog"
	"github.com/tidwall/gjson"
)

// thing is what a Then reads back.
type thing struct {
	read string // the operation that reads it
	of   string // "asset" or "comment": whose id the operation takes
}

var things = map[string]thing{
	"asset":           {"get the asset", "asset"},
	"comment":         {"get the comment", "comment"},
	"comments":        {"list the comments", "asset"},
	"media":           {"list the media", "asset"},
	"DAG action runs": {"list the DAG action runs", "asset"},
}

// readBack asks for an operation until check finds nothing or the time to settle
// is over. What it finds is charged to the endpoint that it reads through, where
// that fails facts of its own.
func (w *world) readBack(ctx context.Context, phrase string, r request, check func(*exchange) *Failure) error {
	if err := w.land(ctx); err != nil {
		return err
	}
	op := operationNamed(phrase)
	r.by = w.caller
	_, err := w.until(ctx, op, r, func(e *exchange) *Failure {
		f := check(e)
		if f != nil && e.status >= 500 { // never documented; it must not be hidden
			f.fatal = true
		}
		return f
	})
	return w.through(op, w.fault(w.idless(err)))
}

// idless blames a creation that was answered without an id, so that there is
// nothing to read back.
func (w *world) idless(err error) error {
	id := map[string]string{"create an asset": "asset.id", "create a comment": "comment.id"}[w.asked.operation.phrase]
	if !errors.Is(err, errUnknown) || id == "" {
		return err
	}
	return &Failure{
		Message: "answer to " + w.asked.answer.name(), Path: "$." + id, Expected: "an id", Actual: "missing",
		Through: []string{w.asked.operation.ok},
	}
}

func (w *world) through(op *operation, err error) error {
	if f, ok := errors.AsType[*Failure](err); ok {
		endpoint := strings.TrimSuffix(op.ok, ".ok")
		f.Through = append(f.Through, op.ok, endpoint+".any-script.effect")
		if w.foreign {
			f.Through = append(f.Through, endpoint+".other-users.effect")
		}
		if op.no != "" {
			f.Through = append(f.Through, op.no)
		}
	}
	return err
}

func theThingReads(ctx context.Context, other, name string, doc *godog.DocString) error {
	w, t := worldOf(ctx), things[name]
	read := func() error {
		return w.readBack(ctx, t.read, request{}, func(e *exchange) *Failure { return w.succeeds(e, doc.Content) })
	}
	if other == "" {
		return read()
	}
	if err := w.land(ctx); err != nil { // before "the asset" is another one
		return err
	}
	return w.onOther(t.of, read)
}

func theThingIsGone(ctx context.Context, name string) error {
	w := worldOf(ctx)
	return w.readBack(ctx, things[name].read, request{}, func(e *exchange) *Failure {
		return w.status(e, http.StatusNotFound)
	})
}

// lists says where a thing is listed, and under which key.
var lists = map[string]struct{ read, key string }{
	"comment":    {"list the comments", "comments"},
	"run":        {"list the DAG action runs", "dag_action_runs"},
	"collection": {"list the collections", "collections"},
}

// theThingIsListed looks for the id in the list: in the When's answer where that
// was the list.
func theThingIsListed(ctx context.Context, name, not string) error {
	w, l := worldOf(ctx), lists[name]
	if err := w.land(ctx); err != nil {
		return err
	}
	id, err := w.knows(name + " id")
	if err != nil {
		return err
	}
	check := func(e *exchange) *Failure { return w.lists(e, l.key, id.text, not == "") }
	if w.asked.operation.phrase == l.read {
		return w.expect(ctx, check)
	}
	return w.readBack(ctx, l.read, request{}, check)
}

func (w *world) lists(e *exchange, key, id string, want bool) *Failure {
	if f := w.status(e, http.StatusOK); f != nil {
		return f
	}
	body, f := bodyOf(e)
	if f != nil {
		return f
	}
	list := body.Get(key)
	found := slices.ContainsFunc(list.Array(), func(v gjson.Result) bool { return v.Get("id").String() == id })
	if list.IsArray() && found == want {
		return nil
	}
	expected := "an array with the id " + id
	if !want {
		expected = "an array without the id " + id
	}
	return &Failure{Message: "answer to " + e.name(), Path: "$." + key, Expected: expected, Actual: shown(list)}
}

func iCan(ctx context.Context, phrase string) error {
	w := worldOf(ctx)
	return w.readBack(ctx, phrase, request{}, func(e *exchange) *Failure { return w.succeeds(e, `{"ok": "ok"}`) })
}

// tryingIsRefused tries once: what a target does twice says nothing of whether
// it did it the first time. Where the effect may not have shown yet, the scenario
// runs again and gives it the time to settle first.
func tryingIsRefused(ctx context.Context, phrase string, status int, literal string) error {
	w := worldOf(ctx)
	text, err := w.textOf(literal)
	if err != nil {
		return err
	}
	if err := w.land(ctx); err != nil {
		return err
	}
	if w.patient && !sleep(ctx, w.session.Settle) {
		return ErrInterrupted
	}
	op := operationNamed(phrase)
	e, err := w.perform(ctx, op, request{by: w.caller})
	if err != nil {
		return err
	}
	f := w.refuses(e, status, text)
	if f == nil {
		return nil
	}
	w.hasty = !w.patient && w.session.Settle > 0
	return w.through(op, f)
}
