package steps

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck/steps/match"
	"github.com/pocketcheck/pocketcheck/steps/wire"
	"github.com/tidwall/gjson"
)

// thing is what a Given or a Then reads.
type thing struct {
	read string // the operation that reads it
	of   string // "asset" or "comment": whose id the operation takes
}

var things = map[string]thing{
	"asset":           {"assets.get", "asset"},
	"comment":         {"comments.get", "comment"},
	"comments":        {"comments.list", "asset"},
	"media":           {"media.list", "asset"},
	"DAG actions":     {"dag_actions.list", "asset"},
	"DAG action runs": {"dag_runs.list", "asset"},
	"history":         {"history.get", "asset"},
	"file metadata":   {"file_metadata.get", "asset"},
	"collections":     {"collections.list", "asset"},
	"download URL":    {"media.download_url", "asset"},
}

// readBack asks for an operation until check finds nothing or the time to settle
// is over.
func (w *world) readBack(ctx context.Context, operation string, check func(*answer)) error {
	if err := w.land(ctx); err != nil {
		return err
	}
	_, err := w.until(ctx, operationNamed(operation), request{by: w.caller}, func(a *answer) {
		check(a)
		if a.exchange.Status >= 500 { // never documented; it must not be hidden
			w.judge.final()
		}
	})
	return w.idless(err)
}

func theThingReads(ctx context.Context, other, name, pattern string) error {
	w, t := worldOf(ctx), things[name]
	return w.after(ctx, other, t.of, func() error {
		return w.readBack(ctx, t.read, func(a *answer) { w.reads(a, pattern) })
	})
}

// after looks at what the When did to a thing, or to the other of its kind.
func (w *world) after(ctx context.Context, other, thing string, look func() error) error {
	if err := w.land(ctx); err != nil { // before "the asset" is another one
		return err
	}
	if other == "" {
		return look()
	}
	return w.onOther(thing, look)
}

// lastingMembers are what a thing has of those who write to it.
var lastingMembers = map[string][]string{
	"asset":   {"external_id", "title", "description", "category", "tags"},
	"comment": {"message"},
}

// theThingIsUnchanged compares with what was read before: a thing, and how it is
// kept, may be the target's.
func theThingIsUnchanged(ctx context.Context, name string) error {
	w := worldOf(ctx)
	pattern := `{"` + name + `": {"id": "${` + name + ` id}"`
	for _, member := range lastingMembers[name] {
		pattern += `, "` + member + `": ` + cmp.Or(w.before[name].Get(member).Raw, "null")
	}
	return w.readBack(ctx, things[name].read, func(a *answer) { w.reads(a, pattern+"}}") })
}

// noFurtherRunIsListed compares with the runs of the DAG action that were read
// before.
func noFurtherRunIsListed(ctx context.Context) error {
	w := worldOf(ctx)
	action, err := w.knows("DAG action id")
	if err != nil {
		return fault{err}
	}
	var before []string
	for _, id := range w.before["DAG action runs"].Array() {
		before = append(before, match.Text(id))
	}
	return w.readBack(ctx, "dag_runs.list", func(a *answer) {
		resembles(a, http.StatusOK)
		body, _ := w.judge.body()
		list := body.Get("dag_action_runs")
		isNew := func(run gjson.Result) bool {
			return match.Text(run.Get("dag_action.id")) == action.Text && !slices.Contains(before, match.Text(run.Get("id")))
		}
		if !list.IsArray() || slices.ContainsFunc(list.Array(), isNew) {
			w.judge.record("answer to", "$.dag_action_runs", "an array without a further run", match.Shown(list))
		}
	})
}

func readingTheThingIsRefused(ctx context.Context, name string, status int) error {
	w := worldOf(ctx)
	return w.readBack(ctx, things[name].read, func(a *answer) { a.Status(status) })
}

// lists says where a thing is listed, and under which key.
var lists = map[string]struct{ read, key string }{
	"comment":    {"comments.list", "comments"},
	"run":        {"dag_runs.list", "dag_action_runs"},
	"collection": {"collections.list", "collections"},
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
		return w.idless(fault{err})
	}
	check := func(a *answer) { w.lists(a, l.key, id.Text, not == "") }
	if w.when.operation.name == l.read {
		return w.expected(ctx, check)
	}
	return w.readBack(ctx, l.read, check)
}

// lists looks for an id in a list.
func (w *world) lists(a *answer, key, id string, want bool) {
	resembles(a, http.StatusOK)
	body, _ := w.judge.body()
	list := body.Get(key)
	if list.IsArray() && has(a.exchange, key, id) == want {
		return
	}
	expected := "an array with the id " + id
	if !want {
		expected = "an array without the id " + id
	}
	w.judge.record("answer to", "$."+key, expected, match.Shown(list))
}

// has tells whether an answer lists an id.
func has(e *wire.Exchange, key, id string) bool {
	body, _ := e.JSON()
	return slices.ContainsFunc(body.Get(key).Array(), func(v gjson.Result) bool { return match.Text(v.Get("id")) == id })
}

// triedBy are the operations that show what a thing can be.
var triedBy = map[string]string{
	"restored": "trash.restore", "restoring": "trash.restore",
	"unassigned": "project.unassign", "unassigning": "project.unassign",
}

// theAssetCanBe asserts that something is done and not refused, which some endpoints
// say with a success that has an error. What else the answer says, the facts about it
// say.
func theAssetCanBe(ctx context.Context, other, can string) error {
	w := worldOf(ctx)
	return w.after(ctx, other, "asset", func() error {
		return w.readBack(ctx, triedBy[can], w.isDone)
	})
}

// anAssetCanBeCreated asserts that no asset has the external_id: no two may.
func anAssetCanBeCreated(ctx context.Context) error {
	w := worldOf(ctx)
	if err := w.land(ctx); err != nil {
		return err
	}
	body, err := w.fill(strings.TrimSuffix(sampleAsset, "}") + `, "external_id": "${external id}"}`)
	if err != nil {
		return err
	}
	_, err = w.until(ctx, operationNamed("assets.create"), request{body: body, by: w.caller}, w.isDone)
	return err
}

// theAssetIsAsItWasMade compares with what the Givens make.
func theAssetIsAsItWasMade(ctx context.Context, other string) error {
	return theThingReads(ctx, other, "asset", `{"asset": {"id": "${`+other+`asset id}", `+sampleAsset[1:]+`}`)
}

func (w *world) isDone(a *answer) {
	resembles(a, http.StatusOK)
	body, _ := a.exchange.JSON()                                                                        // there need not be one
	if v := body.Get("error"); v.Exists() && !slices.Contains([]string{"null", "false", `""`}, v.Raw) { // which say that there is none
		w.judge.record("answer to", "$.ok", `"ok"`, match.Shown(body.Get("ok")))
	}
}

// refusedAs asserts a refusal, which for some endpoints is a success with an error:
// that it is one shows what was done before, and what its status is to be, the facts
// about it say. Its text is "" where any will do.
func (w *world) refusedAs(a *answer, status int, text string) {
	if a.exchange.Status == http.StatusNotFound { // which says nothing of what was done
		a.Status(status)
	}
	resembles(a, status)
	if text == "" {
		w.message(a, "a text").NotEmpty()
		return
	}
	w.refusesBy(a, text)
}

// tryingItIsRefused tries once: what a target does twice says nothing of whether it did it
// the first time. Where the effect may not have shown yet, the scenario runs again and
// gives it the time to settle first.
func tryingItIsRefused(ctx context.Context, doing, other string, status int, literal string) error {
	w := worldOf(ctx)
	text := ""
	if literal != "" {
		var err error
		if text, err = w.refusal(literal); err != nil {
			return err
		}
	}
	return w.after(ctx, other, "asset", func() error { return w.tries(ctx, triedBy[doing], status, text) })
}

func (w *world) tries(ctx context.Context, operation string, status int, text string) error {
	if w.patient && !wire.Sleep(ctx, w.session.Settle) {
		return wire.ErrInterrupted
	}
	a, err := w.perform(ctx, operationNamed(operation), request{by: w.caller})
	if err != nil {
		return err
	}
	found, err := w.look(a, func(a *answer) { w.refusedAs(a, status, text) })
	if found == nil || err != nil {
		return err
	}
	w.hasty = !w.patient
	return found
}
