package crashtest

import (
	"fmt"
	"time"

	"github.com/tidwall/gjson"
)

// contend has all writers do what follows at once.
func (w *writer) contend(*assetRecord) { w.contest.Add(1) }

// join either creates an asset with an external id that all try to get, or writes
// an asset that all write.
func (w *writer) join(contest int64) {
	if n := int64(len(w.shared)); contest%3 > 0 {
		w.writeShared(w.shared[contest%n])
	} else {
		w.create(fmt.Sprintf("contested-%d", contest))
	}
}

// writeShared sends a write to an asset that others write at the same time. Each
// member of it has one writer, and none may undo what another did.
func (w *writer) writeShared(a *assetRecord) {
	members := []struct {
		name  string
		write func(*writer, *assetRecord)
	}{
		{"title", (*writer).update}, {"deleted", (*writer).turn},
		{"project_id", (*writer).assign}, {"original_filename", (*writer).addMedia},
	}
	if w.number >= len(members) {
		w.comment(a)
		return
	}
	own := members[w.number]
	w.read(a, "get shared asset", "", nil, func(answer gjson.Result, asked time.Time) {
		a.see(own.name, answer.Get("asset"), asked, &w.found)
	})
	own.write(w, a)
}

// turn trashes an asset, or restores it.
func (w *writer) turn(a *assetRecord) {
	if a.trashed.may(yes) {
		w.restore(a)
	} else {
		w.trash(a)
	}
}
