package steps

import (
	"context"
	"errors"
	"net/http"

	"github.com/cucumber/godog"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/tidwall/gjson"
)

func iAsk(ctx context.Context, phrase, id string) error {
	return worldOf(ctx).ask(ctx, phrase, id, "", "")
}

func iAskWith(ctx context.Context, phrase, id string, doc *godog.DocString) error {
	return worldOf(ctx).ask(ctx, phrase, id, "", doc.Content)
}

func iAskWithQuery(ctx context.Context, phrase, id, query string) error {
	return worldOf(ctx).ask(ctx, phrase, id, query, "")
}

// ask sends the When of the scenario.
func (w *world) ask(ctx context.Context, phrase, id, query, doc string) error {
	body, err := w.fill(doc)
	if err != nil {
		return err
	}
	by := w.caller
	if w.when != nil {
		by = *w.when
	}
	w.asked = &asked{operation: operationNamed(phrase), request: request{id, query, body, by, w.once}}
	w.asked.answer, err = w.perform(ctx, w.asked.operation, w.asked.request)
	return err
}

// land gives the When of an effect the time to be carried out: what the Givens
// made may not show yet. An effect is judged only where its own request was
// answered as the document says; its base fact tells how that is.
func (w *world) land(ctx context.Context) error {
	if w.asked.judged {
		return nil
	}
	status, base := http.StatusOK, w.asked.operation.ok
	for _, f := range fixtures.Facts() {
		for _, id := range w.facts {
			if f.ID+".effect" == id && f.Status != 0 {
				status, base = f.Status, f.ID
			}
		}
	}
	err := w.expect(ctx, func(e *exchange) *Failure { return w.status(e, status) })
	if f, ok := errors.AsType[*Failure](err); ok {
		f.Through = append(f.Through, base)
	}
	return err
}

// expect judges the answer to the When. Where an effect of the Givens may not
// have shown yet, it asks again: a GET, or a write that was refused and thus did
// nothing.
func (w *world) expect(ctx context.Context, check func(*exchange) *Failure) error {
	mark := len(w.exchanges) - 1
	a := w.asked
	a.judged = true
	return w.settled(ctx, func() *Failure {
		f := check(a.answer)
		if f != nil && (w.once || w.settles || !repeatable(a.answer) || !w.early(ctx, a.answer)) {
			f.fatal = true
		}
		return f
	}, func() (err error) {
		w.exchanges = w.exchanges[:mark]
		a.answer, err = w.perform(ctx, a.operation, a.request)
		return err
	})
}

// early tells whether an answer may have come too early. A write that says 404 of
// things that can be read was not early: it is wrong, whatever it says the next
// time.
func (w *world) early(ctx context.Context, e *exchange) bool {
	if e.method == http.MethodGet || e.status != http.StatusNotFound {
		return true
	}
	if w.session.Settle <= 0 {
		return false
	}
	w.unrecorded = true
	defer func() { w.unrecorded = false }()
	for name, read := range map[string]string{"asset id": "get the asset", "comment id": "get the comment"} {
		if _, ok := w.known[name]; !ok {
			continue
		}
		got, err := w.perform(ctx, operationNamed(read), request{by: w.caller})
		if err == nil && got.status == http.StatusNotFound {
			return true
		}
	}
	return false
}

// repeatable tells whether a request can be sent again without doing a thing
// twice.
func repeatable(e *exchange) bool {
	switch {
	case e.status >= 500: // never documented; it must not be hidden
		return false
	case e.method == http.MethodGet, e.status >= 400:
		return true
	}
	return isJSON(e.answer) && gjson.GetBytes(e.answer, "error").Type == gjson.String
}
