package storetest

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pocketcheck/pocketcheck/reference"
)

// More of the types in spoilt_test.go, for what belongs to an asset.

type limited struct{ reference.Store }

func (s limited) Comments(ctx context.Context, assetID string) ([]reference.Comment, error) {
	comments, err := s.Store.Comments(ctx, assetID)
	return comments[:min(len(comments), 1000)], err
}

type byTime struct{ reference.Store }

func (s byTime) Comments(ctx context.Context, assetID string) ([]reference.Comment, error) {
	comments, err := s.Store.Comments(ctx, assetID)
	slices.SortStableFunc(comments, func(a, b reference.Comment) int { return a.UpdatedAt.Compare(b.UpdatedAt) })
	return comments, err
}

type anyAssets struct {
	reference.Store
	comments sync.Map
}

func (s *anyAssets) CreateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	c, err := s.Store.CreateComment(ctx, c, events...)
	s.comments.Store(c.ID, c.AssetID)
	return c, err
}

func (s *anyAssets) Comment(ctx context.Context, assetID string, id int64) (reference.Comment, error) {
	if of, ok := s.comments.Load(id); ok {
		assetID = of.(string)
	}
	return s.Store.Comment(ctx, assetID, id)
}

type milliseconds struct{ reference.Store }

func (s milliseconds) CreateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	c.UpdatedAt = c.UpdatedAt.Truncate(time.Millisecond)
	return s.Store.CreateComment(ctx, c, events...)
}

type zeroInComment struct{ reference.Store }

func (s zeroInComment) CreateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	c.Message = strings.ReplaceAll(c.Message, "\x00", "")
	return s.Store.CreateComment(ctx, c, events...)
}

// unsafe loses a comment that is created while another is.
type unsafe struct {
	reference.Store
	mu sync.Mutex
}

func (s *unsafe) CreateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	if !s.mu.TryLock() {
		return c, nil
	}
	defer s.mu.Unlock()
	for range 100 {
		runtime.Gosched()
	}
	return s.Store.CreateComment(ctx, c, events...)
}

type revives struct{ reference.Store }

func (s revives) CreateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	created, err := s.Store.CreateComment(ctx, c, events...)
	if errors.Is(err, reference.ErrNotFound) {
		if _, err := s.Store.CreateAsset(ctx, reference.Asset{ID: c.AssetID}); err == nil {
			return s.Store.CreateComment(ctx, c, events...)
		}
	}
	return created, err
}

type halves struct{ reference.Store }

func (s halves) CreateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	if ctx.Err() != nil {
		_, _ = s.Store.CreateComment(ctx, c)
		return c, ctx.Err()
	}
	return s.Store.CreateComment(ctx, c, events...)
}

type keepsAuthor struct{ reference.Store }

func (s keepsAuthor) UpdateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	if stored, err := s.Store.Comment(ctx, c.AssetID, c.ID); err == nil {
		c.AuthorID = stored.AuthorID
	}
	return s.Store.UpdateComment(ctx, c, events...)
}

type byName struct{ reference.Store }

func (s byName) Media(ctx context.Context, assetID string) ([]reference.Media, error) {
	media, err := s.Store.Media(ctx, assetID)
	slices.SortStableFunc(media, func(a, b reference.Media) int { return cmp.Compare(a.Filename, b.Filename) })
	return media, err
}

type leavesAsset struct{ reference.Store }

func (s leavesAsset) CreateMedia(ctx context.Context, a reference.Asset, m reference.Media, events ...reference.Event) (reference.Media, error) {
	if stored, err := s.Store.Asset(ctx, a.ID); err == nil {
		a = stored
	}
	return s.Store.CreateMedia(ctx, a, m, events...)
}

type leavesMedia struct{ reference.Store }

func (s leavesMedia) DeleteMedia(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	return s.Store.UpdateAsset(ctx, a, events...)
}

type byID struct{ reference.Store }

func (s byID) DagActions(ctx context.Context) ([]reference.DagAction, error) {
	actions, err := s.Store.DagActions(ctx)
	slices.SortFunc(actions, func(a, b reference.DagAction) int { return cmp.Compare(a.ID, b.ID) })
	return actions, err
}

type newestFirst struct{ reference.Store }

func (s newestFirst) DagActionRuns(ctx context.Context, assetID string) ([]reference.DagActionRun, error) {
	runs, err := s.Store.DagActionRuns(ctx, assetID)
	slices.Reverse(runs)
	return runs, err
}

type oddIDs struct{ reference.Store }

func (s oddIDs) Project(ctx context.Context, id string) (reference.Project, error) {
	if strings.Contains(id, "\x00") {
		return reference.Project{}, errors.New("invalid byte sequence for encoding \"UTF8\": 0x00")
	}
	return s.Store.Project(ctx, id)
}

type withAssetIDs struct{ reference.Store }

func (s withAssetIDs) Collections(ctx context.Context, assetID string) ([]reference.Collection, error) {
	collections, err := s.Store.Collections(ctx, assetID)
	for i := range collections {
		collections[i].AssetIDs = []string{assetID}
	}
	return collections, err
}

type overlaps struct{ reference.Store }

func (s overlaps) Events(ctx context.Context, assetID string, before int64, limit int) ([]reference.Event, error) {
	if before > 0 {
		before = max(before, before+1) // not above the highest
	}
	return s.Store.Events(ctx, assetID, before, limit)
}
