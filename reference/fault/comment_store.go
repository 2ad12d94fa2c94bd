package fault

import (
	"context"
	"slices"
	"sync"

	"github.com/pocketcheck/pocketcheck/reference"
)

// everyones takes each comment for the caller's own. Who wrote it stays noted.
type everyones struct {
	reference.Store
	at     string
	guests bool // for those of callers without a key alone
}

func everyonesComments(s reference.Store, at string) reference.Store { return everyones{s, at, false} }
func guestsComments(s reference.Store, at string) reference.Store    { return everyones{s, at, true} }

func (e everyones) Comment(ctx context.Context, assetID string, id int64) (reference.Comment, error) {
	c, err := e.Store.Comment(ctx, assetID, id)
	a := asking(ctx)
	if err == nil && a.operation == e.at && (!e.guests || a.caller.ID == guest.ID) {
		a.foreign, a.author = c.AuthorID != a.caller.ID, c.AuthorID
		c.AuthorID = a.caller.ID
	}
	return c, err
}

func (e everyones) UpdateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	if a := asking(ctx); a.operation == e.at && a.foreign {
		c.AuthorID = a.author
	}
	return e.Store.UpdateComment(ctx, c, events...)
}

// lossyComments keeps, and answers, something else than it was given.
type lossyComments struct {
	reference.Store
	create, update func(string) string
}

func keepsComments(f func(string) string) func(reference.Store, string) reference.Store {
	return func(s reference.Store, _ string) reference.Store { return lossyComments{s, f, same} }
}

func keepsUpdates(f func(string) string) func(reference.Store, string) reference.Store {
	return func(s reference.Store, _ string) reference.Store { return lossyComments{s, same, f} }
}

func (l lossyComments) CreateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	c.Message = l.create(c.Message)
	return l.Store.CreateComment(ctx, c, events...)
}

func (l lossyComments) UpdateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	c.Message = l.update(c.Message)
	return l.Store.UpdateComment(ctx, c, events...)
}

func forgetsNewComments(s reference.Store, _ string) reference.Store { return newComments{s} }
func keepsOldComments(s reference.Store, _ string) reference.Store   { return oldComments{s} }
func keepsDeletedComments(s reference.Store, _ string) reference.Store {
	return undeletedComments{s}
}

// newComments is what says that it keeps comments.
type newComments struct{ reference.Store }

func (n newComments) CreateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	c, err := n.Store.CreateComment(ctx, c, events...)
	if err == nil && asks(ctx, "comments.create") {
		err = n.Store.DeleteComment(ctx, c.AssetID, c.ID)
	}
	return c, err
}

// oldComments is what says that it updates them.
type oldComments struct{ reference.Store }

func (oldComments) UpdateComment(_ context.Context, c reference.Comment, _ ...reference.Event) (reference.Comment, error) {
	return c, nil
}

// undeletedComments is what says that it deletes them.
type undeletedComments struct{ reference.Store }

func (undeletedComments) DeleteComment(context.Context, string, int64, ...reference.Event) error {
	return nil
}

// listedComments lists what was deleted on.
type listedComments struct {
	reference.Store
	mu      *sync.Mutex
	deleted map[string][]reference.Comment // by asset
}

func listsDeletedComments(s reference.Store, _ string) reference.Store {
	return listedComments{s, &sync.Mutex{}, map[string][]reference.Comment{}}
}

func (l listedComments) DeleteComment(ctx context.Context, assetID string, id int64, events ...reference.Event) error {
	c, err := l.Store.Comment(ctx, assetID, id)
	if err != nil {
		return err
	}
	l.mu.Lock()
	makeRoom(l.deleted, mostRows)
	l.deleted[assetID] = append(l.deleted[assetID], c)
	l.mu.Unlock()
	return l.Store.DeleteComment(ctx, assetID, id, events...)
}

func (l listedComments) Comments(ctx context.Context, assetID string) ([]reference.Comment, error) {
	all, err := l.Store.Comments(ctx, assetID)
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Concat(all, l.deleted[assetID]), err
}

// greedyComments forgets the comment's id in what it updates or deletes.
type greedyComments struct {
	reference.Store
	at string
}

func allComments(s reference.Store, at string) reference.Store { return greedyComments{s, at} }

func (g greedyComments) UpdateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	if g.at == "comments.update" {
		all, err := g.Store.Comments(ctx, c.AssetID)
		if err != nil {
			return c, err
		}
		for _, other := range all {
			other.Message = c.Message
			if _, err := g.Store.UpdateComment(ctx, other); err != nil {
				return c, err
			}
		}
	}
	return g.Store.UpdateComment(ctx, c, events...)
}

func (g greedyComments) DeleteComment(ctx context.Context, assetID string, id int64, events ...reference.Event) error {
	if g.at == "comments.delete" {
		all, err := g.Store.Comments(ctx, assetID)
		if err != nil {
			return err
		}
		for _, other := range all {
			if other.ID == id {
				continue
			}
			if err := g.Store.DeleteComment(ctx, assetID, other.ID); err != nil {
				return err
			}
		}
	}
	return g.Store.DeleteComment(ctx, assetID, id, events...)
}

// staleLists lists each comment as it was before its first update.
type staleLists struct {
	reference.Store
	mu     *sync.Mutex
	before map[int64]string
}

func listsOldMessages(s reference.Store, _ string) reference.Store {
	return staleLists{s, &sync.Mutex{}, map[int64]string{}}
}

func (l staleLists) UpdateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	old, err := l.Store.Comment(ctx, c.AssetID, c.ID)
	if err != nil {
		return c, err
	}
	l.mu.Lock()
	if _, known := l.before[c.ID]; !known {
		makeRoom(l.before, mostRows)
		l.before[c.ID] = old.Message
	}
	l.mu.Unlock()
	return l.Store.UpdateComment(ctx, c, events...)
}

func (l staleLists) Comments(ctx context.Context, assetID string) ([]reference.Comment, error) {
	all, err := l.Store.Comments(ctx, assetID)
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, c := range all {
		if old, updated := l.before[c.ID]; updated {
			all[i].Message = old
		}
	}
	return all, err
}

// ownersComments keeps each comment as one of who made the asset.
type ownersComments struct {
	reference.Store
	owners rows[string, int64]
}

func keepsCommentsAsTheOwners(s reference.Store, _ string) reference.Store {
	return ownersComments{s, newRows[string, int64]()}
}

func (o ownersComments) CreateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	a, err := o.Store.CreateAsset(ctx, a, events...)
	_, _ = o.owners.first(a.ID, func() (int64, error) { return asking(ctx).caller.ID, err })
	return a, err
}

func (o ownersComments) CreateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	if asks(ctx, "comments.create") {
		c.AuthorID, _ = o.owners.first(c.AssetID, func() (int64, error) { return c.AuthorID, nil })
	}
	return o.Store.CreateComment(ctx, c, events...)
}
