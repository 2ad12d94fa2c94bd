package steps

import (
	"context"
	"errors"
	"net/http"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// when is the request that a scenario is about. The Givens say of it who sends it;
// nothing but the Thens looks at its answer.
type when struct {
	by     *wire.Credential // where it is not the caller of the Givens
	once   bool             // it must not be sent twice
	atOnce bool             // its answer depends on nothing that may show late

	parameters string // of the Givens, as JSON

	operation *operation
	request   request
	answer    *answer
	seen      bool // a Then has looked at the answer
}

// asked is what the sentence of a When says beside its operation: the id of what is
// asked for, or "" for what the Givens made, a query, whose key is sent, and a body.
type asked struct{ id, query, key, body string }

func (w *world) ask(ctx context.Context, operation string, q asked) error {
	body, err := w.fill(q.body)
	if err != nil {
		return err
	}
	w.when.operation, w.when.request = operationNamed(operation), request{q.id, q.query, body, w.by(q.key), w.when.once}
	w.when.answer, err = w.perform(ctx, w.when.operation, w.when.request)
	return err
}

// by gives whose key a When sends. That one is refused shows at once.
func (w *world) by(key string) wire.Credential {
	switch {
	case key == withoutA:
		w.when.atOnce = true
		return wire.Credential{}
	case key == withAnUnknown:
		w.when.atOnce = true
		return wire.Credential{Key: wire.NewKey("unknown-" + unique())}
	case w.when.by != nil: // another user's, or one with which the target fails
		return *w.when.by
	}
	return w.caller
}

// ask is the When of an operation on what the Givens made.
func ask(operation string) func(context.Context, string) error {
	return func(ctx context.Context, key string) error { return worldOf(ctx).ask(ctx, operation, asked{key: key}) }
}

// askOf is the When of an operation on the thing with an id, or on what the Givens
// made where that is "".
func askOf(operation string) func(context.Context, string, string) error {
	return func(ctx context.Context, id, key string) error {
		return worldOf(ctx).ask(ctx, operation, asked{id: id, key: key})
	}
}

func askWith(operation string) func(context.Context, string, string) error {
	return func(ctx context.Context, key, body string) error {
		return worldOf(ctx).ask(ctx, operation, asked{key: key, body: body})
	}
}

func askOfWith(operation string) func(context.Context, string, string, string) error {
	return func(ctx context.Context, id, key, body string) error {
		return worldOf(ctx).ask(ctx, operation, asked{id: id, key: key, body: body})
	}
}

func askQuery(operation string) func(context.Context, string, string) error {
	return func(ctx context.Context, key, query string) error {
		return worldOf(ctx).ask(ctx, operation, asked{query: query, key: key})
	}
}

func askOfQuery(operation string) func(context.Context, string, string, string) error {
	return func(ctx context.Context, id, key, query string) error {
		return worldOf(ctx).ask(ctx, operation, asked{id: id, query: query, key: key})
	}
}

// land gives the When of an effect the time to be carried out: what the Givens
// made may not show yet. An effect is judged only where its own request was
// carried out, or refused, as the document says: the fact of the same endpoint that
// it rests on tells how that is.
func (w *world) land(ctx context.Context) error {
	if w.when.seen {
		return nil
	}
	status := http.StatusOK
	for _, id := range fixtures.FactOf(w.told.Facts[0]).RestsOn {
		if base := fixtures.FactOf(id); base.Endpoint == w.when.operation.endpoint() && base.Status != 0 {
			status = base.Status
			break
		}
	}
	return w.expected(ctx, func(a *answer) { resembles(a, status) })
}

// expected lets check look at the answer to the When.
func (w *world) expected(ctx context.Context, check func(*answer)) error {
	return w.expecting(ctx, func() (*broken, error) { return w.look(w.when.answer, check) })
}

// expecting looks at the answer to the When. Where an effect of the Givens may not
// have shown yet, it asks again: a GET, or a write that was refused and thus did
// nothing.
func (w *world) expecting(ctx context.Context, look func() (*broken, error)) error {
	mark := len(w.trace.exchanges) - 1
	w.when.seen = true
	return w.settled(ctx, func() (*broken, error) {
		e := w.when.answer.exchange
		found, err := look()
		if found == nil && err == nil {
			found = w.unfit()
		}
		if found != nil && (w.when.once || w.when.atOnce || !repeatable(e) || !w.early(ctx, e)) {
			found.final = true
		}
		return found, err
	}, func() (err error) {
		w.back(mark)
		w.when.answer, err = w.perform(ctx, w.when.operation, w.when.request)
		return err
	})
}

// early tells whether an answer may have come too early. A write that says 404 of
// things that can be read was not early: it is wrong, whatever it says the next
// time.
func (w *world) early(ctx context.Context, e *wire.Exchange) bool {
	if e.Method == http.MethodGet || e.Status != http.StatusNotFound {
		return true
	}
	if w.session.Settle <= 0 {
		return false
	}
	w.trace.paused = true
	defer func() { w.trace.paused = false }()
	for _, read := range []struct{ thing, operation string }{{"asset id", "assets.get"}, {"comment id", "comments.get"}} {
		if _, ok := w.known[read.thing]; !ok {
			continue
		}
		got, err := w.perform(ctx, operationNamed(read.operation), request{by: w.caller})
		if err == nil && got.exchange.Status == http.StatusNotFound {
			return true
		}
	}
	return false
}

// repeatable tells whether a request can be sent again without doing a thing
// twice.
func repeatable(e *wire.Exchange) bool {
	switch {
	case e.Status >= 500: // never documented; it must not be hidden
		return false
	case e.Method == http.MethodGet, e.Status >= 400:
		return true
	}
	body, ok := e.JSON()
	return ok && body.Get("error").Str != ""
}

// idless blames a creation that was answered without an id, so that there is
// nothing to read back.
func (w *world) idless(err error) error {
	makes := w.when.operation.makes
	if !errors.Is(err, errUnknown) || makes == nothingMade {
		return err
	}
	found, _ := w.look(w.when.answer, func(a *answer) { w.noID(a, makes.path) })
	return found
}
