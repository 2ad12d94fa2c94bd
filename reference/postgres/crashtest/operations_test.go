package crashtest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/tidwall/gjson"
)

// How many assets a writer has.
const (
	atFirst = 2
	atOnce  = 5 // at most
)

// projects are those of the default seed.
var projects = []string{"mJebz2r3ck0CTGIExPa4", "a7rYTJIBVOpM1qBIdlO6"}

// begin makes sure that the writer has some assets; false if it can't get them.
func (w *writer) begin() bool {
	for range 10 * atFirst {
		if len(w.living) >= atFirst {
			return true
		}
		w.create("")
	}
	return false
}

// next sends some request.
func (w *writer) next() {
	if last := w.contest.Load(); w.joined < last {
		w.joined = last
		w.join(last)
		return
	}
	if len(w.living) == 0 {
		w.turnOver(nil)
		return
	}
	a := w.living[w.random.IntN(len(w.living))]
	for n := w.random.IntN(100); ; {
		for _, o := range operations {
			if n -= o.share; n < 0 {
				o.send(w, a)
				return
			}
		}
	}
}

// operations are those of a writer on one of its assets, with their shares of a
// hundred.
var operations = []struct {
	share int
	send  func(*writer, *assetRecord)
}{
	{8, (*writer).turnOver}, {4, (*writer).contend},
	{17, (*writer).update}, {6, (*writer).trash}, {5, (*writer).restore}, {9, (*writer).assign}, {5, (*writer).unassign},
	{6, (*writer).addMedia}, {10, (*writer).comment}, {8, (*writer).updateComment}, {6, (*writer).deleteComment},
	{5, (*writer).getAsset}, {4, (*writer).listComments}, {2, (*writer).getComment},
	{2, (*writer).listMedia}, {3, (*writer).getHistory},
}

// turnOver creates an asset, or deletes one when there are enough.
func (w *writer) turnOver(a *assetRecord) {
	switch {
	case len(w.living) >= atOnce:
		w.remove(a)
	case w.retry != "": // whose creation may have been done
		externalID := w.retry
		w.retry = ""
		w.create(externalID)
	case w.random.IntN(3) == 0:
		w.create(w.name("own"))
	default:
		w.create("")
	}
}

func (w *writer) create(externalID string) {
	c := &creation{title: w.name("asset"), externalID: externalID, sent: time.Now()}
	body := map[string]string{"title": c.title, "description": about(c.title)}
	var refusals []refusal
	if externalID != "" {
		body["external_id"] = externalID
		refusals = []refusal{{status: http.StatusBadRequest, text: "External id has already been taken"}}
	}
	c.outcome = w.send(request{
		name: "create asset", method: http.MethodPost, body: body, refusals: refusals,
		done: func(answer gjson.Result, sent time.Time) bool {
			body := answer.Get("asset")
			a := newAssetRecord(body.Get("id").String(), c.title, externalID, sent)
			w.record.assets, w.living = append(w.record.assets, a), append(w.living, a)
			a.seeAsset(body, sent, &w.found)
			return a.id != ""
		},
		maybe: func(time.Time) { w.retry = externalID },
	})
	c.answered = time.Now()
	w.record.creations = append(w.record.creations, c)
}

// write sends a write to an asset, with what its success does to the record.
func (w *writer) write(a *assetRecord, q request, event string, effects ...effect) {
	q.asset = a
	q.path = "/" + a.id + q.path
	q.refusals = append(q.refusals, missingAsset(a))
	if q.done == nil {
		q.done = func(answer gjson.Result, _ time.Time) bool { return answer.Get("ok").String() == "ok" }
	}
	documented := q.done
	q.done = func(answer gjson.Result, sent time.Time) bool {
		a.there.set(there, sent)
		for _, e := range effects {
			e.on.set(e.value, sent)
		}
		a.happened(event, true)
		return documented(answer, sent)
	}
	q.maybe = func(until time.Time) {
		for _, e := range effects {
			e.on.maybe(e.value, until)
		}
		a.happened(event, false)
	}
	w.send(q)
	w.dropGone(a)
}

// effect is what a write does to one register.
type effect struct {
	on    *register
	value string
}

func missingAsset(a *assetRecord) refusal {
	return refusal{http.StatusNotFound, "asset not found", &a.there, gone}
}

// dropGone leaves an asset alone that is no more.
func (w *writer) dropGone(a *assetRecord) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.there.must(gone) {
		w.living = slices.DeleteFunc(w.living, func(l *assetRecord) bool { return l == a })
	}
}

func (w *writer) remove(a *assetRecord) {
	q := request{name: "delete asset", method: http.MethodDelete}
	w.write(a, q, "ASSET_DELETED", effect{&a.there, gone})
}

func (w *writer) update(a *assetRecord) {
	title := w.name(a.name + ", version")
	w.write(a, request{
		name: "update asset", method: http.MethodPut, body: map[string]string{"title": title, "description": about(title)},
		done: func(answer gjson.Result, sent time.Time) bool {
			if !slices.Contains(w.shared, a) { // whose other values others may have changed
				a.seeAsset(answer.Get("asset"), sent, &w.found)
			}
			return answer.Get("asset.title").String() == title
		},
	}, "ASSET_UPDATED", effect{&a.title, title})
}

// trash moves an asset to the trash bin. For one that may be there already the
// answer is as good as a read, and no event.
func (w *writer) trash(a *assetRecord) {
	q := request{name: "trash", method: http.MethodPost, path: "/trash_bin"}
	if !a.trashed.may(yes) {
		w.write(a, q, "ASSET_TRASHED", effect{&a.trashed, yes})
		return
	}
	q.asset, q.path, q.refusals = a, "/"+a.id+q.path, []refusal{missingAsset(a)}
	q.done = func(answer gjson.Result, sent time.Time) bool {
		a.trashed.saw(yes, sent)
		a.happened("ASSET_TRASHED", false)
		return answer.Get("ok").String() == "ok"
	}
	q.maybe = func(until time.Time) {
		a.trashed.maybe(yes, until)
		a.happened("ASSET_TRASHED", false)
	}
	w.send(q)
	w.dropGone(a)
}

func (w *writer) restore(a *assetRecord) {
	w.write(a, request{
		name: "restore", method: http.MethodPost, path: "/restore",
		refusals: []refusal{{http.StatusBadRequest, "Can not restore Assets that is not in trash bin", &a.trashed, no}},
	}, "ASSET_RESTORED", effect{&a.trashed, no})
}

func (w *writer) assign(a *assetRecord) {
	project := projects[w.random.IntN(len(projects))]
	w.write(a, request{
		name: "assign", method: http.MethodPost, path: "/assign", body: map[string]string{"to_project_id": project},
	}, "ASSET_ASSIGNED", effect{&a.project, project})
}

func (w *writer) unassign(a *assetRecord) {
	w.write(a, request{
		name: "unassign", method: http.MethodDelete, path: "/unassign",
		refusals: []refusal{{http.StatusOK, a.id + " does not have a parent project", &a.project, ""}},
	}, "ASSET_UNASSIGNED", effect{&a.project, ""})
}

func (w *writer) addMedia(a *assetRecord) {
	name := w.name("file") + ".jpg"
	file := &register{}
	file.set(absent, time.Now())
	a.mu.Lock()
	a.media[name] = file
	a.mu.Unlock()
	w.write(a, request{
		name: "add media", method: http.MethodPost, path: "/media",
		body: map[string]string{"file_url": "http://www.example.com/" + url.PathEscape(name), "filename": name},
	}, "MEDIA_ADDED", effect{file, there}, effect{&a.filename, name})
}

func (w *writer) comment(a *assetRecord) {
	text := w.name("comment")
	a.mu.Lock()
	a.unclaimed[text] = true // from now on, for those who list
	a.mu.Unlock()
	w.write(a, request{
		name: "create comment", method: http.MethodPost, path: "/comments", body: map[string]string{"comment": text},
		done: func(answer gjson.Result, sent time.Time) bool {
			id := answer.Get("comment.id").Int()
			if a.comments[id] == nil {
				a.comments[id] = &register{}
			}
			delete(a.unclaimed, text)
			a.comments[id].set(text, sent)
			return id != 0 && answer.Get("comment.message").String() == text
		},
	}, "COMMENT_ADDED")
}

// onComment gives a comment that may be there, and its path.
func (w *writer) onComment(a *assetRecord) (*register, string, refusal) {
	ids := slices.DeleteFunc(a.commentIDs(), func(id int64) bool { return a.comments[id].must(gone) })
	if len(ids) == 0 {
		return nil, "", refusal{}
	}
	id := ids[w.random.IntN(len(ids))]
	return a.comments[id], "/comments/" + strconv.FormatInt(id, 10), missingComment(a, id)
}

func missingComment(a *assetRecord, id int64) refusal {
	return refusal{http.StatusNotFound, fmt.Sprintf(
		`Couldn't find Comment with 'id'=%d [WHERE "comments"."target_id" = $1 AND "comments"."target_type" = $2]`, id), a.comments[id], gone}
}

func (w *writer) updateComment(a *assetRecord) {
	r, path, missing := w.onComment(a)
	if r == nil {
		w.comment(a)
		return
	}
	text := w.name("comment, changed")
	w.write(a, request{
		name: "update comment", method: http.MethodPost, path: path, body: map[string]string{"comment": text}, refusals: []refusal{missing},
		done: func(answer gjson.Result, _ time.Time) bool { return answer.Get("comment.message").String() == text },
	}, "COMMENT_UPDATED", effect{r, text})
}

func (w *writer) deleteComment(a *assetRecord) {
	r, path, missing := w.onComment(a)
	if r == nil {
		w.comment(a)
		return
	}
	w.write(a, request{
		name: "delete comment", method: http.MethodDelete, path: path, refusals: []refusal{missing},
		done: func(answer gjson.Result, _ time.Time) bool { return answer.Get("ok").String() == "comment deleted" },
	}, "COMMENT_DELETED", effect{r, gone})
}
