package crashtest

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/elastic"
	"github.com/pocketcheck/pocketcheck/reference/postgres"
)

// losses are what happens to the index as a whole, and to the database that it is of.
func (c *cluster) losses() (ofIndex, ofDatabase []action) {
	var kept string // the documents of then
	return []action{
			{"lost its index", false, func(*suspect, context.Context) error { return nil }, func(_ *suspect, ctx context.Context) error {
				return c.loseIndex(ctx)
			}},
			{"restored to then", false, func(_ *suspect, ctx context.Context) (err error) {
				kept, err = c.documents(ctx)
				return err
			}, func(_ *suspect, ctx context.Context) error { return c.restoreIndex(ctx, kept) }},
		}, []action{
			{"cloned", false, func(_ *suspect, ctx context.Context) error { return c.clone(ctx) }, func(*suspect, context.Context) error { return nil }},
		}
}

// index is the name of the assets' collection.
func (c *cluster) index(ctx context.Context) (string, error) {
	conn, err := pgx.Connect(ctx, c.stack.DatabaseURL())
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(ctx) }() // it was only read
	return indexOf(ctx, conn, c.stack.ElasticsearchURL())
}

// loseIndex deletes whatever is behind the name.
func (c *cluster) loseIndex(ctx context.Context) error {
	index, err := c.index(ctx)
	if err != nil {
		return err
	}
	behind, err := ask(ctx, http.MethodGet, index+"/_alias", "")
	if isGone(err) {
		return nil
	}
	for name := range behind.Map() {
		if err == nil {
			_, err = ask(ctx, http.MethodDelete, c.stack.ElasticsearchURL()+"/"+name, "")
		}
	}
	return err
}

// isGone tells that there is no index.
func isGone(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "index_not_found_exception") || strings.Contains(err.Error(), "aliases_not_found_exception"))
}

// documents gives what a bulk request would put all of them with.
func (c *cluster) documents(ctx context.Context) (string, error) {
	index, err := c.index(ctx)
	if err == nil {
		_, err = ask(ctx, http.MethodPost, index+"/_refresh", "")
	}
	if isGone(err) { // and not yet made anew
		return "", nil
	}
	if err != nil {
		return "", err
	}
	answer, err := ask(ctx, http.MethodPost, index+"/_search?size=10000&version=true", "")
	var lines strings.Builder
	for _, hit := range answer.Get("hits.hits").Array() {
		fmt.Fprintf(&lines, `{"index": {"_id": %q, "version": %d, "version_type": "external"}}`+"\n%s\n",
			hit.Get("_id").String(), hit.Get("_version").Int(), hit.Get("_source").Raw)
	}
	return lines.String(), err
}

// restoreIndex has the index as it was, to the last that nothing else is there.
func (c *cluster) restoreIndex(ctx context.Context, documents string) error {
	if err := c.loseIndex(ctx); err != nil {
		return err
	}
	elasticsearch, err := elastic.Open(c.stack.ElasticsearchURL(), nil)
	if err != nil {
		return err
	}
	index, err := c.index(ctx)
	if err == nil {
		err = elasticsearch.Prepare(ctx, index[strings.LastIndex(index, "/")+1:])
	}
	if err == nil && documents != "" {
		_, err = ask(ctx, http.MethodPost, index+"/_bulk", documents) // what is newer by now stays
	}
	return err
}

// clone makes a copy of the database, and has a reference write to it beside the others.
func (c *cluster) clone(ctx context.Context) error {
	address, err := url.Parse(c.stack.DatabaseURL())
	if err != nil {
		return err
	}
	original := strings.TrimPrefix(address.Path, "/")
	address.Path = "template1"
	conn, err := pgx.Connect(ctx, address.String())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // what it did is done
	address.Path = fmt.Sprintf("clone_%d", time.Now().UnixNano())
	for _, statement := range []string{
		"ALTER DATABASE " + original + " ALLOW_CONNECTIONS false",
		"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '" + original + "'",
		"CREATE DATABASE " + address.Path + " TEMPLATE " + original,
	} {
		if _, err = conn.Exec(ctx, statement); err != nil {
			break
		}
	}
	if _, undo := conn.Exec(ctx, "ALTER DATABASE "+original+" ALLOW_CONNECTIONS true"); undo != nil || err != nil {
		return fmt.Errorf("copy the database: %w, %w", err, undo)
	}
	if err := c.writeTo(ctx, address.String()); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "DROP DATABASE "+address.Path)
	return err
}

// writeTo changes and deletes the assets of a database.
func (c *cluster) writeTo(ctx context.Context, database string) error {
	index, err := elastic.Open(c.stack.ElasticsearchURL(), nil)
	if err != nil {
		return err
	}
	store, err := postgres.Open(ctx, database, index, postgres.Options{Capacity: reference.DefaultCapacity, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer store.Close()
	conn, err := pgx.Connect(ctx, database)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()                        // it was only read
	rows, _ := conn.Query(ctx, `SELECT id FROM assets LIMIT 100`) // the collector returns the error
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	for n, id := range ids {
		if err != nil {
			return err
		}
		if n%3 == 0 {
			err = store.DeleteAsset(ctx, id)
			continue
		}
		var a reference.Asset
		if a, err = store.Asset(ctx, id); err == nil {
			a.Title = "of the clone"
			_, err = store.UpdateAsset(ctx, a)
		}
	}
	return err
}

// putRight leaves nothing of the losses in the index.
func (c *cluster) putRight(ctx context.Context) error {
	index, err := elastic.Open(c.stack.ElasticsearchURL(), nil)
	if err != nil {
		return err
	}
	i, err := postgres.Inspect(ctx, c.stack.DatabaseURL(), index, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer i.Close()
	_, err = i.Reindex(ctx, postgres.Reindexing{Missing: true})
	return err
}
