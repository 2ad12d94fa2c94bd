package fault

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"sync/atomic"

	"github.com/pocketcheck/pocketcheck/reference"
)

// newIDs gives assets, projects and collections ids of another form. Each server
// counts its own.
func newIDs(form func() func() string) act {
	return act{options: func(o *reference.Options) { o.NewID = form() }}
}

// shortIDs are 1, 2, 3.
func shortIDs() func() string {
	last := new(atomic.Int64)
	return func() string { return strconv.FormatInt(last.Add(1), 10) }
}

// uuids are such as 67e55044-10b1-426f-9247-bb680e5fe0c8.
func uuids() func() string {
	return func() string {
		var id [16]byte
		_, _ = rand.Read(id[:]) // never fails
		id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
		text := hex.EncodeToString(id[:])
		return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
	}
}

// ulids are such as 01ARZ3NDEKTSV4RRFFQ69G5FAV.
func ulids() func() string {
	return func() string { return "01" + rand.Text()[:24] }
}

func asNumber(v any) any {
	text, _ := v.(string)
	return json.Number(text)
}

// beyondFloat64 is what a float64 can't tell from its neighbour.
const beyondFloat64 = 1<<53 + 1

// bigNumbers adds much to the ids that are numbers.
type bigNumbers struct{ reference.Store }

func addsToNumbers(s reference.Store, _ string) reference.Store { return bigNumbers{s} }

func (b bigNumbers) Comments(ctx context.Context, assetID string) ([]reference.Comment, error) {
	all, err := b.Store.Comments(ctx, assetID)
	for i := range all {
		all[i].ID += beyondFloat64
	}
	return all, err
}

func (b bigNumbers) Comment(ctx context.Context, assetID string, id int64) (reference.Comment, error) {
	c, err := b.Store.Comment(ctx, assetID, id-beyondFloat64)
	c.ID += beyondFloat64
	return c, err
}

func (b bigNumbers) CreateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	c, err := b.Store.CreateComment(ctx, c, events...)
	c.ID += beyondFloat64
	return c, err
}

func (b bigNumbers) UpdateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	c.ID -= beyondFloat64
	c, err := b.Store.UpdateComment(ctx, c, events...)
	c.ID += beyondFloat64
	return c, err
}

func (b bigNumbers) DeleteComment(ctx context.Context, assetID string, id int64, events ...reference.Event) error {
	return b.Store.DeleteComment(ctx, assetID, id-beyondFloat64, events...)
}

func (b bigNumbers) CreateDagActionRun(ctx context.Context, run reference.DagActionRun, events ...reference.Event) (reference.DagActionRun, error) {
	run.DagActionID -= beyondFloat64
	run, err := b.Store.CreateDagActionRun(ctx, run, events...)
	return bigRun(run), err
}

func (b bigNumbers) DagActionRuns(ctx context.Context, assetID string) ([]reference.DagActionRun, error) {
	all, err := b.Store.DagActionRuns(ctx, assetID)
	for i := range all {
		all[i] = bigRun(all[i])
	}
	return all, err
}

func bigRun(run reference.DagActionRun) reference.DagActionRun {
	run.ID += beyondFloat64
	run.DagActionID += beyondFloat64
	return run
}

func (b bigNumbers) DagActions(ctx context.Context) ([]reference.DagAction, error) {
	all, err := b.Store.DagActions(ctx)
	for i := range all {
		all[i].ID += beyondFloat64
	}
	return all, err
}

func (b bigNumbers) Media(ctx context.Context, assetID string) ([]reference.Media, error) {
	all, err := b.Store.Media(ctx, assetID)
	for i := range all {
		all[i].ID += beyondFloat64
	}
	return all, err
}

func (b bigNumbers) CreateMedia(ctx context.Context, a reference.Asset, m reference.Media, events ...reference.Event) (reference.Media, error) {
	m, err := b.Store.CreateMedia(ctx, a, m, events...)
	m.ID += beyondFloat64
	return m, err
}
