package steps

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/gavv/httpexpect/v2"
	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// request is what an operation is asked with.
type request struct {
	last  string // the text of the last path parameter; "": what the scenario knows
	query string
	body  wire.Template
	by    wire.Credential
	once  bool // it must not be sent twice
}

// perform asks the target for an operation.
func (w *world) perform(ctx context.Context, op *operation, r request) (*answer, error) {
	path, err := op.expand(w.knows, r.last)
	if err != nil {
		return nil, fault{err}
	}
	e := &wire.Exchange{Method: op.method, URL: w.session.url(path...), Body: r.body, Key: r.by, Once: r.once, Operation: op.name}
	if r.query != "" {
		e.URL = append(e.URL, wire.Part{Text: "?" + r.query})
	}
	w.trace.asked[op.endpoint()] = true
	a, err := w.do(ctx, e)
	if a != nil {
		a.endpoint = op.endpoint()
	}
	if silent, ok := errors.AsType[*noAnswer](err); ok {
		silent.endpoint = op.endpoint()
	}
	w.note(op, e)
	w.session.see(op, e)
	return a, err
}

// do sends one request and records it. The error is [wire.ErrInterrupted],
// errUnreachable or a *noAnswer; an exchange without an answer has a Failure, also one
// that was not sent.
func (w *world) do(ctx context.Context, e *wire.Exchange) (*answer, error) {
	if e.Failure = w.bar(ctx, e); e.Failure != nil {
		return nil, e.Failure
	}
	if !w.trace.paused {
		w.trace.exchanges = append(w.trace.exchanges, e)
	} else {
		w.share.Return(w.trace.aside)
		w.trace.aside = e
	}
	e.Share, e.Brief = w.share, w.tidying // of a clean-up, the status is all
	request := w.session.journal.asks(e)
	a := &answer{Response: w.send(ctx, e), exchange: e}
	w.session.journal.answered(e, request)
	w.waited += e.Waited
	isTroubled := e.Trouble() != "" && !w.tidying // and would have been tried again
	switch {
	case errors.Is(e.Failure, wire.ErrInterrupted), ctx.Err() != nil && (e.Failure != nil || isTroubled):
		return nil, wire.ErrInterrupted
	case e.Failure != nil:
		return nil, &noAnswer{request: e.Name(), cause: e.Failure}
	}
	return a, nil
}

// bar says why a request is not to be sent; nil where it is.
func (w *world) bar(ctx context.Context, e *wire.Exchange) error {
	switch {
	case ctx.Err() != nil:
		return wire.ErrInterrupted
	case w.session.client.Gone() != nil && !w.tidying:
		return errUnreachable
	case w.session.ReadOnly && e.Method != http.MethodGet:
		return wire.ErrReadOnly
	case !e.States:
		return wire.CheckPath(strings.TrimPrefix(e.URL.String(), w.session.URL), e.Operation == "history.get")
	}
	return nil
}

// send makes a request of an exchange. One that httpexpect refuses to make, such
// as of a URL that is none, is an exchange without an answer.
func (w *world) send(ctx context.Context, e *wire.Exchange) *httpexpect.Response {
	w.judge = judge{}
	r := w.as(e.Key).Request(e.Method, "").WithURL(e.URL.String()).WithContext(e.Within(ctx))
	w.session.dress(func(name, value string) { r.WithHeader(name, value) }, e)
	if body := e.Body.String(); body != "" {
		r.WithBytes([]byte(body))
	}
	response := r.Expect()
	if e.Failure == nil {
		e.Failure = w.judge.unsent
	}
	return response
}

// as is the client of the scenario for a caller: both documented headers, on every
// request.
func (w *world) as(by wire.Credential) *httpexpect.Expect {
	return w.expect.Builder(func(r *httpexpect.Request) {
		r.WithHeader("Content-Type", "application/json")
		if key := by.Key.Reveal(); key != "" {
			r.WithHeader("X-API-KEY", key)
		}
	})
}
