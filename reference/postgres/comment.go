package postgres

import (
	"context"
	"errors"
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
	c, err := one(ctx, s, scanComment, query, assetID, id)
	if err != nil {
		return reference.Comment{}, fmt.Errorf("find comment %d of asset %q: %w", id, assetID, err)
	}
	return c, nil
}

// locked keeps an asset from other writers until the statement is done, so that what
// belongs to it is numbered in the order in which it shows.
const locked = `asset AS (SELECT id FROM assets WHERE id = $1 FOR NO KEY UPDATE)`

// CreateComment stores a new one.
func (s *Store) CreateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	const statement = `
		WITH ` + locked + `, were AS (
			SELECT count(*) AS n, coalesce(sum(octet_length(message)), 0)::bigint AS bytes
			FROM (SELECT message FROM comments WHERE asset_id = $1 AND $7 LIMIT $5) counted
		), changed (id, number) AS (
			INSERT INTO comments (asset_id, author_id, message, updated_at)
			SELECT id, $8, $9, $10 FROM asset, were
			WHERE n < $5 AND (bytes + octet_length($9::bytea) <= $6 OR octet_length($9::bytea) = 0) RETURNING asset_id, id
		), ` + happened + `
		SELECT number, CASE WHEN $7 THEN n END, CASE WHEN $7 THEN bytes END FROM changed, were`
	c.UpdatedAt = utc(c.UpdatedAt)
	err := s.add(ctx, "comments", c.AssetID, &c.ID, len(c.Message), statement, events, c.AuthorID, []byte(c.Message), c.UpdatedAt)
	if err != nil {
		return reference.Comment{}, fmt.Errorf("create a comment of asset %q: %w", c.AssetID, err)
	}
	return c, nil
}

// add runs a statement that gives an asset one more of what is in a table, of so many bytes
// of text, if there is room. Its arguments from 5 on are how many there may be, of how many
// bytes, whether to count what there is, and those that are given.
func (s *Store) add(
	ctx context.Context, table, assetID string, id *int64, bytes int, statement string, events []reference.Event, args ...any,
) error {
	mustCount := s.room.each.mustCount(table, assetID, s.room.Capacity)
	args = append([]any{s.room.Each, s.room.Texts, mustCount}, args...)
	var were, had *int
	err := s.writeIn(ctx, mustCount, assetID, []any{id, &were, &had}, statement, happening(assetID, events, args...)...)
	if errors.Is(err, pgx.ErrNoRows) {
		return s.whyNot(ctx, assetID, nil)
	}
	if err == nil {
		s.room.each.added(table, assetID, bytes, were, had)
	}
	return found(err)
}

// UpdateComment replaces one.
func (s *Store) UpdateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	const statement = `
		WITH ` + locked + `, changed AS (
			UPDATE comments SET author_id = $6, message = $7, updated_at = $8 FROM asset
			WHERE asset_id = asset.id AND comments.id = $5 AND (octet_length($7::bytea) <= octet_length(message) OR
				(SELECT coalesce(sum(octet_length(message)), 0) FROM comments WHERE asset_id = $1 AND id <> $5) + octet_length($7::bytea) <= $9)
			RETURNING asset.id
		), ` + happened + `
		SELECT id FROM changed`
	c.UpdatedAt = utc(c.UpdatedAt)
	args := happening(c.AssetID, events, c.ID, c.AuthorID, []byte(c.Message), c.UpdatedAt, s.room.Texts)
	err := s.write(ctx, c.AssetID, []any{&c.AssetID}, statement, args...)
	if errors.Is(err, pgx.ErrNoRows) {
		if _, err = s.Comment(ctx, c.AssetID, c.ID); err == nil {
			err = reference.ErrFull
		}
	}
	if err != nil {
		return reference.Comment{}, fmt.Errorf("update comment %d of asset %q: %w", c.ID, c.AssetID, found(err))
	}
	s.room.each.grew("comments", c.AssetID, len(c.Message))
	return c, nil
}

// DeleteComment deletes one.
func (s *Store) DeleteComment(ctx context.Context, assetID string, id int64, events ...reference.Event) error {
	const statement = `
		WITH ` + locked + `, changed AS (
			DELETE FROM comments USING asset
			WHERE asset_id = asset.id AND comments.id = $5 RETURNING asset.id
		), ` + happened + `
		SELECT id FROM changed`
	if err := s.write(ctx, assetID, []any{&assetID}, statement, happening(assetID, events, id)...); err != nil {
		return fmt.Errorf("delete comment %d of asset %q: %w", id, assetID, found(err))
	}
	return nil
}
