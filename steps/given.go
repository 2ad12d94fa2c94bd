package steps

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/cucumber/godog"
)

// sampleAsset is the asset that the document's examples show.
const sampleAsset = `{"title": "Sample Asset", "description": "Sample asset description.", ` +
	`"category": "test asset category", "tags": ["test", "tag"]}`

// given asks for what a scenario needs. It wants no more of the answer than its
// status, and the id where something is made; anything else blocks the scenario.
func (w *world) given(ctx context.Context, phrase string, r request, id string) error {
	op := operationNamed(phrase)
	_, err := w.until(ctx, op, r, func(e *exchange) *Failure { return givenHolds(e, id) })
	return blockedBy(op, err)
}

// until asks for an operation until check finds nothing or the time to settle is
// over. A request that was polled stands in the report once.
func (w *world) until(ctx context.Context, op *operation, r request, check func(*exchange) *Failure) (*exchange, error) {
	var e *exchange
	mark := len(w.exchanges)
	ask := func() (err error) {
		w.exchanges = w.exchanges[:mark]
		e, err = w.perform(ctx, op, r)
		return err
	}
	err := ask()
	if err == nil {
		err = w.settled(ctx, func() *Failure { return check(e) }, ask)
	}
	return e, err
}

func givenHolds(e *exchange, id string) *Failure {
	if e.status != http.StatusOK {
		// Only what is asked of an asset may come too early for it.
		early := e.status == http.StatusNotFound && !strings.HasSuffix(e.url.String(), "/assets")
		return &Failure{Message: "status of " + e.name(), Expected: "200 OK", Actual: statusText(e.status), fatal: !early}
	}
	if _, ok := idOf(e, id); id != "" && !ok {
		return &Failure{
			Message: "answer to " + e.name(), Path: "$." + id,
			Expected: "an id", Actual: "missing", fatal: true,
		}
	}
	return nil
}

func blockedBy(op *operation, err error) error {
	_, broken := errors.AsType[*Failure](err)
	_, silent := errors.AsType[*noAnswer](err)
	if broken || silent {
		return &blocked{op.ok, err}
	}
	return err
}

func statusText(status int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}

// fill puts what the scenario knows into a body of the features, on one line.
func (w *world) fill(doc string) (template, error) {
	var t template
	rest := indent.ReplaceAllString(doc, " ")
	for {
		at := inBody.FindStringSubmatchIndex(rest)
		if at == nil {
			return append(t, part{text: rest}), nil
		}
		name := rest[at[2]:at[3]]
		v, err := w.knows(name)
		if err != nil {
			return nil, err
		}
		t = append(t, part{text: rest[:at[2]-1]}, v.inJSON())
		rest = rest[at[3]+1:]
	}
}

// indent is a line break and what follows; a JSON string can't hold one.
var indent = regexp.MustCompile(`\n\s*`)

// inBody is a placeholder that is the whole of a JSON string.
var inBody = regexp.MustCompile(`"<([a-zA-Z ]+)>"`)

func anAsset(ctx context.Context) error {
	return anAssetWith(ctx, &godog.DocString{Content: sampleAsset})
}

func anAssetWith(ctx context.Context, doc *godog.DocString) error {
	w := worldOf(ctx)
	body, err := w.fill(doc.Content)
	if err != nil {
		return err
	}
	return w.given(ctx, "create an asset", request{body: body, by: w.caller}, "asset.id")
}

func anotherAsset(ctx context.Context) error {
	w := worldOf(ctx)
	w.naming = "other "
	defer func() { w.naming = "" }()
	return anAsset(ctx)
}

func theAsset(ctx context.Context, id string) error {
	w := worldOf(ctx)
	w.known["asset id"], w.settles = part{text: id}, true
	return nil
}

// theAssetWasDeleted waits until the asset is gone: what follows is about an id
// that nothing has any more.
func theAssetWasDeleted(ctx context.Context) error {
	w := worldOf(ctx)
	if err := done("delete the asset", "")(ctx); err != nil {
		return err
	}
	w.settles = true
	op := operationNamed("get the asset")
	e, err := w.until(ctx, op, request{by: w.caller}, func(e *exchange) *Failure { return w.status(e, http.StatusNotFound) })
	if err != nil && e != nil && e.status == http.StatusOK { // it is the deletion that is wrong
		op = &operation{ok: operationNamed("delete the asset").ok + ".effect"}
	}
	return blockedBy(op, err)
}

func aComment(ctx context.Context, text string) error {
	w := worldOf(ctx)
	return w.comment(ctx, text, w.caller)
}

func (w *world) comment(ctx context.Context, text string, by credential) error {
	message, _ := json.Marshal(text) // a string always encodes
	body := literal(`{"comment": ` + string(message) + `}`)
	return w.given(ctx, "create a comment", request{body: body, by: by}, "comment.id")
}

func anotherComment(ctx context.Context, text string) error {
	w := worldOf(ctx)
	w.naming = "other "
	defer func() { w.naming = "" }()
	return aComment(ctx, text)
}

func aCommentOnAnotherAsset(ctx context.Context, text string) error {
	if err := anotherAsset(ctx); err != nil {
		return err
	}
	w := worldOf(ctx)
	return w.onOther("asset", func() error {
		if err := w.comment(ctx, text, w.caller); err != nil {
			return err
		}
		return w.shows(ctx, "comment")
	})
}

// shows waits until a thing is listed where it belongs: before that, its absence
// elsewhere says nothing.
func (w *world) shows(ctx context.Context, name string) error {
	l := lists[name]
	op := operationNamed(l.read)
	id, err := w.knows(name + " id")
	if err != nil {
		return blockedBy(op, err)
	}
	_, err = w.until(ctx, op, request{by: w.caller}, func(e *exchange) *Failure { return w.lists(e, l.key, id.text, true) })
	return blockedBy(op, err)
}

// onOther lets "the asset" be the other asset while f runs.
func (w *world) onOther(thing string, f func() error) error {
	name := thing + " id"
	first, had := w.known[name]
	other, err := w.knows("other " + name)
	if err != nil {
		return err
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
	w.foreign = true
	missing, err := w.provision(ctx, stateComment, "comment id", 0)
	if missing == nil || err != nil {
		return err
	}
	by, missing, err := w.callerOf(ctx, stateUser, "POCKETCHECK_OTHER_API_KEY")
	if missing != nil {
		return &unprovisioned{stateComment}
	}
	if err != nil {
		return err
	}
	return w.comment(ctx, text, by)
}

// done is what a Given says was done to the asset.
func done(phrase, body string) func(context.Context) error {
	return func(ctx context.Context) error {
		w := worldOf(ctx)
		filled, err := w.fill(body)
		if err != nil {
			return err
		}
		return w.given(ctx, phrase, request{body: filled, by: w.caller}, "")
	}
}

func theDAGActionWasStarted(ctx context.Context) error {
	w := worldOf(ctx)
	return w.given(ctx, "start the DAG action", request{by: w.caller}, "dag_action_run.id")
}

func theDAGActionWasStartedOnAnotherAsset(ctx context.Context) error {
	if err := anotherAsset(ctx); err != nil {
		return err
	}
	w := worldOf(ctx)
	return w.onOther("asset", func() error {
		if err := theDAGActionWasStarted(ctx); err != nil {
			return err
		}
		return w.shows(ctx, "run")
	})
}
