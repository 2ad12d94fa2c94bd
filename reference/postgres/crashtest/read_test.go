package crashtest

import (
	"net/http"
	"strconv"
	"time"

	"github.com/tidwall/gjson"
)

// read sends a read of an asset, be it one that is gone, whose answer must be
// what the record allows.
func (w *writer) read(a *assetRecord, name, path string, refusals []refusal, see func(answer gjson.Result, asked time.Time)) {
	q := request{
		name: name, method: http.MethodGet, path: "/" + a.id + path, asset: a, reads: true,
		refusals: append(refusals, missingAsset(a)),
		done: func(answer gjson.Result, asked time.Time) bool {
			a.seeThere(asked, &w.found)
			see(answer, asked)
			return true
		},
	}
	w.send(q)
	w.dropGone(a)
}

// any is one of the writer's assets, be it one that was deleted.
func (w *writer) any() *assetRecord { return w.record.assets[w.random.IntN(len(w.record.assets))] }

func (w *writer) getAsset(*assetRecord) {
	a := w.any()
	w.read(a, "get asset", "", nil, func(answer gjson.Result, asked time.Time) {
		a.seeAsset(answer.Get("asset"), asked, &w.found)
	})
}

func (w *writer) listComments(*assetRecord) {
	a := w.any()
	if n := w.random.IntN(4 * atOnce); n < len(w.shared) {
		a = w.shared[n]
	}
	known := a.commentIDs()
	w.read(a, "list comments", "/comments", nil, func(answer gjson.Result, asked time.Time) {
		a.seeComments(answer.Get("comments"), known, asked, &w.found)
	})
}

// getComment reads one, be it one that was deleted.
func (w *writer) getComment(a *assetRecord) {
	ids := a.commentIDs()
	if len(ids) == 0 {
		return
	}
	id := ids[w.random.IntN(len(ids))]
	path := "/comments/" + strconv.FormatInt(id, 10)
	w.read(a, "get comment", path, []refusal{missingComment(a, id)}, func(answer gjson.Result, asked time.Time) {
		a.seeComment(id, answer.Get("comment.message").String(), asked, &w.found)
	})
}

func (w *writer) listMedia(a *assetRecord) {
	w.read(a, "list media", "/media", nil, func(answer gjson.Result, asked time.Time) {
		a.seeMedia(answer.Get("media"), asked, &w.found)
	})
}

// getHistory follows the cursor to the end, or gives up: an event may come while
// it is read, but none of this writer's.
func (w *writer) getHistory(a *assetRecord) {
	var types []string
	for cursor := "0"; cursor != ""; {
		path := "/history/" + cursor
		cursor = ""
		w.read(a, "get history", path, nil, func(answer gjson.Result, _ time.Time) {
			var page []string
			page, cursor = eventsOf(answer)
			types = append(types, page...)
			if cursor == "" {
				a.seeHistory(types, &w.found)
			}
		})
	}
}

// eventsOf gives the types of a page of events, and the cursor of the next.
func eventsOf(answer gjson.Result) (types []string, cursor string) {
	for _, e := range answer.Get("history.results.#.event_type").Array() {
		types = append(types, e.String())
	}
	return types, answer.Get("history.next_cursor").String()
}
