// Package sample makes rows to build a client against: assets with media files,
// comments by several users, collections, projects, runs and a history, some of them in
// the trash bin, with titles in several scripts. The same options make the same rows.
package sample

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	random "math/rand/v2"
	"sync"
	"time"

	"github.com/pocketcheck/pocketcheck/reference"
)

// Options are what a sample is made of.
type Options struct {
	Assets int              // how many; one at least
	Seed   uint64           // another makes other rows
	Now    time.Time        // all dates are before it, and as far from it as in any sample of this seed
	Users  []reference.User // who own, write and start things beside the sample's own users
	// AtOnce is how many assets are filled at once, 1 at least. With more, a store gives
	// its own ids, those of comments and the like, in another order each time.
	AtOnce int
}

// Assets is how many assets a sample has, by the name of its size.
var Assets = map[string]int{"small": 40, "large": 2000}

// Sample is rows that are not in a store yet; make it with [New].
type Sample struct {
	rows    reference.Seed // Users[0] goes in last, and tells that all is in
	happens map[string][]happening
	atOnce  int
}

// happening is what somebody does with an asset; one of what follows is set, or it is an update.
type happening struct {
	at      time.Time
	by      reference.User
	trashes bool
	comment string
	media   *reference.Media
	action  int64
}

// New makes a sample.
func New(o Options) Sample {
	return newMaker(o).sample()
}

// AssetID is the id of an asset of the sample that is not in the trash bin.
func (s Sample) AssetID() string { return s.rows.Assets[0].ID }

// ErrUnfinished tells that a store has part of a sample.
var ErrUnfinished = errors.New("the store has part of a sample: another process is making it, or was interrupted; wait, or begin with an empty store")

// Plant stores the sample, unless the store has got one before, of whatever size: what
// was deleted since must not come back. It tells whether it did.
func (s Sample) Plant(ctx context.Context, store reference.Store) (isNew bool, err error) {
	has, err := s.isIn(ctx, store)
	if err == nil && !has {
		isNew, err = s.plantOnce(ctx, store)
	}
	if err != nil {
		return false, fmt.Errorf("plant a sample: %w", err)
	}
	return isNew, nil
}

func (s Sample) isIn(ctx context.Context, store reference.Store) (bool, error) {
	own := s.rows.Users[0]
	there, err := store.Users(ctx, []int64{own.ID})
	if err == nil && len(there) > 0 && there[0].Email != own.Email {
		err = fmt.Errorf("user %d is another's: %w", own.ID, reference.ErrTaken)
	}
	return len(there) > 0, err
}

// plantOnce claims the store meanwhile, by an external id that one asset can have.
func (s Sample) plantOnce(ctx context.Context, store reference.Store) (isNew bool, err error) {
	claim := reference.Asset{
		ID: "sample-" + rand.Text(), ExternalID: new("sample-in-the-making"), Owner: s.rows.Users[0].Email,
		Title: "A sample is in the making", MediaType: "placeholder",
		CreatedDate: s.rows.Events[0].CreatedAt, ModificationDate: s.rows.Events[0].CreatedAt,
	}
	switch _, err := store.CreateAsset(ctx, claim); {
	case errors.Is(err, reference.ErrTaken):
		return false, ErrUnfinished
	case err != nil:
		return false, err
	}
	if has, err := s.isIn(ctx, store); err != nil || has {
		return false, errors.Join(err, store.DeleteAsset(ctx, claim.ID)) // another was faster
	}
	if err := s.plant(ctx, store); err != nil {
		return false, err
	}
	return true, store.DeleteAsset(ctx, claim.ID)
}

func (s Sample) plant(ctx context.Context, store reference.Store) error {
	rows := s.rows
	rows.Users = s.rows.Users[1:]
	if err := store.Insert(ctx, rows); err != nil {
		return err
	}
	if err := s.fill(ctx, store); err != nil {
		return err
	}
	return store.Insert(ctx, reference.Seed{Users: s.rows.Users[:1]})
}

// fill lets happen what happens, to several assets at once.
func (s Sample) fill(ctx context.Context, store reference.Store) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan string)
	var filling sync.WaitGroup
	for range max(1, s.atOnce) {
		filling.Go(func() {
			for id := range next {
				for _, h := range s.happens[id] {
					if err := h.happen(ctx, store, id); err != nil {
						cancel(err)
						break
					}
				}
			}
		})
	}
	for _, a := range s.rows.Assets {
		if ctx.Err() != nil {
			break
		}
		next <- a.ID
	}
	close(next)
	filling.Wait()
	return context.Cause(ctx)
}

// happen does with an asset what happens.
func (h happening) happen(ctx context.Context, store reference.Store, assetID string) error {
	event := func(kind string) reference.Event {
		return reference.Event{AssetID: assetID, UserID: h.by.ID, Type: kind, CreatedAt: h.at}
	}
	if h.comment != "" {
		c := reference.Comment{AssetID: assetID, AuthorID: h.by.ID, Message: h.comment, UpdatedAt: h.at}
		_, err := store.CreateComment(ctx, c, event("COMMENT_ADDED"))
		return err
	}
	if h.action != 0 {
		run := reference.DagActionRun{AssetID: assetID, DagActionID: h.action, CreatedAt: h.at, UserID: h.by.ID}
		_, err := store.CreateDagActionRun(ctx, run, event("DAG_ACTION_STARTED"))
		return err
	}
	a, err := store.Asset(ctx, assetID)
	if err != nil {
		return err
	}
	a.ModificationDate = h.at
	switch {
	case h.media != nil:
		m := *h.media
		m.AssetID, m.CreatedDate, m.UserID = assetID, h.at, h.by.ID
		a.OriginalFilename = &m.Filename
		_, err = store.CreateMedia(ctx, a, m, event("MEDIA_ADDED"))
	case h.trashes:
		a.Deleted = &h.at
		_, err = store.UpdateAsset(ctx, a, event("ASSET_TRASHED"))
	default:
		_, err = store.UpdateAsset(ctx, a, event("ASSET_UPDATED"))
	}
	return err
}

// maker makes one sample.
type maker struct {
	Options
	random *random.Rand
	users  []reference.User // all who do something
	rows   reference.Seed
}

func newMaker(o Options) *maker {
	o.Now = o.Now.UTC().Truncate(time.Millisecond)
	return &maker{Options: o, random: random.New(random.NewPCG(o.Seed, uint64(o.Assets)))} // #nosec G404 G115 -- it must be the same each time, and no number of assets is below 0
}
