package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/pocketcheck/pocketcheck/reference"
)

// Insert stores the rows that are not there yet.
func (s *Store) Insert(ctx context.Context, rows reference.Seed) error {
	err := s.commit(ctx, func(tx pgx.Tx) ([]document, error) {
		for _, insert := range []func(context.Context, pgx.Tx, reference.Seed) error{
			insertUsers, insertKeys, insertDagActions, insertProjects,
		} {
			if err := insert(ctx, tx, rows); err != nil {
				return nil, err
			}
		}
		assets, err := s.insertAssets(ctx, tx, rows)
		if err != nil {
			return nil, err
		}
		collections, err := s.insertCollections(ctx, tx, rows)
		return append(assets, collections...), err
	})
	if err != nil {
		return fmt.Errorf("insert rows: %w", err)
	}
	return nil
}

// commit runs insert in a transaction, with the documents that it returns as pending,
// and brings these to the index.
func (s *Store) commit(ctx context.Context, insert func(pgx.Tx) ([]document, error)) error {
	var documents []document
	err := s.change(ctx, func(conn *pgxpool.Conn) error {
		return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
			var err error
			if documents, err = insert(tx); err != nil {
				return err
			}
			return pend(ctx, tx, documents)
		})
	})
	if err == nil {
		s.hand(documents...)
	}
	return err
}

func insertUsers(ctx context.Context, tx pgx.Tx, rows reference.Seed) error {
	for _, u := range rows.Users {
		permissions := u.Permissions
		if permissions == nil {
			permissions = []string{}
		}
		_, err := tx.Exec(ctx, `
			INSERT INTO users (id, email, first_name, last_name, avatar_url, permissions, until) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT DO NOTHING`, u.ID, u.Email, u.FirstName, u.LastName, u.AvatarURL, permissions, u.Until)
		if err != nil {
			return fmt.Errorf("user %d: %w", u.ID, err)
		}
	}
	return nil
}

func insertKeys(ctx context.Context, tx pgx.Tx, rows reference.Seed) error {
	for _, k := range rows.Keys {
		_, err := tx.Exec(ctx, `INSERT INTO api_keys (hash, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`, k.Hash[:], k.UserID)
		if err != nil {
			return fmt.Errorf("a key of user %d: %w", k.UserID, err)
		}
		var owner int64
		if err := tx.QueryRow(ctx, `SELECT user_id FROM api_keys WHERE hash = $1`, k.Hash[:]).Scan(&owner); err != nil {
			return fmt.Errorf("a key of user %d: %w", k.UserID, err)
		}
		if owner != k.UserID {
			return fmt.Errorf("a key of user %d, which user %d has: %w", k.UserID, owner, reference.ErrTaken)
		}
	}
	return nil
}

func insertDagActions(ctx context.Context, tx pgx.Tx, rows reference.Seed) error {
	for _, d := range rows.DagActions {
		_, err := tx.Exec(ctx, `
			INSERT INTO dag_actions (id, name, description, category) VALUES ($1, $2, $3, $4)
			ON CONFLICT DO NOTHING`, d.ID, d.Name, d.Description, d.Category)
		if err != nil {
			return fmt.Errorf("DAG action %d: %w", d.ID, err)
		}
	}
	return nil
}

func insertProjects(ctx context.Context, tx pgx.Tx, rows reference.Seed) error {
	for _, p := range rows.Projects {
		_, err := tx.Exec(ctx, `INSERT INTO projects (id, title, until) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, p.ID, p.Title, p.Until)
		if err != nil {
			return fmt.Errorf("project %q: %w", p.ID, err)
		}
	}
	return nil
}

// insertAssets returns the documents of those that were not there.
func (s *Store) insertAssets(ctx context.Context, tx pgx.Tx, rows reference.Seed) ([]document, error) {
	events := map[string][]reference.Event{}
	for _, e := range rows.Events {
		events[e.AssetID] = append(events[e.AssetID], e)
	}
	const statement = `
		WITH changed AS (
			INSERT INTO assets (id, version, external_key, deleted, project_id, source, digest)
			VALUES ($1, nextval('versions'), $5, $6, $7, $8, $9)
			ON CONFLICT (id) DO NOTHING RETURNING id, version
		), ` + happened + `
		SELECT version FROM changed`
	var documents []document
	for _, a := range rows.Assets {
		a = dated(a)
		text, err := source(a)
		if err != nil {
			return nil, fmt.Errorf("asset %q: %w", a.ID, err)
		}
		d := document{Kind: assets, ID: a.ID, Source: text}
		args := happening(a.ID, events[a.ID], externalKey(a), a.Deleted, projectOf(a), text, digest(text))
		switch err := tx.QueryRow(ctx, statement, args...).Scan(&d.Version); {
		case err == nil:
			documents = append(documents, d)
		case !errors.Is(err, pgx.ErrNoRows):
			return nil, fmt.Errorf("asset %q: %w", a.ID, err)
		}
	}
	return documents, nil
}

// insertCollections returns the documents of those that were not there.
func (s *Store) insertCollections(ctx context.Context, tx pgx.Tx, rows reference.Seed) ([]document, error) {
	const statement = `
		WITH changed AS (
			INSERT INTO collections (id, version, source, digest, until) VALUES ($1, nextval('versions'), $2, $3, $5)
			ON CONFLICT (id) DO NOTHING RETURNING id, version
		), held AS (SELECT id FROM assets WHERE id = ANY($4) FOR KEY SHARE), holding AS (
			INSERT INTO collection_assets (asset_id, collection_id) SELECT held.id, changed.id FROM held, changed)
		SELECT version FROM changed`
	var documents []document
	for _, c := range rows.Collections {
		text, err := sourceOfCollection(c)
		if err != nil {
			return nil, fmt.Errorf("collection %q: %w", c.ID, err)
		}
		d := document{Kind: collections, ID: c.ID, Source: text}
		switch err := tx.QueryRow(ctx, statement, c.ID, text, digest(text), c.AssetIDs, c.Until).Scan(&d.Version); {
		case err == nil:
			documents = append(documents, d)
		case !errors.Is(err, pgx.ErrNoRows):
			return nil, fmt.Errorf("collection %q: %w", c.ID, err)
		}
	}
	return documents, nil
}
