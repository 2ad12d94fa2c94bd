package crashtest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/tidwall/gjson"
)

// behind reads what the references keep, past them.
type behind interface {
	// rows gives the versions of all assets that there are, by id.
	rows(ctx context.Context) (map[string]int64, error)
	// documents gives all documents of assets, by id.
	documents(ctx context.Context) (map[string]indexed, error)
}

// indexed is a document as the index has it.
type indexed struct {
	version int64
	source  gjson.Result
}

// compare finds where an asset that was read, its row and its document disagree.
func (c *checker) compare(id string, v view, rows map[string]int64, documents map[string]indexed) {
	version, hasRow := rows[id]
	document, isIndexed := documents[id]
	if hasRow != v.there || isIndexed != v.there {
		c.found.add(halfWritten, "asset %s: readable is %t, but to have a row %t, and a document %t", id, v.there, hasRow, isIndexed)
		return
	}
	if !v.there {
		return
	}
	if document.version != version {
		c.found.add(halfWritten, "asset %s: its document has version %d, its row %d", id, document.version, version)
	}
	for _, member := range []string{
		"external_id", "project_id", "owner", "title", "description", "category", "tags", "media_type", "original_filename",
		"created_date", "modification_date", "deleted",
	} {
		if answered, kept := plain(v.asset.Get(member)), plain(document.source.Get(member)); answered != kept {
			c.found.add(halfWritten, "asset %s: %s is %s, but %s in its document", id, member, answered, kept)
		}
	}
}

// plain is a value as text, and a time to the millisecond of answers.
func plain(value gjson.Result) string {
	if at, err := time.Parse(time.RFC3339Nano, value.String()); err == nil {
		return at.UTC().Truncate(time.Millisecond).String()
	}
	return value.Raw
}

// stackBehind is PostgreSQL and Elasticsearch.
type stackBehind struct {
	database      *pgx.Conn
	elasticsearch string
}

func (s stackBehind) rows(ctx context.Context) (map[string]int64, error) {
	found, _ := s.database.Query(ctx, `SELECT id, version FROM assets WHERE id <> ALL($1)`, seeded) // the collector returns the error
	rows := map[string]int64{}
	var id string
	var version int64
	_, err := pgx.ForEachRow(found, []any{&id, &version}, func() error {
		rows[id] = version
		return nil
	})
	return rows, err
}

// seeded are the assets of the default seed, which nobody writes.
var seeded = []string{"rSkRlq2Aiw4wJvjvlqSm"}

// documents searches for all, of which there are far fewer than a search gives.
func (s stackBehind) documents(ctx context.Context) (map[string]indexed, error) {
	index, err := indexOf(ctx, s.database, s.elasticsearch)
	if err != nil {
		return nil, err
	}
	if _, err := ask(ctx, http.MethodPost, index+"/_refresh", ""); err != nil {
		return nil, err
	}
	answer, err := ask(ctx, http.MethodPost, index+"/_search?size=10000&version=true", "")
	if err != nil {
		return nil, err
	}
	documents := map[string]indexed{}
	for _, hit := range answer.Get("hits.hits").Array() {
		documents[hit.Get("_id").String()] = indexed{hit.Get("_version").Int(), hit.Get("_source")}
	}
	for _, id := range seeded {
		delete(documents, id)
	}
	return documents, nil
}

// indexOf is where the documents of a database's assets are.
func indexOf(ctx context.Context, database *pgx.Conn, elasticsearch string) (string, error) {
	var identity string
	err := database.QueryRow(ctx, `SELECT id::text FROM identity`).Scan(&identity)
	return elasticsearch + "/pocketcheck-" + identity + "-assets", err
}

// settle waits until the index has been given everything.
func (s stackBehind) settle(ctx context.Context) error {
	for deadline := time.Now().Add(time.Minute); ; {
		var pending int
		if err := s.database.QueryRow(ctx, `SELECT count(*) FROM pending`).Scan(&pending); err != nil || pending == 0 {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%d documents are pending a minute after the last fault", pending)
		}
		if err := wait(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

func ask(ctx context.Context, method, url, body string) (gjson.Result, error) {
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return gjson.Result{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return gjson.Result{}, err
	}
	defer func() { _ = answer.Body.Close() }() // what was read is all that is needed
	var said json.RawMessage
	if err := json.NewDecoder(answer.Body).Decode(&said); err != nil {
		return gjson.Result{}, err
	}
	if answer.StatusCode != http.StatusOK {
		return gjson.Result{}, fmt.Errorf("%s %s: status %d: %s", method, r.URL.Path, answer.StatusCode, said)
	}
	return gjson.ParseBytes(said), nil
}
