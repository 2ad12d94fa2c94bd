package memory

import (
	"context"
	"fmt"
	"slices"

	"github.com/pocketcheck/pocketcheck/reference"
)

// Comments returns the asset's.
func (s *Store) Comments(_ context.Context, assetID string) ([]reference.Comment, error) {
	return rows(s, assetID, func(a *asset) []reference.Comment { return a.comments }), nil
}

// Comment returns one of the asset's.
func (s *Store) Comment(_ context.Context, assetID string, id int64) (reference.Comment, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a, ok := s.assets[assetID]; ok {
		if i := a.comment(id); i >= 0 {
			return a.comments[i], nil
		}
	}
	return reference.Comment{}, fmt.Errorf("find comment %d of asset %q: %w", id, assetID, reference.ErrNotFound)
}

// CreateComment stores a new one.
func (s *Store) CreateComment(_ context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	err := s.write(c.AssetID, events, func(a *asset) error {
		if err := s.fit(a, a.commentTexts, len(c.Message)); err != nil {
			return err
		}
		if err := s.takeOne(a, len(a.comments), len(c.Message)); err != nil {
			return err
		}
		c.ID, c.UpdatedAt = s.number(), kept(c.UpdatedAt)
		a.comments = append(a.comments, c)
		a.commentTexts += len(c.Message)
		return nil
	})
	if err != nil {
		return reference.Comment{}, fmt.Errorf("create a comment of asset %q: %w", c.AssetID, err)
	}
	return c, nil
}

// UpdateComment replaces one.
func (s *Store) UpdateComment(_ context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	err := s.write(c.AssetID, events, func(a *asset) error {
		i := a.comment(c.ID)
		if i < 0 {
			return reference.ErrNotFound
		}
		more := len(c.Message) - len(a.comments[i].Message)
		if err := s.fit(a, a.commentTexts, more); err != nil {
			return err
		}
		if err := s.take(a, more); err != nil {
			return err
		}
		c.UpdatedAt = kept(c.UpdatedAt)
		a.comments[i] = c
		a.commentTexts += more
		return nil
	})
	if err != nil {
		return reference.Comment{}, fmt.Errorf("update comment %d of asset %q: %w", c.ID, c.AssetID, err)
	}
	return c, nil
}

// DeleteComment deletes one.
func (s *Store) DeleteComment(_ context.Context, assetID string, id int64, events ...reference.Event) error {
	err := s.write(assetID, events, func(a *asset) error {
		i := a.comment(id)
		if i < 0 {
			return reference.ErrNotFound
		}
		n := len(a.comments[i].Message)
		_ = s.take(a, -childTakes-n) // for less there is room
		a.commentTexts -= n
		a.comments = slices.Delete(a.comments, i, i+1)
		return nil
	})
	if err != nil {
		return fmt.Errorf("delete comment %d of asset %q: %w", id, assetID, err)
	}
	return nil
}

// comment is where the comment is, or -1.
func (a *asset) comment(id int64) int {
	return slices.IndexFunc(a.comments, func(c reference.Comment) bool { return c.ID == id })
}

// Media returns the asset's.
func (s *Store) Media(_ context.Context, assetID string) ([]reference.Media, error) {
	return rows(s, assetID, func(a *asset) []reference.Media { return a.media }), nil
}

// CreateMedia stores a new one and its asset.
func (s *Store) CreateMedia(_ context.Context, a reference.Asset, m reference.Media, events ...reference.Event) (reference.Media, error) {
	err := s.write(a.ID, events, func(stored *asset) error {
		// The asset is stored last, since a write that fails changes nothing.
		if err := s.fit(stored, stored.mediaTexts, textOfMedia(m)); err != nil {
			return err
		}
		if err := s.takeOne(stored, len(stored.media), sizeOfMedia(m)); err != nil {
			return err
		}
		if err := s.replace(stored, &a); err != nil {
			_ = s.take(stored, -childTakes-sizeOfMedia(m)) // for less there is room
			return err
		}
		m.ID, m.CreatedDate = s.number(), kept(m.CreatedDate)
		stored.media = append(stored.media, m)
		stored.mediaTexts += textOfMedia(m)
		return nil
	})
	if err != nil {
		return reference.Media{}, fmt.Errorf("create a media file of asset %q: %w", a.ID, err)
	}
	return m, nil
}

// DeleteMedia deletes all of the asset's and stores the asset.
func (s *Store) DeleteMedia(_ context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	err := s.write(a.ID, events, func(stored *asset) error {
		if err := s.replace(stored, &a); err != nil {
			return err
		}
		for _, m := range stored.media {
			_ = s.take(stored, -childTakes-sizeOfMedia(m)) // for less there is room
		}
		stored.media, stored.mediaTexts = nil, 0
		return nil
	})
	if err != nil {
		return reference.Asset{}, fmt.Errorf("delete the media files of asset %q: %w", a.ID, err)
	}
	return a, nil
}

// DagActionRuns returns the asset's.
func (s *Store) DagActionRuns(_ context.Context, assetID string) ([]reference.DagActionRun, error) {
	return rows(s, assetID, func(a *asset) []reference.DagActionRun { return a.runs }), nil
}

// CreateDagActionRun stores a new one.
func (s *Store) CreateDagActionRun(_ context.Context, run reference.DagActionRun, events ...reference.Event) (reference.DagActionRun, error) {
	err := s.write(run.AssetID, events, func(a *asset) error {
		if err := s.takeOne(a, len(a.runs), 0); err != nil {
			return err
		}
		run.ID, run.CreatedAt = s.number(), kept(run.CreatedAt)
		a.runs = append(a.runs, run)
		return nil
	})
	if err != nil {
		return reference.DagActionRun{}, fmt.Errorf("create a DAG action run of asset %q: %w", run.AssetID, err)
	}
	return run, nil
}
