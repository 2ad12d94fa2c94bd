package fault

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pocketcheck/pocketcheck/reference"
)

// delayed shows reads what was there some time ago, as an index that is
// refreshed now and then does. Writes see what is there.
type delayed struct {
	reference.Store
	lag      time.Duration
	created  bool // new assets too
	mu       *sync.Mutex
	assets   map[string]past[reference.Asset]
	comments map[string]past[[]reference.Comment]
}

// past is a row that a write replaced, and how long it is still shown.
type past[T any] struct {
	row   T
	until time.Time
}

// shows delays effects by lag; whether a new asset is one of them is to say.
func shows(lag time.Duration, created bool) func(reference.Store, string) reference.Store {
	return func(s reference.Store, _ string) reference.Store {
		return delayed{s, lag, created, &sync.Mutex{}, map[string]past[reference.Asset]{}, map[string]past[[]reference.Comment]{}}
	}
}

// reads tells whether ctx is that of a GET.
func reads(ctx context.Context) bool {
	return slices.ContainsFunc(operations, func(o operation) bool {
		return asks(ctx, o.name) && strings.HasPrefix(o.pattern, http.MethodGet)
	})
}

// replaced keeps what an asset and its comments are before a write, unless older
// ones are still shown.
func (d delayed) replaced(ctx context.Context, id string) {
	a, err := d.Store.Asset(ctx, id)
	if err != nil {
		return
	}
	comments, err := d.Store.Comments(ctx, id)
	if err != nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	now := time.Now()
	if now.After(d.assets[id].until) {
		d.assets[id] = past[reference.Asset]{a, now.Add(d.lag)}
		d.comments[id] = past[[]reference.Comment]{comments, now.Add(d.lag)}
	}
}

func (d delayed) Asset(ctx context.Context, id string) (reference.Asset, error) {
	d.mu.Lock()
	old := d.assets[id]
	d.mu.Unlock()
	if !reads(ctx) || time.Now().After(old.until) {
		return d.Store.Asset(ctx, id)
	}
	if old.row.ID == "" {
		return reference.Asset{}, reference.ErrNotFound
	}
	return old.row, nil
}

func (d delayed) Comments(ctx context.Context, assetID string) ([]reference.Comment, error) {
	d.mu.Lock()
	old := d.comments[assetID]
	d.mu.Unlock()
	if reads(ctx) && time.Now().Before(old.until) {
		return slices.Clone(old.row), nil
	}
	return d.Store.Comments(ctx, assetID)
}

func (d delayed) Comment(ctx context.Context, assetID string, id int64) (reference.Comment, error) {
	if !reads(ctx) {
		return d.Store.Comment(ctx, assetID, id)
	}
	all, err := d.Comments(ctx, assetID)
	i := slices.IndexFunc(all, func(c reference.Comment) bool { return c.ID == id })
	if err == nil && i < 0 {
		return reference.Comment{}, reference.ErrNotFound
	}
	if err != nil {
		return reference.Comment{}, err
	}
	return all[i], nil
}

func (d delayed) CreateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	a, err := d.Store.CreateAsset(ctx, a, events...)
	if err == nil && d.created {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.assets[a.ID] = past[reference.Asset]{until: time.Now().Add(d.lag)}
	}
	return a, err
}

func (d delayed) UpdateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	d.replaced(ctx, a.ID)
	return d.Store.UpdateAsset(ctx, a, events...)
}

func (d delayed) DeleteAsset(ctx context.Context, id string) error {
	d.replaced(ctx, id)
	return d.Store.DeleteAsset(ctx, id)
}

func (d delayed) CreateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	d.replaced(ctx, c.AssetID)
	return d.Store.CreateComment(ctx, c, events...)
}

func (d delayed) UpdateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	d.replaced(ctx, c.AssetID)
	return d.Store.UpdateComment(ctx, c, events...)
}

func (d delayed) DeleteComment(ctx context.Context, assetID string, id int64, events ...reference.Event) error {
	d.replaced(ctx, assetID)
	return d.Store.DeleteComment(ctx, assetID, id, events...)
}
