package crashtest

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/tidwall/gjson"
)

// view is an asset with all that belongs to it, as one reference answers it.
type view struct {
	there                  bool
	asset, comments, media gjson.Result
	events                 []string // their types, newest first
}

// checker compares records with what can be read once everything has settled.
type checker struct {
	*load
	behind  behind
	records []*record
}

// check reads everything through every reference, and behind them. It counts all
// assets that there were, and those that are there.
func (c *checker) check(ctx context.Context) (all, living int, err error) {
	rows, err := c.behind.rows(ctx)
	if err != nil {
		return 0, 0, err
	}
	documents, err := c.behind.documents(ctx)
	if err != nil {
		return 0, 0, err
	}
	known := c.known()
	for id := range rows {
		if known[id] == nil {
			known[id] = c.claim(id)
		}
	}
	views := c.views(known)
	for id, a := range known {
		for _, each := range views {
			c.judge(a, each[id])
		}
		c.agree(id, views)
		c.compare(id, views[0][id], rows, documents)
		if views[0][id].there {
			living++
		}
	}
	for id := range documents {
		if known[id] == nil {
			c.found.add(halfWritten, "asset %s has a document and no row", id)
		}
	}
	c.externalIDs(views[0])
	return len(known), living, nil
}

// known is the records of all assets, by id.
func (c *checker) known() map[string]*assetRecord {
	known := map[string]*assetRecord{}
	for _, r := range c.records {
		for _, a := range r.assets {
			known[a.id] = a
		}
	}
	return known
}

// claim finds the record of an asset that is there, and whose creation was not
// acknowledged.
func (c *checker) claim(id string) *assetRecord {
	found := newAssetRecord(id, "", "", time.Now())
	c.reader(0).send(request{
		name: "get asset", method: http.MethodGet, path: "/" + id, reads: true,
		done: func(answer gjson.Result, asked time.Time) bool {
			title := answer.Get("asset.title").String()
			if created := c.creationOf(id, title, asked); created != nil {
				found = created
			} else {
				c.found.add(halfWritten, "asset %s, %q, is there, though nobody created it or it was refused", id, title)
			}
			return true
		},
	})
	return found // if it can't be read, views finds that
}

// creationOf gives a record for the creation of unknown outcome with a title,
// once.
func (c *checker) creationOf(id, title string, asked time.Time) *assetRecord {
	for _, r := range c.records {
		for _, made := range r.creations {
			if made.outcome == unknown && made.title == title {
				made.outcome = acknowledged
				return newAssetRecord(id, title, made.externalID, asked)
			}
		}
	}
	return nil
}

// views reads all assets through each reference.
func (c *checker) views(known map[string]*assetRecord) []map[string]view {
	all := make([]map[string]view, len(c.references))
	for to := range c.references {
		all[to] = map[string]view{}
		ids := make(chan string)
		var readers sync.WaitGroup
		var mu sync.Mutex
		for range 8 {
			readers.Go(func() {
				w := c.reader(to)
				for id := range ids {
					v := w.view(id)
					mu.Lock()
					all[to][id] = v
					mu.Unlock()
				}
			})
		}
		for id := range known {
			ids <- id
		}
		close(ids)
		readers.Wait()
	}
	return all
}

// reader calls one reference.
func (l *load) reader(to int) *writer {
	w := l.writer(-1)
	w.only = &to
	return w
}

// view reads an asset.
func (w *writer) view(id string) view {
	v := view{asset: w.get("/"+id, refusal{status: http.StatusNotFound, text: "asset not found"}).Get("asset")}
	v.there = v.asset.Exists()
	if !v.there {
		return v
	}
	v.comments, v.media = w.get("/"+id+"/comments").Get("comments"), w.get("/"+id+"/media").Get("media")
	for cursor := "0"; cursor != ""; {
		var page []string
		page, cursor = eventsOf(w.get("/" + id + "/history/" + cursor))
		v.events = append(v.events, page...)
	}
	return v
}

// get reads what must be readable; nothing if it is refused.
func (w *writer) get(path string, refusals ...refusal) (answer gjson.Result) {
	q := request{
		name: "check", method: http.MethodGet, path: path, reads: true, refusals: refusals,
		done: func(a gjson.Result, _ time.Time) bool {
			answer = a
			return true
		},
	}
	for range 3 { // a connection of the reference may be broken from the last fault
		if w.send(q) != unknown {
			return answer
		}
	}
	w.found.add(wrong, "%s can't be read from %s any more", path, w.references[*w.only])
	return answer
}

// judge compares a record with what was read.
func (c *checker) judge(a *assetRecord, v view) {
	now := time.Now()
	if !v.there {
		if !a.there.saw(gone, now) {
			c.found.add(lost, "asset %s, %q, is not there", a.id, a.name)
		}
		return
	}
	a.seeThere(now, &c.found)
	if a.there.must(gone) {
		return
	}
	a.seeAsset(v.asset, now, &c.found)
	a.seeComments(v.comments, a.commentIDs(), now, &c.found)
	a.seeMedia(v.media, now, &c.found)
	a.seeHistory(v.events, &c.found)
	c.consistent(a.id, v)
}

// consistent finds where history and document disagree, whatever was written.
func (c *checker) consistent(id string, v view) {
	counts, newest := map[string]int{}, ""
	for _, kind := range v.events {
		counts[kind]++
		if newest == "" && (kind == "ASSET_ASSIGNED" || kind == "ASSET_UNASSIGNED") {
			newest = kind
		}
	}
	trashed := 0
	if trashedIn(v.asset) == yes {
		trashed = 1
	}
	for _, n := range []struct {
		of                 string
		document, happened int
	}{
		{"comments", len(v.comments.Array()), counts["COMMENT_ADDED"] - counts["COMMENT_DELETED"]},
		{"media files", len(v.media.Array()), counts["MEDIA_ADDED"]},
		{"times in the trash bin", trashed, counts["ASSET_TRASHED"] - counts["ASSET_RESTORED"]},
		{"creations", 1, counts["ASSET_ADDED"]},
	} {
		if n.document != n.happened {
			c.found.add(halfWritten, "asset %s: %d %s, but by its history %d", id, n.document, n.of, n.happened)
		}
	}
	if project := v.asset.Get("project_id").String(); (project != "") != (newest == "ASSET_ASSIGNED") {
		c.found.add(halfWritten, "asset %s: project_id is %q, but by its history %q was last", id, project, newest)
	}
}

// agree finds where the references disagree.
func (c *checker) agree(id string, views []map[string]view) {
	first := views[0][id]
	for i, each := range views[1:] {
		v := each[id]
		for _, part := range []struct{ of, first, other string }{
			{"the asset", first.asset.Raw, v.asset.Raw}, {"its comments", first.comments.Raw, v.comments.Raw},
			{"its media files", first.media.Raw, v.media.Raw}, {"its history", fmt.Sprint(first.events), fmt.Sprint(v.events)},
		} {
			if part.first != part.other {
				c.found.add(halfWritten, "asset %s: for %s, %s is %s, for %s %s",
					id, c.references[0], part.of, part.first, c.references[i+1], part.other)
			}
		}
	}
}

// externalIDs finds those that two assets have, and those that were refused
// though nobody else had tried to get them.
func (c *checker) externalIDs(views map[string]view) {
	holders := map[string]string{}
	for id, v := range views {
		externalID := v.asset.Get("external_id").String()
		if other := holders[externalID]; other != "" && externalID != "" {
			c.found.add(halfWritten, "assets %s and %s have the external id %q", other, id, externalID)
		}
		holders[externalID] = id
	}
	tried := map[string][]*creation{}
	for _, r := range c.records {
		for _, made := range r.creations {
			if made.outcome != refused {
				tried[made.externalID] = append(tried[made.externalID], made)
			}
		}
	}
	for _, r := range c.records {
		for _, made := range r.creations {
			before := func(other *creation) bool { return other.sent.Before(made.answered) }
			if made.outcome == refused && !slices.ContainsFunc(tried[made.externalID], before) {
				c.found.add(wrong, "creation of %q: refused, though nobody else had tried to get %q", made.title, made.externalID)
			}
		}
	}
}
