package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/pocketcheck/pocketcheck/reference"
)

// UserByKey returns the user who has the key.
func (s *Store) UserByKey(ctx context.Context, key reference.KeyHash) (reference.User, error) {
	const query = `
		SELECT u.id, u.email, u.first_name, u.last_name, u.avatar_url, u.permissions, u.until
		FROM users u JOIN api_keys k ON k.user_id = u.id WHERE k.hash = $1`
	rows, _ := s.pool.Query(ctx, query, key[:]) // the collector returns the error
	u, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[reference.User])
	if err != nil {
		return reference.User{}, fmt.Errorf("find the user of a key: %w", found(err))
	}
	return u, nil
}

// UserByEmail returns the user who has the address.
func (s *Store) UserByEmail(ctx context.Context, email string) (reference.User, error) {
	const query = `
		SELECT id, email, first_name, last_name, avatar_url, permissions, until
		FROM users WHERE email = $1 ORDER BY id LIMIT 1`
	rows, _ := s.pool.Query(ctx, query, email) // the collector returns the error
	u, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[reference.User])
	if err != nil {
		return reference.User{}, fmt.Errorf("find the user of an address: %w", found(err))
	}
	return u, nil
}

// Users returns those of the ids that there are.
func (s *Store) Users(ctx context.Context, ids []int64) ([]reference.User, error) {
	const query = `
		SELECT id, email, first_name, last_name, avatar_url, permissions, until
		FROM users WHERE id = ANY($1)`
	users, err := list(ctx, s, pgx.RowToStructByPos[reference.User], query, ids)
	if err != nil {
		return nil, fmt.Errorf("find users: %w", err)
	}
	return users, nil
}

// DeleteKey deletes the key.
func (s *Store) DeleteKey(ctx context.Context, key reference.KeyHash) error {
	done, err := s.pool.Exec(ctx, `DELETE FROM api_keys WHERE hash = $1`, key[:])
	if err == nil && done.RowsAffected() == 0 {
		err = reference.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("delete a key: %w", err)
	}
	return nil
}

// DeleteUsers deletes those whose time is over, and those that are too many.
func (s *Store) DeleteUsers(ctx context.Context, at time.Time, stay int) error {
	const query = `
		WITH due AS (
			SELECT id FROM users WHERE until <= $1
			UNION (SELECT id FROM users WHERE until > $1 ORDER BY until DESC, id OFFSET $2)
		), gone AS (SELECT u.id FROM users u JOIN due ON due.id = u.id ORDER BY u.id FOR UPDATE OF u)
		DELETE FROM users USING gone WHERE users.id = gone.id`
	if _, err := s.pool.Exec(ctx, query, at, stay); err != nil {
		return fmt.Errorf("delete users: %w", err)
	}
	return nil
}

// Project returns one.
func (s *Store) Project(ctx context.Context, id string) (reference.Project, error) {
	rows, _ := s.pool.Query(ctx, `SELECT id, title FROM projects WHERE id = $1`, id) // the collector returns the error
	p, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[reference.Project])
	if err != nil {
		return reference.Project{}, fmt.Errorf("find project %q: %w", id, found(err))
	}
	return p, nil
}

// Collections returns those that have the asset.
func (s *Store) Collections(ctx context.Context, assetID string) ([]reference.Collection, error) {
	const query = `
		SELECT $2::text, c.id, c.version, p.source
		FROM collection_assets ca JOIN collections c ON c.id = ca.collection_id
		LEFT JOIN pending p ON p.collection = $2 AND p.id = c.id
		WHERE ca.asset_id = $1 ORDER BY c.position`
	documents, err := list(ctx, s, pgx.RowToStructByPos[reference.Document], query, assetID, s.collections)
	if err == nil {
		err = s.fill(ctx, s.collections, documents) // a collection never changes
	}
	var all []reference.Collection
	for _, d := range documents {
		if err != nil {
			break
		}
		var c reference.Collection
		c, err = collection(d)
		all = append(all, c)
	}
	if err != nil {
		return nil, fmt.Errorf("list the collections of asset %q: %w", assetID, err)
	}
	return all, nil
}
