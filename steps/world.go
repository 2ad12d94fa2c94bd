package steps

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gavv/httpexpect/v2"
	"github.com/tidwall/gjson"
)

// world is what one scenario knows and has done. Steps find it in their context.
type world struct {
	session *session
	title   string
	facts   []string

	known      map[string]part // "asset id" and the like
	caller     credential      // of what the Givens make
	when       *credential     // of the When, where it differs
	once       bool            // the When must not be sent twice
	settles    bool            // its answer depends on nothing that may show late
	foreign    bool            // a comment is another user's
	exchanges  []*exchange
	used       map[string]bool // the endpoints asked, as documented
	teardowns  []*exchange
	made       []made
	gone       map[string]bool // assets that the scenario itself deleted
	trashed    bool
	naming     string // "other " while a second thing of a kind is made
	unrecorded bool   // what is sent now is not part of the scenario
	steps      []Step
	step       string // that the scenario is at
	begun      time.Time
	patient    bool // effects get the time to settle before they are tried
	hasty      bool // an effect was tried that may not have shown yet
	over       bool

	judged *Failure // what the last httpexpect assertion found
	broken error    // a fault of the feature that a check found
	asked  *asked   // the When
}

// asked is the When of a scenario and its answer.
type asked struct {
	operation *operation
	request   request
	answer    *exchange
	judged    bool // a Then has looked at the answer
}

type worldKey struct{}

func worldOf(ctx context.Context) *world {
	return ctx.Value(worldKey{}).(*world)
}

// errUnknown is a fault of a feature, unless the request that should have given
// the value went wrong.
var errUnknown = errors.New("the scenario knows no")

// knows gives a known value.
func (w *world) knows(name string) (part, error) {
	if name == "external id" {
		if _, ok := w.known[name]; !ok {
			w.known[name] = part{unique(), "external_id"}
		}
	}
	v, ok := w.known[name]
	if !ok {
		return part{}, fmt.Errorf("%w %q; it knows %s", errUnknown, name,
			strings.Join(slices.Sorted(maps.Keys(w.known)), ", "))
	}
	return v, nil
}

// do sends one request and records it. The error is ErrInterrupted,
// ErrUnreachable or a *noAnswer.
func (w *world) do(ctx context.Context, e *exchange) error {
	switch {
	case ctx.Err() != nil:
		return ErrInterrupted
	case w.session.recorder.dead():
		return ErrUnreachable
	}
	if !w.unrecorded {
		w.exchanges = append(w.exchanges, e)
	}
	e.response = w.send(ctx, e)
	if e.failure != nil {
		if ctx.Err() != nil || errors.Is(e.failure, ErrInterrupted) {
			return ErrInterrupted
		}
		return &noAnswer{e.name(), e.failure}
	}
	return nil
}

func (w *world) send(ctx context.Context, e *exchange) *httpexpect.Response {
	expect := httpexpect.WithConfig(httpexpect.Config{
		BaseURL: w.session.URL, Client: w.session.client, AssertionHandler: w, TestName: w.title,
	})
	request := expect.Request(e.method, "/").
		WithContext(withExchange(ctx, e)).
		WithHeader("Content-Type", "application/json").
		WithTransformer(func(r *http.Request) {
			// httpexpect would join and escape paths by its own rules.
			u, err := r.URL.Parse(e.url.String())
			if err != nil {
				e.failure = err
				return
			}
			r.URL, r.Host = u, u.Host
		})
	if key := e.key.key.Reveal(); key != "" {
		request.WithHeader("X-API-KEY", key)
	}
	if body := e.body.String(); body != "" {
		request.WithBytes([]byte(body))
	}
	return request.Expect()
}

// Success is part of httpexpect's AssertionHandler.
func (w *world) Success(*httpexpect.AssertionContext) {}

// Failure keeps what an assertion of httpexpect found, for the step to return.
func (w *world) Failure(_ *httpexpect.AssertionContext, f *httpexpect.AssertionFailure) {
	w.judged = &Failure{Message: "httpexpect"}
	if len(f.Errors) > 0 {
		w.judged.Message = f.Errors[0].Error()
	}
	if f.Expected != nil && f.Actual != nil {
		w.judged.Expected, w.judged.Actual = fmt.Sprint(f.Expected.Value), fmt.Sprint(f.Actual.Value)
	}
}

// request is what an operation is asked with.
type request struct {
	last  string // the text of the last path parameter; "": what the scenario knows
	query string
	body  template
	by    credential
	once  bool // it must not be sent twice
}

// perform asks the target for an operation.
func (w *world) perform(ctx context.Context, op *operation, r request) (*exchange, error) {
	path, err := op.expand(w.knows, r.last)
	if err != nil {
		return nil, err
	}
	e := &exchange{method: op.method, url: append(template{{text: w.session.URL}}, path...), body: r.body, key: r.by, once: r.once}
	if r.query != "" {
		e.url = append(e.url, part{text: "?" + r.query})
	}
	w.used[op.method+" "+op.path] = true
	err = w.do(ctx, e)
	w.note(op, e)
	return e, err
}

// note keeps what an answer tells: what was made must be removed, and what was
// removed need not be.
func (w *world) note(op *operation, e *exchange) {
	ok := e.failure == nil && e.status >= 200 && e.status < 300
	switch op.phrase {
	case "create an asset":
		w.noteMade(ok, e, "asset id", "asset.id")
	case "create a comment":
		w.noteMade(ok, e, "comment id", "comment.id")
	case "start the DAG action":
		if id, found := idOf(e, "dag_action_run.id"); ok && found {
			w.known["run id"] = part{text: id}
		}
	case "move the asset to the trash bin":
		w.trashed = true
	case "delete the asset":
		if ok {
			if w.gone == nil {
				w.gone = map[string]bool{}
			}
			w.gone[w.known["asset id"].text] = true
		}
	}
}

func (w *world) noteMade(ok bool, e *exchange, name, jq string) {
	id, found := idOf(e, jq)
	switch {
	case ok && found:
		v := part{id, variableOf(w.naming + name)}
		e.captures = append(e.captures, capture{v.variable, jq})
		w.known[w.naming+name] = v
		m := made{asset: v, by: e.key}
		if name == "comment id" {
			m = made{asset: w.known["asset id"], comment: v, by: e.key}
		}
		w.made = append(w.made, m)
		w.session.ledger.made()
	case ok && name == "asset id":
		w.session.ledger.made()
		w.session.ledger.left("an asset", "its creation was answered without an id")
	case e.sent && e.failure != nil && name == "asset id":
		w.session.ledger.left("perhaps an asset", "its creation got no whole answer")
	case isGatewayTrouble(e.status) && name == "asset id":
		w.session.ledger.left("perhaps an asset", fmt.Sprintf("its creation was answered %d", e.status))
	}
}

// longestID is more than any id needs, and less than a report can't bear.
const longestID = 1 << 10

// idOf reads an id from an answer: a text or a number that is not empty. A Given
// asks no more of an answer than its status and the id.
func idOf(e *exchange, path string) (string, bool) {
	if !isJSON(e.answer) {
		return "", false
	}
	id := gjson.GetBytes(e.answer, path)
	switch id.Type {
	case gjson.String:
		return id.Str, id.Str != "" && len(id.Str) <= longestID
	case gjson.Number:
		return id.Raw, len(id.Raw) <= longestID
	}
	return "", false
}

// settled calls check until it finds nothing, or until what it finds cannot
// change any more or has had the time to settle: the document promises no
// immediacy. again, if any, runs before each further check.
func (w *world) settled(ctx context.Context, check func() *Failure, again func() error) error {
	end := time.Now().Add(w.session.Settle)
	for pause := 20 * time.Millisecond; ; pause = min(2*pause, 250*time.Millisecond) {
		f := check()
		if f == nil {
			return nil
		}
		if f.fatal || time.Now().Add(pause).After(end) {
			return f
		}
		if !sleep(ctx, pause) { // it might yet have come right
			return ErrInterrupted
		}
		if again == nil {
			continue
		}
		if err := again(); err != nil {
			return err
		}
	}
}
