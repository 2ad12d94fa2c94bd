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
	// Who changes the media files changes the version, so that none are added between
	// the count and the file.
	const statement = `
		WITH changed AS (` + replacing + `
			AND (SELECT count(*) < $11 AND coalesce(sum(octet_length(filename) + coalesce(octet_length(file_url), 0)), 0)
					+ octet_length($13::bytea) + coalesce(octet_length($15::bytea), 0) <= $12
				FROM (SELECT filename, file_url FROM media WHERE asset_id = $1 LIMIT $11) counted)
			RETURNING id, number, version
		), added AS (
			INSERT INTO media (asset_id, filename, media_type, file_url, created_date)
			SELECT id, $13, $14, $15, $16 FROM changed RETURNING id AS media_id
		), ` + happened + `, ` + pended + `
		SELECT number, version, media_id FROM changed, added`
	m.CreatedDate, m.UserID = utc(m.CreatedDate), 0 // who added it is not kept
	var url []byte
	if m.FileURL != nil {
		url = []byte(*m.FileURL)
	}
	err := s.replace(ctx, &a, events, []any{&m.ID}, statement, s.room.Each, s.room.Texts, []byte(m.Filename), m.MediaType, url, m.CreatedDate)
	if err != nil {
		return reference.Media{}, fmt.Errorf("create a media file of asset %q: %w", a.ID, err)
	}
	return m, nil
}

// DeleteMedia deletes all of the asset's and stores the asset.
func (s *Store) DeleteMedia(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	const statement = `
		WITH changed AS (` + replacing + ` RETURNING id, number, version),
		deleted AS (DELETE FROM media USING changed WHERE asset_id = changed.id), ` + happened + `, ` + pended + `
		SELECT number, version FROM changed`
	if err := s.replace(ctx, &a, events, nil, statement); err != nil {
		return reference.Asset{}, fmt.Errorf("delete the media files of asset %q: %w", a.ID, err)
	}
	return a, nil
}
