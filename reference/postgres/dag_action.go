package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/pocketcheck/pocketcheck/reference"
)

// DagActions returns all.
func (s *Store) DagActions(ctx context.Context) ([]reference.DagAction, error) {
	const query = `SELECT id, name, description, category FROM dag_actions ORDER BY position`
	actions, err := list(ctx, s, pgx.RowToStructByPos[reference.DagAction], query)
	if err != nil {
		return nil, fmt.Errorf("list the DAG actions: %w", err)
	}
	return actions, nil
}

// DagActionRuns returns the asset's, without who started them, which is not kept.
func (s *Store) DagActionRuns(ctx context.Context, assetID string) ([]reference.DagActionRun, error) {
	const query = `
		SELECT id, asset_id, dag_action_id, created_at, 0::bigint FROM dag_action_runs
		WHERE asset_id = $1 ORDER BY id`
	runs, err := list(ctx, s, pgx.RowToStructByPos[reference.DagActionRun], query, assetID)
	if err != nil {
		return nil, fmt.Errorf("list the DAG action runs of asset %q: %w", assetID, err)
	}
	return runs, nil
}

// CreateDagActionRun stores a new one.
func (s *Store) CreateDagActionRun(ctx context.Context, run reference.DagActionRun, events ...reference.Event) (reference.DagActionRun, error) {
	run.CreatedAt, run.UserID = utc(run.CreatedAt), 0
	err := s.commit(ctx, func(tx pgx.Tx) ([]reference.Document, error) {
		if _, err := lockAsset(ctx, tx, run.AssetID); err != nil {
			return nil, err
		}
		if err := s.roomOf(ctx, tx, "dag_action_runs", run.AssetID); err != nil {
			return nil, err
		}
		const query = `INSERT INTO dag_action_runs (asset_id, dag_action_id, created_at) VALUES ($1, $2, $3) RETURNING id`
		if err := tx.QueryRow(ctx, query, run.AssetID, run.DagActionID, run.CreatedAt).Scan(&run.ID); err != nil {
			return nil, err
		}
		return nil, happened(ctx, tx, events)
	})
	if err != nil {
		return reference.DagActionRun{}, fmt.Errorf("create a DAG action run of asset %q: %w", run.AssetID, err)
	}
	return run, nil
}
