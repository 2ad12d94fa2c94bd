package fault

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/pocketcheck/pocketcheck/reference"
)

// lossyAssets keeps another asset than it was given.
type lossyAssets struct {
	reference.Store
	at   string
	keep func(ctx context.Context, old, a reference.Asset) reference.Asset
}

// keepsAssets keeps what keep makes of an asset to store, and of the row that
// there was before, and answers with that.
func keepsAssets(keep func(ctx context.Context, old, a reference.Asset) reference.Asset) act {
	return stores(func(s reference.Store, at string) reference.Store { return lossyAssets{s, at, keep} })
}

// frankAssets answers with the asset as it was to be stored.
type frankAssets struct{ lossyAssets }

// forgets keeps what keep says and answers as if it were what was asked for.
func forgets(keep func(ctx context.Context, old, a reference.Asset) reference.Asset) act {
	return stores(func(s reference.Store, at string) reference.Store { return frankAssets{lossyAssets{s, at, keep}} })
}

func (l lossyAssets) CreateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	if asks(ctx, l.at) {
		a = l.keep(ctx, reference.Asset{}, a)
	}
	return l.Store.CreateAsset(ctx, a, events...)
}

func (l lossyAssets) UpdateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	if asks(ctx, l.at) {
		old, err := l.Store.Asset(ctx, a.ID)
		if err != nil {
			return a, err
		}
		a = l.keep(ctx, old, a)
	}
	return l.Store.UpdateAsset(ctx, a, events...)
}

func (f frankAssets) CreateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	_, err := f.lossyAssets.CreateAsset(ctx, a, events...)
	return a, err
}

func (f frankAssets) UpdateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	_, err := f.lossyAssets.UpdateAsset(ctx, a, events...)
	return a, err
}

// nothing keeps the old row, but for its Version.
func nothing(_ context.Context, old, _ reference.Asset) reference.Asset { return old }

// resetsUnsent keeps nothing of what an update does not send, but for the title.
func resetsUnsent(ctx context.Context, _, a reference.Asset) reference.Asset {
	sent, none := asking(ctx).sent.json(), ""
	if member(sent, "description") == nil {
		a.Description = &none
	}
	if member(sent, "category") == nil {
		a.Category = &none
	}
	if member(sent, "tags") == nil {
		a.Tags = nil
	}
	if member(sent, "external_id") == nil {
		a.ExternalID = nil
	}
	return a
}

// lowerTitle lower-cases the title with the category.
func lowerTitle(ctx context.Context, _, a reference.Asset) reference.Asset {
	category, _ := member(asking(ctx).sent.json(), "category").(string)
	if category != strings.ToLower(category) {
		a.Title = strings.ToLower(a.Title)
	}
	return a
}

// texts keeps what f makes of title and description.
func texts(f func(string) string) func(context.Context, reference.Asset, reference.Asset) reference.Asset {
	return func(_ context.Context, _, a reference.Asset) reference.Asset {
		a.Title = f(a.Title)
		if a.Description != nil {
			description := f(*a.Description)
			a.Description = &description
		}
		return a
	}
}

// undeletedAssets says that it deleted.
type undeletedAssets struct {
	reference.Store
	trash bool // what it did was to move the asset to the trash bin
}

func keepsDeletedAssets(s reference.Store, _ string) reference.Store {
	return undeletedAssets{s, false}
}
func trashesDeletedAssets(s reference.Store, _ string) reference.Store {
	return undeletedAssets{s, true}
}

func (u undeletedAssets) DeleteAsset(ctx context.Context, id string) error {
	a, err := u.Store.Asset(ctx, id)
	if err != nil || !u.trash {
		return err
	}
	at := time.Now()
	a.Deleted = &at
	_, err = u.Store.UpdateAsset(ctx, a)
	return err
}

// newestToo does to the newest asset what was meant for another. One scenario
// at a time sees it in its own assets.
type newestToo struct {
	reference.Store
	mu     *sync.Mutex
	newest *string
}

func rememberNewest(s reference.Store) newestToo { return newestToo{s, &sync.Mutex{}, new(string)} }

func (n newestToo) CreateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	a, err := n.Store.CreateAsset(ctx, a, events...)
	if err == nil {
		n.mu.Lock()
		defer n.mu.Unlock()
		*n.newest = a.ID
	}
	return a, err
}

func (n newestToo) id() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return *n.newest
}

type deleteNewest struct{ newestToo }

func deletesTheNewestToo(s reference.Store, _ string) reference.Store {
	return deleteNewest{rememberNewest(s)}
}

func (d deleteNewest) DeleteAsset(ctx context.Context, id string) error {
	if newest := d.id(); newest != id {
		_ = d.Store.DeleteAsset(ctx, newest) // it may be gone
	}
	return d.Store.DeleteAsset(ctx, id)
}

type updateNewest struct{ newestToo }

func updatesTheNewestToo(s reference.Store, _ string) reference.Store {
	return updateNewest{rememberNewest(s)}
}

func (u updateNewest) UpdateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	if newest, err := u.Store.Asset(ctx, u.id()); err == nil && newest.ID != a.ID && asks(ctx, "assets.update") {
		newest.Title, newest.Description, newest.Category, newest.Tags = a.Title, a.Description, a.Category, a.Tags
		if _, err := u.Store.UpdateAsset(ctx, newest); err != nil {
			return a, err
		}
	}
	return u.Store.UpdateAsset(ctx, a, events...)
}

// freeExternalIDs takes an external id that another asset has.
type freeExternalIDs struct {
	reference.Store
	at string
}

func allowsTakenExternalIDs(s reference.Store, at string) reference.Store {
	return freeExternalIDs{s, at}
}

func (f freeExternalIDs) CreateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	created, err := f.Store.CreateAsset(ctx, a, events...)
	if err != nil && asks(ctx, f.at) {
		a.ExternalID = nil
		created, err = f.Store.CreateAsset(ctx, a, events...)
	}
	return created, err
}
