package fault

import (
	"context"
	"time"

	"github.com/pocketcheck/pocketcheck/reference"
)

// sideEffects does something beside what an operation writes to an asset or its
// media: to the asset that was made last, where that is another one, or to the asset
// itself.
type sideEffects struct {
	newestToo
	at     string
	beside func(ctx context.Context, s reference.Store, newest, a reference.Asset) error // nil: nothing
	to     func(ctx context.Context, s reference.Store, a reference.Asset) error         // nil: nothing
}

// toTheNewest does something to another asset before.
func toTheNewest(f func(ctx context.Context, s reference.Store, newest, a reference.Asset) error) act {
	return stores(func(s reference.Store, at string) reference.Store {
		return sideEffects{newestToo: rememberNewest(s), at: at, beside: f}
	})
}

// besides does something to what else the asset has, after.
func besides(f func(ctx context.Context, s reference.Store, a reference.Asset) error) act {
	return stores(func(s reference.Store, at string) reference.Store {
		return sideEffects{newestToo: rememberNewest(s), at: at, to: f}
	})
}

func (e sideEffects) before(ctx context.Context, a reference.Asset) error {
	newest, err := e.Store.Asset(ctx, e.id())
	if err != nil || newest.ID == a.ID || e.beside == nil || !asks(ctx, e.at) {
		return nil // it is gone, or not another one
	}
	return e.beside(ctx, e.Store, newest, a)
}

func (e sideEffects) after(ctx context.Context, a reference.Asset, err error) error {
	if err != nil || e.to == nil || !asks(ctx, e.at) {
		return err
	}
	return e.to(ctx, e.Store, a)
}

func (e sideEffects) UpdateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	if err := e.before(ctx, a); err != nil {
		return a, err
	}
	a, err := e.Store.UpdateAsset(ctx, a, events...)
	return a, e.after(ctx, a, err)
}

func (e sideEffects) DeleteAsset(ctx context.Context, id string) error {
	a, err := e.Store.Asset(ctx, id)
	if err != nil {
		return err
	}
	if err := e.before(ctx, a); err != nil {
		return err
	}
	return e.Store.DeleteAsset(ctx, id)
}

func (e sideEffects) CreateMedia(ctx context.Context, a reference.Asset, m reference.Media, events ...reference.Event) (reference.Media, error) {
	if err := e.before(ctx, a); err != nil {
		return m, err
	}
	return e.Store.CreateMedia(ctx, a, m, events...)
}

func (e sideEffects) DeleteMedia(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	if err := e.before(ctx, a); err != nil {
		return a, err
	}
	a, err := e.Store.DeleteMedia(ctx, a, events...)
	return a, e.after(ctx, a, err)
}

// stored lets change be what a store does to another asset.
func stored(change func(newest, a reference.Asset) reference.Asset) func(context.Context, reference.Store, reference.Asset, reference.Asset) error {
	return func(ctx context.Context, s reference.Store, newest, a reference.Asset) error {
		_, err := s.UpdateAsset(ctx, change(newest, a))
		return err
	}
}

func trashed(newest, _ reference.Asset) reference.Asset {
	at := time.Now()
	newest.Deleted = &at
	return newest
}

func restored(newest, _ reference.Asset) reference.Asset {
	newest.Deleted = nil
	return newest
}

// outOfProject has no project any more where it is that of the asset, or was.
func outOfProject(newest, a reference.Asset) reference.Asset {
	if a.ProjectID == nil || newest.ProjectID != nil && *newest.ProjectID == *a.ProjectID {
		newest.ProjectID = nil
	}
	return newest
}

func addsMedia(ctx context.Context, s reference.Store, newest, _ reference.Asset) error {
	_, err := s.CreateMedia(ctx, newest, reference.Media{AssetID: newest.ID, Filename: "jpgfile.jpg", MediaType: "image", CreatedDate: time.Now()})
	return err
}

func removesMedia(ctx context.Context, s reference.Store, newest, _ reference.Asset) error {
	_, err := s.DeleteMedia(ctx, newest)
	return err
}

func losesItsComments(ctx context.Context, s reference.Store, newest, _ reference.Asset) error {
	return losesComments(ctx, s, newest)
}

func losesMedia(ctx context.Context, s reference.Store, a reference.Asset) error {
	_, err := s.DeleteMedia(ctx, a)
	return err
}

func losesExternalID(ctx context.Context, s reference.Store, a reference.Asset) error {
	_, err := s.UpdateAsset(ctx, externalIDLost(ctx, a, a))
	return err
}

func losesComments(ctx context.Context, s reference.Store, a reference.Asset) error {
	all, err := s.Comments(ctx, a.ID)
	if err != nil {
		return err
	}
	for _, c := range all {
		if err := s.DeleteComment(ctx, a.ID, c.ID); err != nil {
			return err
		}
	}
	return nil
}

// externalIDLost, projectLost and descriptionLost are what an operation forgets of an
// asset.
func externalIDLost(_ context.Context, _, a reference.Asset) reference.Asset {
	a.ExternalID = nil
	return a
}

func projectLost(_ context.Context, _, a reference.Asset) reference.Asset {
	a.ProjectID = nil
	return a
}

func descriptionLost(ctx context.Context, _, a reference.Asset) reference.Asset {
	if member(asking(ctx).sent.json(), "description") == nil {
		a.Description = nil
	}
	return a
}
