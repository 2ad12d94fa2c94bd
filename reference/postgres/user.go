package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/pocketcheck/pocketcheck/reference"
)

// UserByKey returns the user who has the key.
func (s *Store) UserByKey(ctx context.Context, key reference.KeyHash) (reference.User, error) {
	const query = `
		SELECT u.id, u.email, u.first_name, u.last_name, u.avatar_url, u.permissions, u.until
		FROM users u JOIN api_keys k ON k.user_id = u.id WHERE k.hash = $1`
	known, isKnown, losses := s.keys.user(key)
	if isKnown {
		return known, nil
	}
	u, err := one(ctx, s, pgx.RowToStructByPos[reference.User], query, key[:])
	if err != nil {
		return reference.User{}, fmt.Errorf("find the user of a key: %w", err)
	}
	s.keys.keep(key, u, losses)
	return u, nil
}

// UserByEmail returns the user who has the address.
func (s *Store) UserByEmail(ctx context.Context, email string) (reference.User, error) {
	const query = `
		SELECT id, email, first_name, last_name, avatar_url, permissions, until
		FROM users WHERE email = $1 ORDER BY id LIMIT 1`
	u, err := one(ctx, s, pgx.RowToStructByPos[reference.User], query, email)
	if err != nil {
		return reference.User{}, fmt.Errorf("find the user of an address: %w", err)
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
	err := s.change(ctx, func(conn *pgxpool.Conn) error {
		done, err := conn.Exec(ctx, `DELETE FROM api_keys WHERE hash = $1`, key[:])
		if err == nil && done.RowsAffected() == 0 {
			err = reference.ErrNotFound
		}
		return err
	})
	s.keys.forget()
	if err != nil {
		return fmt.Errorf("delete a key: %w", err)
	}
	return nil
}

// Project returns one.
func (s *Store) Project(ctx context.Context, id string) (reference.Project, error) {
	p, err := one(ctx, s, pgx.RowToStructByPos[reference.Project], `SELECT id, title, until FROM projects WHERE id = $1`, id)
	if err != nil {
		return reference.Project{}, fmt.Errorf("find project %q: %w", id, err)
	}
	return p, nil
}

// Collections returns those that have the asset.
func (s *Store) Collections(ctx context.Context, assetID string) ([]reference.Collection, error) {
	const query = `
		SELECT c.id, c.position, c.version, c.digest
		FROM collection_assets ca JOIN collections c ON c.id = ca.collection_id
		WHERE ca.asset_id = $1 ORDER BY c.position`
	rows, err := list(ctx, s, scanRow, query, assetID)
	if err == nil {
		err = s.fill(ctx, collections, rows)
	}
	var all []reference.Collection
	for _, r := range rows {
		if err != nil {
			break
		}
		var c reference.Collection
		c, err = collection(r)
		all = append(all, c)
	}
	if err != nil {
		return nil, fmt.Errorf("list the collections of asset %q: %w", assetID, err)
	}
	return all, nil
}
