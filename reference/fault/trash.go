package fault

import (
	"context"
	"time"

	"github.com/pocketcheck/pocketcheck/reference"
)

const notInTrash = "Can not restore"

// trash is the faults of the trash bin.
var trash = []Variant{
	fault("trash.move.ok/status-204", ok, answering(204, "")),
	fault("trash.move.ok/status-202", ok, coded(202)),
	fault("trash.move.ok/asset-instead", ok, answering(200, `{"asset": {}}`)),
	fault("trash.move.ok/true", ok, with("ok", true)),
	// Whether an asset was moved is seen by restoring it: request for request the
	// scenario of a good restore.
	fault("trash.move.ok.effect/not-moved", always, forgets(nothing)).blaming("trash.restore.ok"),
	fault("trash.move.err-401.effect/refused-and-done", all(noKey, ok), stores(noKeyIsAGuest), unauthorized),
	fault("trash.move.only-it.effect/the-newest-too", always, toTheNewest(stored(trashed))),

	fault("trash.restore.not-in-trash/anything-restored", always, stores(trashesOnSight)),
	fault("trash.restore.not-in-trash/full-stop", says(notInTrash), reworded("error")),
	fault("trash.restore.not-in-trash/grammar", says(notInTrash), with("error", "Can not restore Assets that are not in trash bin")),
	fault("trash.restore.not-in-trash/status-422", says(notInTrash), coded(422)),
	fault("trash.restore.ok/status-204", ok, answering(204, "")),
	fault("trash.restore.ok/asset-instead", ok, answering(200, `{"asset": {}}`)),
	fault("trash.restore.ok/full-stop", ok, reworded("ok")),
	fault("trash.restore.ok.effect/not-restored", always, forgets(nothing)).blaming("trash.restore.ok.effect", "trash.restore.not-deleted.effect"),
	fault("trash.restore.ok.effect/deleted", always, stores(deletesRestored)),
	fault("trash.restore.only-it.effect/the-newest-too", always, toTheNewest(stored(restored))),
	fault("trash.restore.not-deleted.effect/date-stays", always, stores(keepsTheDate)),
	fault("trash.restore.not-deleted.effect/read-from-a-cache", always, stores(keepsReadAssets)),
	fault("trash.restore.kept.effect/external_id-lost", always, forgets(externalIDLost)),
	fault("trash.restore.kept.effect/comments-lost", always, besides(losesComments)),
	fault("trash.restore.kept-project.effect/taken-out", always, forgets(projectLost)),
	fault("trash.restore.kept-media.effect/media-lost", always, besides(losesMedia)),
	fault("trash.restore.err-401.effect/refused-and-done", all(noKey, ok), stores(noKeyIsAGuest), unauthorized),
}

// trashOnSight finds each asset in the trash bin.
type trashOnSight struct {
	reference.Store
	at string
}

func trashesOnSight(s reference.Store, at string) reference.Store { return trashOnSight{s, at} }

func (t trashOnSight) Asset(ctx context.Context, id string) (reference.Asset, error) {
	a, err := t.Store.Asset(ctx, id)
	if asks(ctx, t.at) {
		at := time.Now()
		a.Deleted = &at
	}
	return a, err
}

// deletedRestored empties the trash bin instead.
type deletedRestored struct {
	reference.Store
	at string
}

func deletesRestored(s reference.Store, at string) reference.Store { return deletedRestored{s, at} }

func (d deletedRestored) UpdateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	if asks(ctx, d.at) {
		return a, d.Store.DeleteAsset(ctx, a.ID)
	}
	return d.Store.UpdateAsset(ctx, a, events...)
}

// datedAssets shows when an asset came into the trash bin after it left that.
type datedAssets struct {
	reference.Store
	at    string
	dates rows[string, time.Time]
}

func keepsTheDate(s reference.Store, at string) reference.Store {
	return datedAssets{s, at, newRows[string, time.Time]()}
}

func (d datedAssets) Asset(ctx context.Context, id string) (reference.Asset, error) {
	a, err := d.Store.Asset(ctx, id)
	date, unknown := d.dates.first(id, func() (time.Time, error) { return time.Time{}, reference.ErrNotFound })
	if unknown == nil && asks(ctx, "assets.get") {
		a.Deleted = &date
	}
	return a, err
}

func (d datedAssets) UpdateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	if asks(ctx, d.at) {
		_, _ = d.dates.first(a.ID, func() (time.Time, error) { return time.Now(), nil })
	}
	return d.Store.UpdateAsset(ctx, a, events...)
}

// hiddenTrash shows nothing of what is in the trash bin.
type hiddenTrash struct{ reference.Store }

func hidesTrashed(s reference.Store, _ string) reference.Store { return hiddenTrash{s} }

func (h hiddenTrash) Asset(ctx context.Context, id string) (reference.Asset, error) {
	a, err := h.Store.Asset(ctx, id)
	if err == nil && a.Deleted != nil && reads(ctx) {
		return reference.Asset{}, reference.ErrNotFound
	}
	return a, err
}
