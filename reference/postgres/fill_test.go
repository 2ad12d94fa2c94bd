package postgres

import (
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

// filling makes all tables large but those that are small by nature. Row n of each
// belongs to asset n, whose version is n; asset 1 has a long history.
const filling = `
	SET session_replication_role = replica; -- without a look at each foreign key

	INSERT INTO assets (id, version, external_key, deleted, source, digest)
	SELECT 'asset-' || n, n, sha256(('external-' || n)::bytea),
		CASE WHEN n % 100 = 0 THEN timestamptz '2000-01-01Z' + n * interval '1s' END, '{}', sha256('{}')
	FROM generate_series(1, 1000000) n;
	SELECT setval('versions', 1000000);

	CREATE TEMPORARY TABLE numbers AS SELECT n, 'asset-' || n AS asset FROM generate_series(1, 100000) n;
	INSERT INTO users (id, email, permissions) SELECT n, 'user-' || n || '@example.com', '{}' FROM numbers;
	INSERT INTO api_keys SELECT sha256(('key-' || n)::bytea), n FROM numbers;
	INSERT INTO dag_actions (id, name, description, category) SELECT n, '', '', '' FROM numbers WHERE n <= 10;
	INSERT INTO projects SELECT 'project-' || n, 'A project' FROM numbers;
	INSERT INTO comments OVERRIDING SYSTEM VALUE SELECT n, asset, n, 'A comment', now() FROM numbers;
	INSERT INTO media OVERRIDING SYSTEM VALUE SELECT n, asset, 'a.jpg', 'image', NULL, now() FROM numbers;
	INSERT INTO dag_action_runs OVERRIDING SYSTEM VALUE SELECT n, asset, 1, now() FROM numbers;
	INSERT INTO events OVERRIDING SYSTEM VALUE SELECT n, asset, n, 'ASSET_ADDED', now() FROM numbers;
	INSERT INTO events OVERRIDING SYSTEM VALUE SELECT 100000 + n, 'asset-1', 1, 'ASSET_UPDATED', now() FROM numbers;
	INSERT INTO collections (id, version, source, digest) SELECT 'collection-' || n, n, '{}', sha256('{}') FROM numbers;
	INSERT INTO collection_assets SELECT asset, 'collection-' || n FROM numbers;
	INSERT INTO pending SELECT 'assets', asset, n, 0, now() + interval '1d' FROM numbers;
	INSERT INTO pending SELECT 'collections', 'collection-' || n, n, 0, now() + interval '1d' FROM numbers;
	INSERT INTO pending SELECT 'collections', 'due', 1, 0, now();

	-- As the store's own writes would leave the sequences.
	SELECT setval(pg_get_serial_sequence(name, 'id'), 1000000)
	FROM unnest('{comments, media, dag_action_runs, events}'::text[]) name;
	ANALYZE`

func fill(t *testing.T, conn *pgx.Conn) {
	begin := time.Now()
	_, err := conn.Exec(t.Context(), filling)
	require.NoError(t, err)
	t.Log("filled in", time.Since(begin).Round(time.Second))
}

type call struct {
	method string
	args   []any // after the context
}

// calls are one of each method of the store at least, on rows of fill's.
func calls() []call {
	now := time.Now()
	asset := func(n int64) reference.Asset {
		return reference.Asset{ID: fmt.Sprint("asset-", n), Version: n, ExternalID: new(fmt.Sprint("external-", n))}
	}
	event := func(asset string) reference.Event {
		return reference.Event{AssetID: asset, UserID: 1, Type: "AN_EVENT", CreatedAt: now}
	}
	return []call{
		{"Insert", []any{reference.Seed{
			Users:       []reference.User{{ID: 1e6}},
			Keys:        []reference.UserKey{{Hash: reference.HashKey("new"), UserID: 1e6}},
			DagActions:  []reference.DagAction{{ID: 11}},
			Projects:    []reference.Project{{ID: "new"}},
			Assets:      []reference.Asset{{ID: "seeded"}},
			Events:      []reference.Event{event("seeded")},
			Collections: []reference.Collection{{ID: "new", AssetIDs: []string{"seeded", "asset-2"}}},
		}}},
		{"UserByKey", []any{reference.HashKey("key-1")}},
		{"UserByEmail", []any{"user-1@example.com"}},
		{"Users", []any{[]int64{1, 2, 3}}},
		{"DeleteKey", []any{reference.HashKey("key-2")}},
		{"Project", []any{"project-1"}},
		{"Collections", []any{"asset-1"}},

		{"Asset", []any{"asset-1"}},
		{"CreateAsset", []any{reference.Asset{ID: "created"}, event("created")}},
		{"UpdateAsset", []any{asset(2), event("asset-2")}},
		{"DeleteAsset", []any{"asset-3"}},
		// One is due, so what the database expects doesn't hang on the sample of its
		// statistics.
		{"Dismiss", []any{reference.Seed{
			Users: []reference.User{{ID: 3}}, Projects: []reference.Project{{ID: "project-3"}}, Collections: []reference.Collection{{ID: "collection-3"}},
		}, "asset-3"}},
		{"DeleteGuests", []any{time.Date(2000, 1, 1, 0, 2, 0, 0, time.UTC), 10_000}},
		{"DeleteTrashed", []any{time.Date(2000, 1, 1, 0, 2, 0, 0, time.UTC), (*string)(nil)}},
		{"DeleteTrashed", []any{time.Date(2000, 1, 1, 0, 5, 0, 0, time.UTC), new("external-200")}},

		{"Comments", []any{"asset-1"}},
		{"Comment", []any{"asset-1", int64(1)}},
		{"CreateComment", []any{reference.Comment{AssetID: "asset-1", AuthorID: 1, UpdatedAt: now}, event("asset-1")}},
		{"UpdateComment", []any{reference.Comment{AssetID: "asset-1", ID: 1, AuthorID: 1, UpdatedAt: now}, event("asset-1")}},
		{"DeleteComment", []any{"asset-1", int64(1), event("asset-1")}},

		{"Media", []any{"asset-1"}},
		{"CreateMedia", []any{asset(4), reference.Media{CreatedDate: now}, event("asset-4")}},
		{"DeleteMedia", []any{asset(5), event("asset-5")}},

		{"DagActions", nil},
		{"DagActionRuns", []any{"asset-1"}},
		{"CreateDagActionRun", []any{reference.DagActionRun{AssetID: "asset-1", DagActionID: 1, CreatedAt: now}, event("asset-1")}},

		{"Events", []any{"asset-1", int64(0), page}},
		{"Events", []any{"asset-1", int64(200_001 - 999*50), page}}, // page 1,000
	}
}
