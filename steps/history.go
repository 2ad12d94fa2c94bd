package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/cucumber/godog"
	"github.com/tidwall/gjson"
)

// maxPages bounds a history that never ends.
const maxPages = 300

// pages calls visit with each page of the history, from the When's answer on,
// until visit is satisfied or next_cursor leads no further.
func (w *world) pages(ctx context.Context, visit func(*exchange, gjson.Result) bool) error {
	e, seen := w.asked.answer, map[string]bool{}
	for range maxPages {
		if f := w.status(e, http.StatusOK); f != nil {
			return f
		}
		body, f := bodyOf(e)
		if f != nil {
			return f
		}
		cursor := body.Get("history.next_cursor")
		if visit(e, body.Get("history.results")) || cursor.Type == gjson.Null || cursor.String() == "" {
			return nil
		}
		if seen[cursor.String()] {
			return &Failure{
				Message: "answer to " + e.name(), Path: "$.history.next_cursor",
				Expected: "a cursor that leads on", Actual: cursor.Raw, fatal: true,
			}
		}
		seen[cursor.String()] = true
		var err error
		if e, err = w.perform(ctx, w.asked.operation, request{last: cursor.String(), by: w.caller}); err != nil {
			return err
		}
	}
	return &Failure{
		Message: "answer to " + e.name(), Path: "$.history.next_cursor", fatal: true,
		Expected: "null, at last: the asset is new", Actual: fmt.Sprintf("a cursor on each of %d pages", maxPages),
	}
}

func theHistoryHasAResult(ctx context.Context, doc *godog.DocString) error {
	w := worldOf(ctx)
	return w.eventually(ctx, func() error {
		var nearest *Failure
		found := false
		err := w.pages(ctx, func(e *exchange, results gjson.Result) bool {
			f := w.anyMatches(e, results, gjson.Parse(doc.Content))
			found = f == nil
			if nearest == nil || found || strings.Contains(f.Path, "[") {
				nearest = f
			}
			return found
		})
		if err != nil || found {
			return err
		}
		return nearest
	})
}

// eventually asks for the When again until check holds.
func (w *world) eventually(ctx context.Context, check func() error) error {
	var other error
	err := w.expect(ctx, func(*exchange) *Failure {
		err := check()
		f, ok := errors.AsType[*Failure](err)
		if !ok {
			other = err
		}
		return f
	})
	if other != nil {
		return other
	}
	return w.fault(err)
}

// anyMatches looks for a result that matches. The failure of one with the
// pattern's event type says more than the whole list.
func (w *world) anyMatches(e *exchange, results, pattern gjson.Result) *Failure {
	f := &Failure{
		Message: "answer to " + e.name(), Path: "$.history.results",
		Expected: "a result " + pattern.Raw, Actual: shown(results),
	}
	for i, r := range results.Array() {
		bad, err := matcher{w.knows}.match(pattern, r, fmt.Sprintf("$.history.results[%d]", i))
		if err != nil {
			w.broken = err
			return &Failure{fatal: true}
		}
		if bad == nil {
			return nil
		}
		if r.Get("event_type").String() == pattern.Get("event_type").String() {
			f.Path, f.Expected, f.Actual = bad.path, bad.expected, bad.actual
		}
	}
	return f
}

// noEventOfAnotherAsset looks at the assets that each event names: where there
// are any, the asset is one of them.
func noEventOfAnotherAsset(ctx context.Context) error {
	w := worldOf(ctx)
	own, err := w.knows("asset id")
	if err != nil {
		return err
	}
	var found *Failure
	err = w.pages(ctx, func(e *exchange, results gjson.Result) bool {
		for _, event := range results.Array() {
			ids := event.Get(`event_targets.#(target_type=="Asset")#.target.elasticsearch_id`).Array()
			isOwn := func(id gjson.Result) bool { return id.String() == own.text }
			if len(ids) > 0 && !slices.ContainsFunc(ids, isOwn) {
				found = &Failure{
					Message: "answer to " + e.name(), Path: "$.history.results",
					Expected: "no event of another asset than " + own.text, Actual: shown(event),
				}
			}
		}
		return found != nil
	})
	if err != nil || found == nil {
		return err
	}
	return found
}
