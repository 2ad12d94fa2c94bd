package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/pocketcheck/pocketcheck/reference"
)

// scanComment reads id, asset_id, author_id, message, updated_at.
func scanComment(row pgx.CollectableRow) (reference.Comment, error) {
	var c reference.Comment
	var message []byte
	err := row.Scan(&c.ID, &c.AssetID, &c.AuthorID, &message, &c.UpdatedAt)
	c.Message = string(message)
	return c, err
}

// Comments returns the asset's.
func (s *Store) Comments(ctx context.Context, assetID string) ([]reference.Comment, error) {
	const query = `
		SELECT id, asset_id, author_id, message, updated_at FROM comments
		WHERE asset_id = $1 ORDER BY id`
	comments, err := list(ctx, s, scanComment, query, assetID)
	if err != nil {
		return nil, fmt.Errorf("list the comments of asset %q: %w", assetID, err)
	}
	return comments, nil
}

// Comment returns one of the asset's.
func (s *Store) Comment(ctx context.Context, assetID string, id int64) (reference.Comment, error) {
	const query = `
		SELECT id, asset_id, author_id, message, updated_at FROM comments
		WHERE asset_id = $1 AND id = $2`
	rows, _ := s.pool.Query(ctx, query, assetID, id) // the collector returns the error
	c, err := pgx.CollectExactlyOneRow(rows, scanComment)
	if err != nil {
		return reference.Comment{}, fmt.Errorf("find comment %d of asset %q: %w", id, assetID, found(err))
	}
	return c, nil
}

// CreateComment stores a new one.
func (s *Store) CreateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	c.UpdatedAt = utc(c.UpdatedAt)
	err := s.commit(ctx, func(tx pgx.Tx) ([]reference.Document, error) {
		if _, err := lockAsset(ctx, tx, c.AssetID); err != nil {
			return nil, err
		}
		if err := s.roomOf(ctx, tx, "comments", c.AssetID); err != nil {
			return nil, err
		}
		const query = `INSERT INTO comments (asset_id, author_id, message, updated_at) VALUES ($1, $2, $3, $4) RETURNING id`
		err := tx.QueryRow(ctx, query, c.AssetID, c.AuthorID, []byte(c.Message), c.UpdatedAt).Scan(&c.ID)
		if err != nil {
			return nil, err
		}
		return nil, happened(ctx, tx, events)
	})
	if err != nil {
		return reference.Comment{}, fmt.Errorf("create a comment of asset %q: %w", c.AssetID, err)
	}
	return c, nil
}

// UpdateComment replaces one.
func (s *Store) UpdateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	c.UpdatedAt = utc(c.UpdatedAt)
	const query = `UPDATE comments SET author_id = $3, message = $4, updated_at = $5 WHERE asset_id = $1 AND id = $2`
	err := s.changeComment(ctx, c.AssetID, events, query, c.AssetID, c.ID, c.AuthorID, []byte(c.Message), c.UpdatedAt)
	if err != nil {
		return reference.Comment{}, fmt.Errorf("update comment %d of asset %q: %w", c.ID, c.AssetID, err)
	}
	return c, nil
}

// DeleteComment deletes one.
func (s *Store) DeleteComment(ctx context.Context, assetID string, id int64, events ...reference.Event) error {
	const query = `DELETE FROM comments WHERE asset_id = $1 AND id = $2`
	if err := s.changeComment(ctx, assetID, events, query, assetID, id); err != nil {
		return fmt.Errorf("delete comment %d of asset %q: %w", id, assetID, err)
	}
	return nil
}

// changeComment runs a statement that changes one comment of an asset, and
// stores what happened.
func (s *Store) changeComment(ctx context.Context, assetID string, events []reference.Event, query string, args ...any) error {
	return s.commit(ctx, func(tx pgx.Tx) ([]reference.Document, error) {
		if _, err := lockAsset(ctx, tx, assetID); err != nil {
			return nil, err
		}
		done, err := tx.Exec(ctx, query, args...)
		if err == nil && done.RowsAffected() == 0 {
			err = reference.ErrNotFound
		}
		if err != nil {
			return nil, err
		}
		return nil, happened(ctx, tx, events)
	})
}
