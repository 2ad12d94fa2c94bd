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
	const statement = `
		WITH ` + locked + `, were AS (
			SELECT CASE WHEN $7 THEN (SELECT count(*) FROM (SELECT FROM dag_action_runs WHERE asset_id = $1 LIMIT $5) counted) END AS n,
				$6::bigint * 0 AS bytes
		), changed (id, number) AS (
			INSERT INTO dag_action_runs (asset_id, dag_action_id, created_at)
			SELECT id, $8, $9 FROM asset, were WHERE n IS NULL OR n < $5 RETURNING asset_id, id
		), ` + happened + `
		SELECT number, n, bytes FROM changed, were`
	run.CreatedAt, run.UserID = utc(run.CreatedAt), 0
	err := s.add(ctx, "dag_action_runs", run.AssetID, &run.ID, 0, statement, events, run.DagActionID, run.CreatedAt)
	if err != nil {
		return reference.DagActionRun{}, fmt.Errorf("create a DAG action run of asset %q: %w", run.AssetID, err)
	}
	return run, nil
}
