package postgres

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/pocketcheck/pocketcheck/reference"
)

// Asset returns one.
func (s *Store) Asset(ctx context.Context, id string) (reference.Asset, error) {
	a, err := s.assetByID(ctx, id)
	if err != nil {
		return reference.Asset{}, fmt.Errorf("find asset %q: %w", id, err)
	}
	return a, nil
}

// Glance returns when an asset was moved to the trash bin.
func (s *Store) Glance(ctx context.Context, id string) (*time.Time, error) {
	deleted, err := one(ctx, s, pgx.RowTo[*time.Time], `SELECT deleted FROM assets WHERE id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("find asset %q: %w", id, err)
	}
	return deleted, nil
}

func (s *Store) assetByID(ctx context.Context, id string) (reference.Asset, error) {
	r, err := one(ctx, s, scanRow, `SELECT id, number, version, digest FROM assets WHERE id = $1`, id)
	if err != nil {
		return reference.Asset{}, err
	}
	rows := []row{r}
	err = s.fill(ctx, assets, rows)
	if err == nil && rows[0].Source == nil {
		err = reference.ErrNotFound
	}
	if err != nil {
		return reference.Asset{}, err
	}
	return asset(rows[0])
}

// CreateAsset stores a new one.
func (s *Store) CreateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	const statement = `
		WITH changed AS (
			INSERT INTO assets (id, version, external_key, deleted, project_id, source, digest)
			VALUES ($1, nextval('versions'), $5, $6, $7, $8, $9) RETURNING id, number, version
		), ` + happened + `, ` + pended + `
		SELECT number, version FROM changed`
	a = dated(a)
	err := s.room.forAsset()
	if err == nil {
		err = s.writeAsset(ctx, &a, events, []any{&a.Number, &a.Version}, statement)
	}
	if err != nil {
		return reference.Asset{}, fmt.Errorf("create an asset: %w", err)
	}
	s.room.assets.Add(1)
	return a, nil
}

// writeAsset runs a statement that stores a, and brings its document to the index. The
// statement's arguments from 5 on are a's external key, when it was deleted, its project,
// its source and that's digest, and those that are given.
func (s *Store) writeAsset(ctx context.Context, a *reference.Asset, events []reference.Event, results []any, statement string, args ...any) error {
	text, err := source(*a)
	if err != nil {
		return err
	}
	args = append([]any{externalKey(*a), a.Deleted, projectOf(*a), text, digest(text)}, args...)
	if err := s.write(ctx, a.ID, results, statement, happening(a.ID, events, args...)...); err != nil {
		return err
	}
	s.hand(document{assets, a.ID, a.Version, text})
	return nil
}

// replacing is what changes the row of an asset that nobody else has changed: its
// version is still that of the last argument.
const replacing = `
			UPDATE assets SET version = nextval('versions'), external_key = $5, deleted = $6, project_id = $7, source = $8, digest = $9
			WHERE id = $1 AND version = $10`

// UpdateAsset replaces one that nobody else has changed.
func (s *Store) UpdateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	const statement = `
		WITH changed AS (` + replacing + ` RETURNING id, number, version), ` + happened + `, ` + pended + `
		SELECT number, version FROM changed`
	if err := s.replace(ctx, &a, events, nil, statement); err != nil {
		return reference.Asset{}, fmt.Errorf("update asset %q: %w", a.ID, err)
	}
	return a, nil
}

// replace stores a in place of the row that it was made from, with that's number and a
// new version, by a statement whose results are these and those that are given.
func (s *Store) replace(ctx context.Context, a *reference.Asset, events []reference.Event, results []any, statement string, args ...any) error {
	*a = dated(*a)
	was := a.Version
	err := s.writeAsset(ctx, a, events, append([]any{&a.Number, &a.Version}, results...), statement, append([]any{was}, args...)...)
	if errors.Is(err, pgx.ErrNoRows) {
		return s.whyNot(ctx, a.ID, &was)
	}
	return found(err)
}

// whyNot tells why a statement wrote nothing to an asset: there is none, it has changed
// since the version, if that is given, or there is no room.
func (s *Store) whyNot(ctx context.Context, id string, version *int64) error {
	is, err := one(ctx, s, pgx.RowTo[int64], `SELECT version FROM assets WHERE id = $1`, id)
	switch {
	case err != nil:
		return err
	case version != nil && is != *version:
		return reference.ErrConflict
	}
	return reference.ErrFull
}

// externalKey is what uniqueness of the external id is held by; nil when the
// asset has none.
func externalKey(a reference.Asset) []byte {
	if a.ExternalID == nil {
		return nil
	}
	return digest([]byte(*a.ExternalID))
}

// projectOf is the project that a is assigned to; nil where there can be none, since no
// text of PostgreSQL's has U+0000.
func projectOf(a reference.Asset) *string {
	if a.ProjectID == nil || strings.ContainsRune(*a.ProjectID, 0) {
		return nil
	}
	return a.ProjectID
}

// DeleteAsset deletes one with all that belongs to it.
func (s *Store) DeleteAsset(ctx context.Context, id string) error {
	const statement = `
		WITH changed AS (DELETE FROM assets WHERE id = $1 RETURNING id, nextval('versions') AS version), ` + pended + `
		SELECT version FROM changed`
	gone := document{Kind: assets, ID: id}
	if err := s.write(ctx, id, []any{&gone.Version}, statement, id); err != nil {
		return fmt.Errorf("delete asset %q: %w", id, found(err))
	}
	s.room.assets.Add(-1)
	s.hand(gone)
	return nil
}

// purged is how many assets are deleted at once: so few that no request waits for it.
const purged = 200

// DeleteTrashed deletes some of those in the trash bin since until or longer, or the
// one of them that has the external id. What others write to at the moment is left to
// the next time.
func (s *Store) DeleteTrashed(ctx context.Context, until time.Time, externalID *string) (int, error) {
	const statement = `
		WITH due AS (
			SELECT id FROM assets WHERE deleted <= $1 AND ($3::bytea IS NULL OR external_key = $3)
			ORDER BY deleted LIMIT $2 FOR UPDATE SKIP LOCKED
		), changed AS (
			DELETE FROM assets USING due WHERE assets.id = due.id RETURNING assets.id, nextval('versions') AS version
		), ` + pended + `
		SELECT 'assets', id, version, NULL::bytea FROM changed`
	var gone []document
	err := s.change(ctx, func(conn *pgxpool.Conn) error {
		rows, _ := conn.Query(ctx, statement, until, purged, externalKey(reference.Asset{ExternalID: externalID})) // the collector returns the error
		var err error
		gone, err = pgx.CollectRows(rows, pgx.RowToStructByPos[document])
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("delete trashed assets: %w", err)
	}
	s.room.assets.Add(int64(-len(gone)))
	s.hand(gone...)
	return len(gone), nil
}

// Events returns a page of the asset's history.
func (s *Store) Events(ctx context.Context, assetID string, before int64, limit int) ([]reference.Event, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	const query = `
		SELECT id, asset_id, user_id, type, created_at FROM events
		WHERE asset_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`
	events, err := list(ctx, s, pgx.RowToStructByPos[reference.Event], query, assetID, before, limit)
	if err != nil {
		return nil, fmt.Errorf("list the events of asset %q: %w", assetID, err)
	}
	return events, nil
}
