package crashtest

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/tidwall/gjson"
)

// What a finding is about.
const (
	lost        = "lost"         // an acknowledged write does not show
	resurrected = "resurrected"  // what was deleted or overwritten shows again
	halfWritten = "half-written" // parts of what was written disagree
	wrong       = "wrong answer" // none in time, or none of the document's
)

// clock is how times are shown.
const clock = "15:04:05.000"

// findings are what was found to be wrong.
type findings struct {
	mu    sync.Mutex
	texts map[string][]string // by what they are about
}

func (f *findings) add(about, format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.texts == nil {
		f.texts = map[string][]string{}
	}
	f.texts[about] = append(f.texts[about], time.Now().Format(clock)+" "+fmt.Sprintf(format, args...))
}

func (f *findings) of(about string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.texts[about])
}

// record is what one writer knows of what it did.
type record struct {
	creations []*creation
	assets    []*assetRecord // of the creations that were acknowledged
}

// creation is one attempt at it.
type creation struct {
	title, externalID string
	sent, answered    time.Time
	outcome           outcome
}

// Values of what has no other: gone is final, absent is before it is there.
const (
	there  = "(there)"
	absent = "(absent)"
)

// Values of a flag.
const (
	yes = "yes"
	no  = "no"
)

// assetRecord is what is known of one asset. Each register has one writer.
type assetRecord struct {
	id, name, externalID string

	mu        sync.Mutex
	there     register // there or gone
	title     register
	trashed   register // yes or no
	project   register // "" for none
	filename  register // of the original, "" for none
	comments  map[int64]*register
	unclaimed map[string]bool // comments whose ids are not known
	media     map[string]*register
	events    map[string]tally
}

// tally is how many events of a type there are, and how many more there may be.
type tally struct{ sure, maybe int }

func newAssetRecord(id, name, externalID string, sent time.Time) *assetRecord {
	a := &assetRecord{
		id: id, name: name, externalID: externalID,
		comments: map[int64]*register{}, unclaimed: map[string]bool{}, media: map[string]*register{},
		events: map[string]tally{"ASSET_ADDED": {sure: 1}},
	}
	a.there.set(there, sent)
	a.title.set(name, sent)
	a.trashed.set(no, sent)
	a.project.set("", sent)
	a.filename.set("", sent)
	return a
}

// about is the description that each title has: it tells half an update.
func about(title string) string { return "about " + title }

// happened counts an event.
func (a *assetRecord) happened(event string, surely bool) {
	n := a.events[event]
	if surely {
		n.sure++
	} else {
		n.maybe++
	}
	a.events[event] = n
}

// seeThere compares the record with an answer that the asset is there.
func (a *assetRecord) seeThere(asked time.Time, f *findings) {
	if !a.there.saw(there, asked) {
		f.add(resurrected, "asset %s is there, though it was deleted", a.id)
	}
}

// register is where a member of the asset is kept, or what tells of it.
func (a *assetRecord) register(member string) *register {
	return map[string]*register{
		"title": &a.title, "deleted": &a.trashed, "project_id": &a.project, "original_filename": &a.filename,
	}[member]
}

// see compares the record with a member of the asset.
func (a *assetRecord) see(member string, asset gjson.Result, asked time.Time, f *findings) {
	r, got := a.register(member), asset.Get(member).String()
	if member == "deleted" {
		got = trashedIn(asset)
	}
	if !r.saw(got, asked) {
		f.add(lost, "asset %s: %s is %q, not of %q", a.id, member, got, r.values())
	}
}

// seeAsset compares the record with the asset itself.
func (a *assetRecord) seeAsset(body gjson.Result, asked time.Time, f *findings) {
	for _, member := range []string{"title", "deleted", "project_id", "original_filename"} {
		a.see(member, body, asked, f)
	}
	if title, got := body.Get("title").String(), body.Get("description").String(); got != about(title) {
		f.add(halfWritten, "asset %s: title is %q, but description %q", a.id, title, got)
	}
	if got := body.Get("external_id").String(); got != a.externalID {
		f.add(lost, "asset %s: external_id is %q, not %q", a.id, got, a.externalID)
	}
}

func trashedIn(asset gjson.Result) string {
	if asset.Get("deleted").Type == gjson.Null {
		return no
	}
	return yes
}

// commentIDs are those of comments that are known.
func (a *assetRecord) commentIDs() []int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	var ids []int64
	for id := range a.comments {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// seeComments compares the record with all comments. The known are the ids from
// before these were asked for.
func (a *assetRecord) seeComments(list gjson.Result, known []int64, asked time.Time, f *findings) {
	seen := map[int64]bool{}
	for _, c := range list.Array() {
		id, text := c.Get("id").Int(), c.Get("message").String()
		if seen[id] {
			f.add(halfWritten, "asset %s: comment %d is there twice", a.id, id)
		}
		seen[id] = true
		a.seeComment(id, text, asked, f)
	}
	for _, id := range known {
		if r := a.comments[id]; !seen[id] && !r.saw(gone, asked) {
			f.add(lost, "asset %s: comment %d is not there, but may be %q", a.id, id, r.values())
		}
	}
}

func (a *assetRecord) seeComment(id int64, text string, asked time.Time, f *findings) {
	r := a.comments[id]
	switch {
	case r == nil && a.unclaimed[text]:
		delete(a.unclaimed, text)
		r = &register{}
		r.set(text, asked)
		a.comments[id] = r
	case r == nil:
		f.add(halfWritten, "asset %s: comment %d, %q, was never written or is there already", a.id, id, text)
	case r.saw(text, asked):
	case r.must(gone), r.was(text):
		f.add(resurrected, "asset %s: comment %d is %q, not of %q", a.id, id, text, r.values())
	default:
		f.add(lost, "asset %s: comment %d is %q, not of %q", a.id, id, text, r.values())
	}
}

// seeMedia compares the record with all media files.
func (a *assetRecord) seeMedia(list gjson.Result, asked time.Time, f *findings) {
	seen := map[string]int{}
	for _, m := range list.Array() {
		seen[m.Get("filename").String()]++
	}
	for name, r := range a.media {
		switch n := seen[name]; {
		case n > 1:
			f.add(halfWritten, "asset %s: media file %s is there %d times", a.id, name, n)
		case n == 1 && !r.saw(there, asked):
			f.add(halfWritten, "asset %s: media file %s is there, though it was refused", a.id, name)
		case n == 0 && !r.saw(absent, asked):
			f.add(lost, "asset %s: media file %s is not there", a.id, name)
		}
		delete(seen, name)
	}
	for name := range seen {
		f.add(halfWritten, "asset %s: media file %q was never added", a.id, name)
	}
}

// seeHistory compares the record with the types of all events.
func (a *assetRecord) seeHistory(types []string, f *findings) {
	seen := map[string]int{}
	for _, kind := range types {
		seen[kind]++
	}
	for kind, n := range a.events {
		if got := seen[kind]; got < n.sure || got > n.sure+n.maybe {
			f.add(halfWritten, "asset %s: %d events are %s, not %d to %d", a.id, got, kind, n.sure, n.sure+n.maybe)
		}
		delete(seen, kind)
	}
	for kind, n := range seen {
		f.add(halfWritten, "asset %s: %d events are %s, though nothing made one", a.id, n, kind)
	}
}
