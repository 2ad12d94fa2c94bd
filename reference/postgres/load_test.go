package postgres

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

const (
	commentsEach   = 5
	collectionSize = 100
	// deepHistory is how many more events asset 0 has: a thousand pages and one.
	deepHistory = 1001 * 50
)

// loader fills an empty store with what requests for so many assets would have
// left there, by COPY and _bulk.
type loader struct {
	b      *testing.B
	store  *Store
	conn   *pgx.Conn
	assets int
}

// load makes assets, each with its comments and events, in collections.
func load(b *testing.B, s *Store, conn *pgx.Conn, assets int) {
	l := loader{b, s, conn, assets}
	begin := time.Now()
	took := func() time.Duration { return time.Since(begin).Round(time.Second) }
	var putting sync.WaitGroup
	defer putting.Wait() // also when copying fails
	putting.Go(func() {
		l.putAll(assets, l.assetDocument)
		l.putAll(l.collections(), l.collectionDocument)
	})
	l.copyRows()
	copied := took()
	putting.Wait()
	b.Logf("%d assets loaded: rows in %s, documents in %s", assets, copied, took())
}

func (l *loader) copyRows() {
	l.exec("SET session_replication_role = replica") // without a look at each foreign key
	l.exec("SET maintenance_work_mem = '256MB'")
	l.exec("SET max_parallel_maintenance_workers = 0") // which share more memory than a container has
	l.copyAssets()
	l.copyCollections()
	l.copyComments()
	l.copyEvents()
	l.exec(fmt.Sprintf("SELECT setval('versions', %d)", l.assets+l.collections()))
	l.exec("VACUUM ANALYZE") // as the server does in the course of time
}

func (l *loader) collections() int { return (l.assets + collectionSize - 1) / collectionSize }

func (l *loader) exec(sql string) {
	_, err := l.conn.Exec(l.b.Context(), sql)
	require.NoError(l.b, err)
}

func (l *loader) copy(table string, columns []string, n int, row func(i int) []any) {
	source := pgx.CopyFromSlice(n, func(i int) ([]any, error) { return row(i), nil })
	_, err := l.conn.CopyFrom(l.b.Context(), pgx.Identifier{table}, columns, source)
	require.NoError(l.b, err)
}

// copyBare is copy without the primary key, which is made for all rows at once in
// half the time.
func (l *loader) copyBare(table string, columns []string, n int, row func(i int) []any) {
	const query = `
		SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
		WHERE conrelid = $1::regclass AND contype = 'p'`
	var name, definition string
	require.NoError(l.b, l.conn.QueryRow(l.b.Context(), query, table).Scan(&name, &definition))
	l.exec(fmt.Sprintf("ALTER TABLE %s DROP CONSTRAINT %s", table, name))
	l.copy(table, columns, n, row)
	l.exec(fmt.Sprintf("ALTER TABLE %s ADD CONSTRAINT %s %s", table, name, definition))
}

func (l *loader) copyAssets() {
	l.copy("assets", []string{"id", "version", "external_key", "source", "digest"}, l.assets, func(i int) []any {
		a := makeAsset(i)
		text, err := source(a)
		assert.NoError(l.b, err)
		return []any{a.ID, a.Version, externalKey(a), text, digest(text)}
	})
}

func (l *loader) copyCollections() {
	l.copy("collections", []string{"id", "version", "source", "digest"}, l.collections(), func(i int) []any {
		text, err := sourceOfCollection(makeCollection(i))
		assert.NoError(l.b, err)
		return []any{makeCollection(i).ID, l.collectionVersion(i), text, digest(text)}
	})
	l.copy("collection_assets", []string{"asset_id", "collection_id"}, l.assets, func(i int) []any {
		return []any{assetID(i), makeCollection(i / collectionSize).ID}
	})
}

func (l *loader) collectionVersion(i int) int64 { return int64(l.assets + i + 1) }

// copyComments gives each asset one comment after the other, as they come in over
// the years: those of one asset are not side by side.
func (l *loader) copyComments() {
	l.copyBare("comments", []string{"asset_id", "author_id", "message", "updated_at"}, commentsEach*l.assets, func(i int) []any {
		return []any{assetID(i % l.assets), author.ID, []byte(message(i / l.assets)), born}
	})
}

// copyEvents spreads the deep history evenly among the events of all assets.
func (l *loader) copyEvents() {
	n := l.assets + commentsEach*l.assets + deepHistory
	l.copyBare("events", []string{"asset_id", "user_id", "type", "created_at"}, n, func(i int) []any {
		deepBefore := i * deepHistory / n
		if deepBefore < (i+1)*deepHistory/n {
			return []any{assetID(0), author.ID, "ASSET_UPDATED", born}
		}
		kind := "COMMENT_ADDED"
		if i-deepBefore < l.assets {
			kind = "ASSET_ADDED"
		}
		return []any{assetID((i - deepBefore) % l.assets), author.ID, kind, born}
	})
}

func (l *loader) assetDocument(i int) (document, error) {
	a := makeAsset(i)
	text, err := source(a)
	return document{assets, a.ID, a.Version, text}, err
}

func (l *loader) collectionDocument(i int) (document, error) {
	c := makeCollection(i)
	text, err := sourceOfCollection(c)
	return document{collections, c.ID, l.collectionVersion(i), text}, err
}

// putAll puts n documents into the index, two batches at a time.
func (l *loader) putAll(n int, make func(i int) (document, error)) {
	const size = 2000
	var both sync.WaitGroup
	for which := range 2 {
		both.Go(func() {
			for first := which * size; first < n && !l.b.Failed(); first += 2 * size {
				l.put(first, min(first+size, n), make)
			}
		})
	}
	both.Wait()
}

// put tries again while the index has no memory for so much at once.
func (l *loader) put(first, end int, make func(i int) (document, error)) {
	var documents []document
	for i := first; i < end; i++ {
		d, err := make(i)
		assert.NoError(l.b, err)
		documents = append(documents, d)
	}
	assert.EventuallyWithT(l.b, func(c *assert.CollectT) {
		_, err := l.store.put(l.b.Context(), documents)
		assert.NoError(c, err)
	}, time.Minute, 100*time.Millisecond)
}

var (
	born   = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	author = reference.User{ID: 1, Email: "author@example.com", Permissions: []string{reference.ActionsView, reference.ActionsStart}}
)

// assetID is random to the database, as ids are.
func assetID(i int) string {
	sum := sha256.Sum256(fmt.Append(nil, i))
	return base64.RawURLEncoding.EncodeToString(sum[:15])
}

func makeAsset(i int) reference.Asset {
	r := rand.New(rand.NewPCG(uint64(i), 0))
	at := born.Add(time.Duration(i) * time.Second)
	return reference.Asset{
		ID: assetID(i), Version: int64(i + 1), ExternalID: new(fmt.Sprint("external-", i)), Owner: author.Email,
		Title: fmt.Sprint("Asset ", i), Description: new(fmt.Sprint("A picture of ", r.IntN(1000), " sheep")),
		Category: new(fmt.Sprint("category ", r.IntN(20))), Tags: []string{fmt.Sprint("tag ", r.IntN(100)), "sheep"},
		MediaType: "image", CreatedDate: at, ModificationDate: at,
	}
}

func makeCollection(i int) reference.Collection {
	at := born.Add(time.Duration(i) * time.Hour)
	title := fmt.Sprint("Collection ", i)
	return reference.Collection{
		ID: fmt.Sprint("collection-", i), Title: title, OriginalTitle: title, Tags: []string{}, Owner: author.Email,
		CreatedDate: at, ModificationDate: at,
	}
}

func message(i int) string { return fmt.Sprintf("Comment %d: more sheep, please", i) }
