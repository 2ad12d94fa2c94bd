package fault

import (
	"context"
	"sync"

	"github.com/pocketcheck/pocketcheck/reference"
)

// rows are what a store keeps of what was read, by id.
type rows[K comparable, T any] struct {
	mu   *sync.Mutex
	kept map[K]T
}

func newRows[K comparable, T any]() rows[K, T] { return rows[K, T]{&sync.Mutex{}, map[K]T{}} }

// first gives the row that was read first, or else reads and keeps it.
func (r rows[K, T]) first(id K, read func() (T, error)) (T, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if row, ok := r.kept[id]; ok {
		return row, nil
	}
	row, err := read()
	if err == nil {
		makeRoom(r.kept, mostRows)
		r.kept[id] = row
	}
	return row, err
}

func (r rows[K, T]) forget(id K) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.kept, id)
}

// readAssets gives GETs the asset that was read before. Every operation but one lets
// go of what it changes.
type readAssets struct {
	reference.Store
	at   string
	rows rows[string, reference.Asset]
}

func keepsReadAssets(s reference.Store, at string) reference.Store {
	return readAssets{s, at, newRows[string, reference.Asset]()}
}

func (r readAssets) Asset(ctx context.Context, id string) (reference.Asset, error) {
	read := func() (reference.Asset, error) { return r.Store.Asset(ctx, id) }
	if asks(ctx, "assets.get") {
		return r.rows.first(id, read)
	}
	return read()
}

func (r readAssets) UpdateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	if !asks(ctx, r.at) {
		r.rows.forget(a.ID)
	}
	return r.Store.UpdateAsset(ctx, a, events...)
}

func (r readAssets) DeleteAsset(ctx context.Context, id string) error {
	r.rows.forget(id)
	return r.Store.DeleteAsset(ctx, id)
}

// readComments does so with single comments.
type readComments struct {
	reference.Store
	at   string
	rows rows[int64, reference.Comment]
}

func keepsReadComments(s reference.Store, at string) reference.Store {
	return readComments{s, at, newRows[int64, reference.Comment]()}
}

func (r readComments) Comment(ctx context.Context, assetID string, id int64) (reference.Comment, error) {
	read := func() (reference.Comment, error) { return r.Store.Comment(ctx, assetID, id) }
	if !asks(ctx, "comments.get") {
		return read()
	}
	c, err := r.rows.first(id, read)
	if c.AssetID != assetID {
		return read()
	}
	return c, err
}

func (r readComments) UpdateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	if !asks(ctx, r.at) {
		r.rows.forget(c.ID)
	}
	return r.Store.UpdateComment(ctx, c, events...)
}

func (r readComments) DeleteComment(ctx context.Context, assetID string, id int64, events ...reference.Event) error {
	if !asks(ctx, r.at) {
		r.rows.forget(id)
	}
	return r.Store.DeleteComment(ctx, assetID, id, events...)
}

// foundComments finds what a GET has found before by its id alone.
type foundComments struct {
	reference.Store
	at   string
	rows rows[int64, reference.Comment]
}

func findsReadComments(s reference.Store, at string) reference.Store {
	return foundComments{s, at, newRows[int64, reference.Comment]()}
}

func (f foundComments) Comment(ctx context.Context, assetID string, id int64) (reference.Comment, error) {
	c, err := f.Store.Comment(ctx, assetID, id)
	if err == nil && !asks(ctx, "comments.get") || err != nil && !asks(ctx, f.at) {
		return c, err
	}
	known, found := f.rows.first(id, func() (reference.Comment, error) { return c, err })
	if found == nil && known.AssetID != assetID {
		return known, nil
	}
	return c, err
}

// readMedia lists the media that was listed before.
type readMedia struct {
	reference.Store
	at   string
	rows rows[string, []reference.Media]
}

func keepsReadMedia(s reference.Store, at string) reference.Store {
	return readMedia{s, at, newRows[string, []reference.Media]()}
}

func (r readMedia) Media(ctx context.Context, assetID string) ([]reference.Media, error) {
	read := func() ([]reference.Media, error) { return r.Store.Media(ctx, assetID) }
	if asks(ctx, "media.list") {
		return r.rows.first(assetID, read)
	}
	return read()
}

func (r readMedia) CreateMedia(ctx context.Context, a reference.Asset, m reference.Media, events ...reference.Event) (reference.Media, error) {
	r.rows.forget(a.ID)
	return r.Store.CreateMedia(ctx, a, m, events...)
}

// readLists lists the comments that were listed before.
type readLists struct {
	reference.Store
	at   string
	rows rows[string, []reference.Comment]
}

func keepsReadLists(s reference.Store, at string) reference.Store {
	return readLists{s, at, newRows[string, []reference.Comment]()}
}

func (r readLists) Comments(ctx context.Context, assetID string) ([]reference.Comment, error) {
	read := func() ([]reference.Comment, error) { return r.Store.Comments(ctx, assetID) }
	if asks(ctx, "comments.list") {
		return r.rows.first(assetID, read)
	}
	return read()
}

func (r readLists) UpdateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	r.rows.forget(c.AssetID)
	return r.Store.UpdateComment(ctx, c, events...)
}

func (r readLists) DeleteComment(ctx context.Context, assetID string, id int64, events ...reference.Event) error {
	r.rows.forget(assetID)
	return r.Store.DeleteComment(ctx, assetID, id, events...)
}

// readRuns lists the runs that were listed before.
type readRuns struct {
	reference.Store
	rows rows[string, []reference.DagActionRun]
}

func keepsReadRuns(s reference.Store, _ string) reference.Store {
	return readRuns{s, newRows[string, []reference.DagActionRun]()}
}

func (r readRuns) DagActionRuns(ctx context.Context, assetID string) ([]reference.DagActionRun, error) {
	read := func() ([]reference.DagActionRun, error) { return r.Store.DagActionRuns(ctx, assetID) }
	if asks(ctx, "dag_runs.list") {
		return r.rows.first(assetID, read)
	}
	return read()
}
