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

	fault("trash.restore.not-in-trash/anything-restored", always, stores(trashesOnSight)),
	fault("trash.restore.not-in-trash/full-stop", says(notInTrash), reworded("error")),
	fault("trash.restore.not-in-trash/grammar", says(notInTrash), with("error", "Can not restore Assets that are not in trash bin")),
	fault("trash.restore.not-in-trash/status-422", says(notInTrash), coded(422)),
	fault("trash.restore.ok/status-204", ok, answering(204, "")),
	fault("trash.restore.ok/asset-instead", ok, answering(200, `{"asset": {}}`)),
	fault("trash.restore.ok/full-stop", ok, reworded("ok")),
	fault("trash.restore.ok.effect/not-restored", always, forgets(nothing)),
	fault("trash.restore.ok.effect/deleted", always, stores(deletesRestored)),
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
