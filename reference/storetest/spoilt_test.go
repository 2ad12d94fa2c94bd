package storetest

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pocketcheck/pocketcheck/reference"
)

// A type for each defect: a store of which a method is replaced. What some
// remember is locked, so that the defect alone is at fault.

type usersFirst struct{ reference.Store }

func (s usersFirst) Insert(ctx context.Context, rows reference.Seed) error {
	if err := s.Store.Insert(ctx, reference.Seed{Users: rows.Users}); err != nil {
		return err
	}
	return s.Store.Insert(ctx, rows)
}

type eventsAgain struct{ reference.Store }

func (s eventsAgain) Insert(ctx context.Context, rows reference.Seed) error {
	for _, e := range rows.Events {
		if a, err := s.Store.Asset(ctx, e.AssetID); err == nil {
			_, _ = s.Store.UpdateAsset(ctx, a, e)
		}
	}
	return s.Store.Insert(ctx, rows)
}

type trimsSeed struct{ reference.Store }

func (s trimsSeed) Insert(ctx context.Context, rows reference.Seed) error {
	rows.Projects = slices.Clone(rows.Projects)
	for i := range rows.Projects {
		rows.Projects[i].Title = strings.TrimSpace(rows.Projects[i].Title)
	}
	return s.Store.Insert(ctx, rows)
}

type oldKeys struct {
	reference.Store
	seen sync.Map
}

func (s *oldKeys) UserByKey(ctx context.Context, key reference.KeyHash) (reference.User, error) {
	if u, ok := s.seen.Load(key); ok {
		return u.(reference.User), nil
	}
	u, err := s.Store.UserByKey(ctx, key)
	if err == nil {
		s.seen.Store(key, u)
	}
	return u, err
}

type floats struct{ reference.Store }

func (s floats) Users(ctx context.Context, ids []int64) ([]reference.User, error) {
	users, err := s.Store.Users(ctx, ids)
	for i := range users {
		users[i].ID = int64(float64(users[i].ID))
	}
	return users, err
}

type deletesTwice struct{ reference.Store }

func (s deletesTwice) DeleteKey(ctx context.Context, key reference.KeyHash) error {
	_ = s.Store.DeleteKey(ctx, key)
	return nil
}

func (s deletesTwice) DeleteComment(ctx context.Context, assetID string, id int64, events ...reference.Event) error {
	_ = s.Store.DeleteComment(ctx, assetID, id, events...)
	return nil
}

type sparesGuests struct{ reference.Store }

func (s sparesGuests) DeleteGuests(ctx context.Context, at time.Time, stay int) error {
	return s.Store.DeleteGuests(ctx, at.Add(-time.Microsecond), stay)
}

type forgetsAsset struct{ reference.Store }

func (s forgetsAsset) Dismiss(ctx context.Context, rows reference.Seed, _ string) error {
	return s.Store.Dismiss(ctx, rows, "")
}

type tagsOnce struct{ reference.Store }

func (s tagsOnce) Asset(ctx context.Context, id string) (reference.Asset, error) {
	a, err := s.Store.Asset(ctx, id)
	slices.Sort(a.Tags)
	a.Tags = slices.Compact(a.Tags)
	return a, err
}

type anyCase struct{ reference.Store }

func (s anyCase) Asset(ctx context.Context, id string) (reference.Asset, error) {
	return s.Store.Asset(ctx, strings.ToLower(id))
}

func (s anyCase) UserByEmail(ctx context.Context, email string) (reference.User, error) {
	return s.Store.UserByEmail(ctx, strings.ToLower(email))
}

type ownRows struct {
	reference.Store
	rows sync.Map
}

func (s *ownRows) Asset(ctx context.Context, id string) (reference.Asset, error) {
	a, err := s.Store.Asset(ctx, id)
	if own, ok := s.rows.LoadOrStore(id, a); ok && own.(reference.Asset).Version == a.Version {
		return own.(reference.Asset), err
	}
	s.rows.Store(id, a)
	return a, err
}

type dropsTaken struct{ reference.Store }

func (s dropsTaken) CreateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	created, err := s.Store.CreateAsset(ctx, a, events...)
	if errors.Is(err, reference.ErrTaken) {
		a.ExternalID = nil
		return s.Store.CreateAsset(ctx, a, events...)
	}
	return created, err
}

type zeroInTitle struct{ reference.Store }

func (s zeroInTitle) CreateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	a.Title = strings.ReplaceAll(a.Title, "\x00", "")
	return s.Store.CreateAsset(ctx, a, events...)
}

func (s zeroInTitle) CreateMedia(ctx context.Context, a reference.Asset, m reference.Media, events ...reference.Event) (reference.Media, error) {
	a.Title = strings.ReplaceAll(a.Title, "\x00", "")
	return s.Store.CreateMedia(ctx, a, m, events...)
}

type cuts struct{ reference.Store }

func (s cuts) CreateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	if a.ExternalID != nil {
		a.ExternalID = new((*a.ExternalID)[:min(len(*a.ExternalID), 1<<15)])
	}
	a.Tags = a.Tags[:min(len(a.Tags), 1<<10)]
	return s.Store.CreateAsset(ctx, a, events...)
}

type lastWins struct{ reference.Store }

func (s lastWins) UpdateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	for {
		stored, err := s.Store.Asset(ctx, a.ID)
		if err != nil {
			return a, err
		}
		a.Version = stored.Version
		updated, err := s.Store.UpdateAsset(ctx, a, events...)
		if !errors.Is(err, reference.ErrConflict) {
			return updated, err
		}
	}
}

type merges struct{ reference.Store }

func (s merges) UpdateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	if stored, err := s.Store.Asset(ctx, a.ID); err == nil {
		a.ExternalID, a.Deleted = cmp.Or(a.ExternalID, stored.ExternalID), cmp.Or(a.Deleted, stored.Deleted)
	}
	return s.Store.UpdateAsset(ctx, a, events...)
}

type echoes struct{ reference.Store }

func (s echoes) UpdateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	updated, err := s.Store.UpdateAsset(ctx, a, events...)
	updated.Number = a.Number
	return updated, err
}

type tellsAnyway struct{ reference.Store }

func (s tellsAnyway) UpdateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	updated, err := s.Store.UpdateAsset(ctx, a, events...)
	if err != nil {
		if c, err := s.Store.CreateComment(ctx, reference.Comment{AssetID: a.ID}, events...); err == nil {
			_ = s.Store.DeleteComment(ctx, a.ID, c.ID)
		}
	}
	return updated, err
}

type leavesComments struct {
	reference.Store
	left sync.Map
}

func (s *leavesComments) DeleteAsset(ctx context.Context, id string) error {
	if comments, err := s.Store.Comments(ctx, id); err == nil && len(comments) > 0 {
		s.left.Store(id, comments)
	}
	return s.Store.DeleteAsset(ctx, id)
}

func (s *leavesComments) Comments(ctx context.Context, assetID string) ([]reference.Comment, error) {
	comments, err := s.Store.Comments(ctx, assetID)
	if left, ok := s.left.Load(assetID); ok {
		comments = append(slices.Clone(left.([]reference.Comment)), comments...)
	}
	return comments, err
}

type leavesEvents struct {
	reference.Store
	left sync.Map
}

func (s *leavesEvents) DeleteAsset(ctx context.Context, id string) error {
	if events, err := s.Store.Events(ctx, id, 0, 100); err == nil && len(events) > 0 {
		s.left.Store(id, events)
	}
	return s.Store.DeleteAsset(ctx, id)
}

func (s *leavesEvents) Events(ctx context.Context, assetID string, before int64, limit int) ([]reference.Event, error) {
	events, err := s.Store.Events(ctx, assetID, before, limit)
	if left, ok := s.left.Load(assetID); ok {
		if _, err := s.Store.Asset(ctx, assetID); err == nil {
			events = append(events, left.([]reference.Event)...)
		}
	}
	return events, err
}

type sparesLast struct{ reference.Store }

func (s sparesLast) DeleteTrashed(ctx context.Context, until time.Time, externalID *string) (int, error) {
	return s.Store.DeleteTrashed(ctx, until.Add(-time.Microsecond), externalID)
}

type counts struct{ reference.Store }

func (s counts) DeleteTrashed(ctx context.Context, until time.Time, externalID *string) (int, error) {
	n, err := s.Store.DeleteTrashed(ctx, until, externalID)
	return n + 1, err
}
