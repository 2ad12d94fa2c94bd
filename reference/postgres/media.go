package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/pocketcheck/pocketcheck/reference"
)

// scanMedia reads id, asset_id, filename, media_type, file_url, created_date.
func scanMedia(row pgx.CollectableRow) (reference.Media, error) {
	var m reference.Media
	var filename, url []byte
	err := row.Scan(&m.ID, &m.AssetID, &filename, &m.MediaType, &url, &m.CreatedDate)
	m.Filename = string(filename)
	if url != nil {
		m.FileURL = new(string(url))
	}
	return m, err
}

// Media returns the asset's.
func (s *Store) Media(ctx context.Context, assetID string) ([]reference.Media, error) {
	const query = `
		SELECT id, asset_id, filename, media_type, file_url, created_date FROM media
		WHERE asset_id = $1 ORDER BY id`
	media, err := list(ctx, s, scanMedia, query, assetID)
	if err != nil {
		return nil, fmt.Errorf("list the media files of asset %q: %w", assetID, err)
	}
	return media, nil
}

// CreateMedia stores a new one and its asset.
func (s *Store) CreateMedia(ctx context.Context, a reference.Asset, m reference.Media, events ...reference.Event) (reference.Media, error) {
	a, m.CreatedDate, m.UserID = dated(a), utc(m.CreatedDate), 0 // who added it is not kept
	var url []byte
	if m.FileURL != nil {
		url = []byte(*m.FileURL)
	}
	err := s.commit(ctx, func(tx pgx.Tx) ([]reference.Document, error) {
		if err := replace(ctx, tx, &a); err != nil {
			return nil, err
		}
		if err := s.roomOf(ctx, tx, "media", a.ID); err != nil {
			return nil, err
		}
		const query = `
			INSERT INTO media (asset_id, filename, media_type, file_url, created_date) VALUES ($1, $2, $3, $4, $5)
			RETURNING id`
		err := tx.QueryRow(ctx, query, a.ID, []byte(m.Filename), m.MediaType, url, m.CreatedDate).Scan(&m.ID)
		if err != nil {
			return nil, err
		}
		return s.changed(ctx, tx, a, events)
	})
	if err != nil {
		return reference.Media{}, fmt.Errorf("create a media file of asset %q: %w", a.ID, err)
	}
	return m, nil
}

// DeleteMedia deletes all of the asset's and stores the asset.
func (s *Store) DeleteMedia(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	a = dated(a)
	err := s.commit(ctx, func(tx pgx.Tx) ([]reference.Document, error) {
		if err := replace(ctx, tx, &a); err != nil {
			return nil, err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM media WHERE asset_id = $1`, a.ID); err != nil {
			return nil, err
		}
		return s.changed(ctx, tx, a, events)
	})
	if err != nil {
		return reference.Asset{}, fmt.Errorf("delete the media files of asset %q: %w", a.ID, err)
	}
	return a, nil
}
