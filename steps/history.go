package steps

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck/steps/match"
	"github.com/pocketcheck/pocketcheck/steps/wire"
	"github.com/tidwall/gjson"
)

const (
	maxPages = 300 // bounds a history that never ends
	fewPages = 20  // of an asset that the suite did not make
)

// page is a part of the history: the answer that has it, and its results.
type page struct {
	answer  *answer
	results gjson.Result
}

// pages reads the history, from the When's answer on, until a page is the one that
// is looked for or next_cursor leads no further.
func (w *world) pages(ctx context.Context, isIt func(page) bool) error {
	a, seen, most := w.when.answer, map[string]bool{}, maxPages
	if w.session.ReadOnly { // of an asset that may have a long one
		most = fewPages
	}
	for range most {
		var body gjson.Result
		found, _ := w.look(a, func(a *answer) {
			resembles(a, http.StatusOK)
			body, _ = w.judge.body()
		})
		if found != nil {
			return found
		}
		cursor := body.Get("history.next_cursor")
		if isIt(page{a, body.Get("history.results")}) || cursor.Type == gjson.Null || cursor.String() == "" {
			return nil
		}
		if why := wire.UnfitCursor(cursor.String()); why != "" {
			return w.endless(a, "a cursor, or null", "one that "+why+": "+cursor.Raw)
		}
		if seen[cursor.String()] {
			return w.endless(a, "a cursor that leads on", cursor.Raw)
		}
		seen[cursor.String()] = true
		next, err := w.perform(ctx, w.when.operation, request{last: cursor.String(), by: w.caller})
		if err != nil {
			return err
		}
		a = next
	}
	if w.session.ReadOnly {
		return nil
	}
	return w.endless(a, "null, at last: the asset is new", fmt.Sprintf("a cursor on each of %d pages", maxPages))
}

// endless tells of a history whose cursors lead to no end.
func (w *world) endless(a *answer, expected, actual string) error {
	found, _ := w.look(a, func(*answer) {
		w.judge.record("answer to", "$.history.next_cursor", expected, actual)
		w.judge.final()
	})
	return found
}

// theHistoryHasAResult looks for a result that matches. The nearest one that does
// not says more than the last page does.
func theHistoryHasAResult(ctx context.Context, result string) error {
	w := worldOf(ctx)
	text, err := w.pattern(result)
	if err != nil {
		return err
	}
	pattern := gjson.Parse(text)
	return w.expecting(ctx, func() (nearest *broken, wrong error) {
		begun := false
		err := w.pages(ctx, func(p page) bool {
			if w.session.ReadOnly && !slices.ContainsFunc(p.results.Array(), func(r gjson.Result) bool { return sameType(r, pattern) }) {
				return false // what the suite did not make may have come otherwise
			}
			var found *broken
			found, wrong = w.look(p.answer, func(*answer) { w.anyMatches(p.results, pattern) })
			if !begun || found == nil || strings.Contains(found.Path, "[") {
				begun, nearest = true, found
			}
			return found == nil
		})
		if found, isBroken := errors.AsType[*broken](err); isBroken {
			return found, wrong
		}
		return nearest, cmp.Or(wrong, err)
	})
}

// anyMatches looks for a result that matches. The failure of one with the
// pattern's event type says more than the whole list.
func (w *world) anyMatches(results, pattern gjson.Result) {
	nearest := &match.Mismatch{Path: "$.history.results", Expected: "a result " + pattern.Raw, Actual: match.Shown(results)}
	for i, r := range results.Array() {
		bad, err := match.Known(w.textOf).Match(pattern, r, fmt.Sprintf("$.history.results[%d]", i))
		if err != nil {
			w.judge.fault = fault{err}
			return
		}
		if bad == nil {
			return
		}
		if sameType(r, pattern) {
			nearest = bad
		}
	}
	w.judge.mismatch(nearest)
}

func sameType(event, pattern gjson.Result) bool {
	return event.Get("event_type").String() == pattern.Get("event_type").String()
}

// noEventOfAnotherAsset looks at the assets that each event names: where there
// are any, the asset is one of them.
func noEventOfAnotherAsset(ctx context.Context) error {
	w := worldOf(ctx)
	own, err := w.knows("asset id")
	if err != nil {
		return fault{err}
	}
	var found *broken
	err = w.pages(ctx, func(p page) bool {
		for _, event := range p.results.Array() {
			ids := event.Get(`event_targets.#(target_type=="Asset")#.target.elasticsearch_id`).Array()
			isOwn := func(id gjson.Result) bool { return id.String() == own.Text }
			if len(ids) > 0 && !slices.ContainsFunc(ids, isOwn) {
				found, _ = w.look(p.answer, func(*answer) {
					w.judge.record("answer to", "$.history.results", "no event of another asset than "+own.Text, match.Shown(event))
				})
			}
		}
		return found != nil
	})
	if err != nil || found == nil {
		return err
	}
	return found
}
