package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/pocketcheck/pocketcheck/reference"
)

// DeleteGuests deletes those whose time is over, and those that are too many.
func (s *Store) DeleteGuests(ctx context.Context, at time.Time, stay int) error {
	due := func(table string) string {
		return `(SELECT id FROM ` + table + ` WHERE until <= $1
			UNION (SELECT id FROM ` + table + ` WHERE until > $1 ORDER BY until DESC, id OFFSET $2))`
	}
	err := s.deleteGuests(ctx, due("users"), due("projects"), due("collections"), at, stay)
	if err != nil {
		return fmt.Errorf("delete guests: %w", err)
	}
	return nil
}

// Dismiss deletes those of the rows that are guests and that nothing but the asset uses.
func (s *Store) Dismiss(ctx context.Context, rows reference.Seed, assetID string) error {
	const (
		users = `(SELECT id FROM users WHERE id = ANY($1) AND until IS NOT NULL AND NOT EXISTS (
			SELECT FROM comments c JOIN assets a ON a.id = c.asset_id
			WHERE c.author_id = users.id AND a.id <> $4 AND a.deleted IS NULL))`
		projects = `(SELECT id FROM projects WHERE id = ANY($2) AND until IS NOT NULL AND NOT EXISTS (
			SELECT FROM assets a WHERE a.project_id = projects.id AND a.id <> $4 AND a.deleted IS NULL))`
		collections = `(SELECT id FROM collections WHERE id = ANY($3) AND until IS NOT NULL AND NOT EXISTS (
			SELECT FROM collection_assets ca JOIN assets a ON a.id = ca.asset_id
			WHERE ca.collection_id = collections.id AND a.id <> $4 AND a.deleted IS NULL))`
	)
	userIDs, projectIDs, collectionIDs := []int64{}, []string{}, []string{}
	for _, u := range rows.Users {
		userIDs = append(userIDs, u.ID)
	}
	for _, p := range rows.Projects {
		projectIDs = append(projectIDs, p.ID)
	}
	for _, c := range rows.Collections {
		collectionIDs = append(collectionIDs, c.ID)
	}
	err := s.deleteGuests(ctx, users, projects, collections, userIDs, projectIDs, collectionIDs, assetID)
	if err != nil {
		return fmt.Errorf("dismiss guests: %w", err)
	}
	return nil
}

// deleteGuests deletes what the queries give the ids of.
func (s *Store) deleteGuests(ctx context.Context, users, projects, collections string, args ...any) error {
	statement := `
		WITH due_users AS (SELECT id FROM users WHERE id IN ` + users + ` ORDER BY id FOR UPDATE),
		due_projects AS (SELECT id FROM projects WHERE id IN ` + projects + ` ORDER BY id FOR UPDATE),
		due_collections AS (SELECT id FROM collections WHERE id IN ` + collections + ` ORDER BY id FOR UPDATE),
		gone_users AS (DELETE FROM users USING due_users due WHERE users.id = due.id),
		gone_projects AS (DELETE FROM projects USING due_projects due WHERE projects.id = due.id),
		changed AS (
			DELETE FROM collections USING due_collections due WHERE collections.id = due.id
			RETURNING collections.id, nextval('versions') AS version
		), ` + pendedCollections + `
		SELECT 'collections', id, version, NULL::bytea FROM changed`
	var gone []document
	err := s.change(ctx, func(conn *pgxpool.Conn) error {
		rows, _ := conn.Query(ctx, statement, args...) // the collector returns the error
		var err error
		gone, err = pgx.CollectRows(rows, pgx.RowToStructByPos[document])
		return err
	})
	s.keys.forget()
	s.hand(gone...)
	return err
}
