package postgres

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/pocketcheck/pocketcheck/reference"
)

// Asset returns one. It reads the row again when that has changed before its
// document was read.
func (s *Store) Asset(ctx context.Context, id string) (reference.Asset, error) {
	var version int64
	for {
		a, err := s.assetOnce(ctx, id)
		if err == nil {
			return a, nil
		}
		if !errors.Is(err, errOutdated) || a.Version == version { // the same again: it is lost
			return reference.Asset{}, fmt.Errorf("find asset %q: %w", id, err)
		}
		version = a.Version
	}
}

// assetOnce returns an asset, or an error and at least its version where there
// is one.
func (s *Store) assetOnce(ctx context.Context, id string) (reference.Asset, error) {
	const query = `
		SELECT a.number, a.version, p.source
		FROM assets a LEFT JOIN pending p ON p.collection = $2 AND p.id = a.id
		WHERE a.id = $1`
	var number int64
	d := reference.Document{Collection: s.assets, ID: id}
	if err := s.pool.QueryRow(ctx, query, id, s.assets).Scan(&number, &d.Version, &d.Source); err != nil {
		return reference.Asset{}, found(err)
	}
	documents := []reference.Document{d}
	if err := s.fill(ctx, s.assets, documents); err != nil {
		return reference.Asset{Version: d.Version}, err
	}
	return asset(number, documents[0])
}

// CreateAsset stores a new one.
func (s *Store) CreateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	if err := s.room.forAsset(); err != nil {
		return reference.Asset{}, fmt.Errorf("create an asset: %w", err)
	}
	a = dated(a)
	err := s.commit(ctx, func(tx pgx.Tx) ([]reference.Document, error) {
		const query = `
			INSERT INTO assets (id, version, external_key, deleted) VALUES ($1, nextval('versions'), $2, $3)
			RETURNING number, version`
		err := tx.QueryRow(ctx, query, a.ID, externalKey(a), a.Deleted).Scan(&a.Number, &a.Version)
		if err != nil {
			return nil, err
		}
		return s.changed(ctx, tx, a, events)
	})
	if err != nil {
		return reference.Asset{}, fmt.Errorf("create an asset: %w", err)
	}
	s.room.assets.Add(1)
	return a, nil
}

// UpdateAsset replaces one that nobody else has changed.
func (s *Store) UpdateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	a = dated(a)
	err := s.commit(ctx, func(tx pgx.Tx) ([]reference.Document, error) {
		if err := replace(ctx, tx, &a); err != nil {
			return nil, err
		}
		return s.changed(ctx, tx, a, events)
	})
	if err != nil {
		return reference.Asset{}, fmt.Errorf("update asset %q: %w", a.ID, err)
	}
	return a, nil
}

// replace stores a in place of the row it was made from, with that's Number and a
// new Version.
func replace(ctx context.Context, tx pgx.Tx, a *reference.Asset) error {
	version, err := lockAsset(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	if version != a.Version {
		return reference.ErrConflict
	}
	const query = `
		UPDATE assets SET version = nextval('versions'), external_key = $2, deleted = $3
		WHERE id = $1 RETURNING number, version`
	return tx.QueryRow(ctx, query, a.ID, externalKey(*a), a.Deleted).Scan(&a.Number, &a.Version)
}

// changed stores what happened to an asset and returns its document.
func (s *Store) changed(ctx context.Context, tx pgx.Tx, a reference.Asset, events []reference.Event) ([]reference.Document, error) {
	if err := happened(ctx, tx, events); err != nil {
		return nil, err
	}
	d, err := s.document(a)
	return []reference.Document{d}, err
}

// externalKey is what uniqueness of the external id is held by; nil when the
// asset has none.
func externalKey(a reference.Asset) []byte {
	if a.ExternalID == nil {
		return nil
	}
	key := sha256.Sum256([]byte(*a.ExternalID))
	return key[:]
}

// DeleteAsset deletes one with all that belongs to it.
func (s *Store) DeleteAsset(ctx context.Context, id string) error {
	err := s.commit(ctx, func(tx pgx.Tx) ([]reference.Document, error) {
		gone, err := s.remove(ctx, tx, `DELETE FROM assets WHERE id = $1 RETURNING id, nextval('versions')`, id)
		if err == nil && len(gone) == 0 {
			err = reference.ErrNotFound
		}
		return gone, err
	})
	if err != nil {
		return fmt.Errorf("delete asset %q: %w", id, err)
	}
	s.room.assets.Add(-1)
	return nil
}

// DeleteTrashed deletes those in the trash bin since until or longer. The order
// of locks is everybody's, against deadlocks.
func (s *Store) DeleteTrashed(ctx context.Context, until time.Time) (int, error) {
	const query = `
		WITH due AS (SELECT id FROM assets WHERE deleted <= $1 ORDER BY id FOR UPDATE)
		DELETE FROM assets USING due WHERE assets.id = due.id RETURNING assets.id, nextval('versions')`
	deleted := 0
	err := s.commit(ctx, func(tx pgx.Tx) ([]reference.Document, error) {
		gone, err := s.remove(ctx, tx, query, until)
		deleted = len(gone)
		return gone, err
	})
	if err != nil {
		return 0, fmt.Errorf("delete trashed assets: %w", err)
	}
	s.room.assets.Add(int64(-deleted))
	return deleted, nil
}

// remove runs a query that deletes assets, and returns what the index is to
// delete.
func (s *Store) remove(ctx context.Context, tx pgx.Tx, query string, args ...any) ([]reference.Document, error) {
	rows, _ := tx.Query(ctx, query, args...) // the collector returns the error
	gone, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (reference.Document, error) {
		d := reference.Document{Collection: s.assets}
		err := row.Scan(&d.ID, &d.Version)
		return d, err
	})
	return gone, found(err)
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
