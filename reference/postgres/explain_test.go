package postgres

import (
	"context"
	"encoding/json"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

// small are the tables that stay so; a scan of any other takes the longer, the
// more there is.
var small = []string{"identity", "dag_actions", "pg_database"}

const (
	// page is how many rows a query may have to sort.
	page = 51
	// flat is what a query may cost, in PostgreSQL's unit: less than a tenth of
	// what it costs to read one of the large tables, or to skip a thousand pages.
	flat = 200.0
)

// TestNoSequentialScan has the database explain each query of the store, those of
// the worker included, when the tables are large.
func TestNoSequentialScan(t *testing.T) {
	t.Parallel()
	address := newDatabase(t)
	s, asked := openRecorded(t, address, sink{})
	conn := connect(t, address)
	fill(t, conn)
	exercise(t, s)
	waitForWorker(t, conn)
	require.NoError(t, s.countAssets(t.Context())) // the worker does so once a minute
	for _, q := range asked.all() {
		plan := explain(t, conn, q)
		assert.Less(t, plan.Cost, flat, "%s\n%v\n%+v", q.sql, q.args, plan)
		assert.Empty(t, plan.complaints(), "%s\n%v\n%+v", q.sql, q.args, plan)
	}
}

// TestCascadeHasIndex looks at what the store's queries don't show: each row that
// is deleted has the database search for those that refer to it.
func TestCascadeHasIndex(t *testing.T) {
	t.Parallel()
	address := newDatabase(t)
	openRecorded(t, address, sink{})
	const bare = `
		SELECT conrelid::regclass || ' refers to ' || confrelid::regclass FROM pg_constraint
		WHERE contype = 'f' AND NOT EXISTS (
			SELECT FROM pg_index WHERE indrelid = conrelid AND indpred IS NULL
			AND (indkey::smallint[])[0:cardinality(conkey) - 1] @> conkey)
		ORDER BY 1`
	rows, _ := connect(t, address).Query(t.Context(), bare) // the collector returns the error
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	assert.Empty(t, found)
}

// query is one that a store has sent.
type query struct {
	sql  string
	args []any
}

// recorder is a [pgx.QueryTracer] that keeps all queries.
type recorder struct {
	mu      sync.Mutex
	queries []query
}

func (r *recorder) TraceQueryStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceQueryStartData) context.Context {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.queries = append(r.queries, query{d.SQL, d.Args})
	return ctx
}

// forget forgets all queries so far.
func (r *recorder) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.queries = nil
}

// ofRequests gives the statements without those of the worker and the indexers, which are
// for many requests at once.
func (r *recorder) ofRequests() (all []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, q := range r.queries {
		if !strings.Contains(q.sql, "identity") && !strings.Contains(q.sql, "pending WHERE") {
			all = append(all, q.sql)
		}
	}
	return all
}

func (*recorder) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// all gives the queries without those that begin and end transactions.
func (r *recorder) all() []query {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(r.queries), func(q query) bool {
		return slices.Contains([]string{"begin", "commit", "rollback"}, q.sql)
	})
}

// openRecorded opens a store whose queries are recorded from then on.
func openRecorded(t *testing.T, address string, index reference.Index) (*Store, *recorder) {
	config, err := configOf(address)
	require.NoError(t, err)
	var r recorder
	config.ConnConfig.Tracer = &r
	s, err := open(t.Context(), config, index, Options{Capacity: reference.CapacityOf(4_000_000), Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	r.forget() // the migrations'
	return s, &r
}

// sink is an index that takes everything and gives nothing.
type sink struct{ reference.Index }

func (sink) Prepare(context.Context, ...string) error { return nil }

func (sink) Put(_ context.Context, documents ...reference.Document) ([]reference.Document, error) {
	return documents, nil
}

func (sink) Get(context.Context, string, ...string) ([]reference.Document, error) { return nil, nil }

// exercise calls every method of the store.
func exercise(t *testing.T, s *Store) {
	var called []string
	for _, c := range calls() {
		args := []reflect.Value{reflect.ValueOf(t.Context())}
		for _, arg := range c.args {
			args = append(args, reflect.ValueOf(arg))
		}
		results := reflect.ValueOf(s).MethodByName(c.method).Call(args)
		require.Nil(t, results[len(results)-1].Interface(), c.method) // the error
		called = append(called, c.method)
	}
	for m := range reflect.TypeFor[reference.Store]().Methods() {
		assert.Contains(t, called, m.Name)
	}
}

// waitForWorker waits until the worker has done what fill left to it.
func waitForWorker(t *testing.T, conn *pgx.Conn) {
	require.Eventually(t, func() bool {
		var due bool
		err := conn.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM pending WHERE id = 'due')`).Scan(&due)
		return err == nil && !due
	}, time.Minute, 100*time.Millisecond)
}

// node is a step of a query's plan.
type node struct {
	Type      string  `json:"Node Type"`
	Relation  string  `json:"Relation Name"`
	Index     string  `json:"Index Name"`
	Condition string  `json:"Index Cond"`
	Rows      float64 `json:"Plan Rows"`
	Cost      float64 `json:"Total Cost"`
	Plans     []node
}

func explain(t *testing.T, conn *pgx.Conn, q query) node {
	var text []byte
	err := conn.QueryRow(t.Context(), "EXPLAIN (FORMAT JSON) "+q.sql, q.args...).Scan(&text)
	require.NoError(t, err, q.sql)
	var plans []struct{ Plan node }
	require.NoError(t, json.Unmarshal(text, &plans))
	require.Len(t, plans, 1)
	require.NotEmpty(t, plans[0].Plan.Type)
	return plans[0].Plan
}

// complaints tell what in the plan takes the longer, the more rows there are.
func (n node) complaints() []string {
	var all []string
	switch {
	case n.Type == "Seq Scan" && !slices.Contains(small, n.Relation):
		all = append(all, "reads all of "+n.Relation)
	case strings.Contains(n.Type, "Index") && n.Condition == "":
		all = append(all, "reads all of "+n.Index)
	case strings.Contains(n.Type, "Sort") && n.Rows > page:
		all = append(all, "sorts more than a page")
	}
	for _, below := range n.Plans {
		all = append(all, below.complaints()...)
	}
	return all
}
