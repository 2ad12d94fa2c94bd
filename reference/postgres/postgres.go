// Package postgres is a [reference.Store] in PostgreSQL, with the documents of
// assets and collections in a [reference.Index].
//
// A write puts its rows, its events and the new document, as pending, into one
// transaction. It then puts the document into the index, and is done when both
// have it. What is pending is read from PostgreSQL, so that nobody sees rows and
// documents disagree, and a worker puts into the index what a write could not.
package postgres

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/pocketcheck/pocketcheck/reference"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Store is a [reference.Store]; make one with [Open].
type Store struct {
	pool  *pgxpool.Pool
	index reference.Index
	log   *slog.Logger
	room  room
	stop  context.CancelFunc
	done  chan struct{} // closed once the worker has ended

	// The names of this database's collections of documents.
	assets, collections string
}

var _ reference.Store = (*Store)(nil)

// Open connects to the database at url, such as
// postgres://user:password@host:5432/name, brings its tables up to date, and
// starts the worker that repairs the index until [Store.Close]. Several stores,
// also in several processes, may share database and index. The store takes no more
// than capacity. What the worker meets goes to log. No error holds the password.
func Open(ctx context.Context, url string, index reference.Index, capacity reference.Capacity, log *slog.Logger) (*Store, error) {
	config, err := configOf(url)
	if err != nil {
		return nil, err
	}
	return open(ctx, config, index, capacity, log)
}

func open(ctx context.Context, config *pgxpool.Config, index reference.Index, capacity reference.Capacity, log *slog.Logger) (*Store, error) {
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	s := &Store{pool: pool, index: index, log: log, room: room{Capacity: capacity}, done: make(chan struct{})}
	if err := s.prepare(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	worker, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	go s.work(worker)
	return s, nil
}

// Close ends the worker and closes all connections.
func (s *Store) Close() {
	s.stop()
	<-s.done
	s.pool.Close()
}

// A connection that can't be made, or whose other end is gone, must not keep
// callers or row locks for long.
var patience = map[string]string{
	"statement_timeout":                   "30s",
	"idle_in_transaction_session_timeout": "15s",
}

const (
	connectTimeout = 5 * time.Second
	maxConnections = 20 // of each process; PostgreSQL allows 100 by default
)

func configOf(url string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(url)
	// pgx would take what has another scheme for settings, and connect to wherever
	// the rest of them is by default.
	if err != nil || !strings.HasPrefix(url, "postgres://") && !strings.HasPrefix(url, "postgresql://") {
		// pgx's own message repeats the text, and hides a password only where it finds it.
		return nil, errors.New("not an address of PostgreSQL; write postgres://user:password@host:5432/database")
	}
	if !strings.Contains(url, "pool_max_conns") {
		config.MaxConns = maxConnections
	}
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	for name, value := range patience {
		if _, ok := config.ConnConfig.RuntimeParams[name]; !ok {
			config.ConnConfig.RuntimeParams[name] = value
		}
	}
	config.AfterConnect = func(_ context.Context, c *pgx.Conn) error {
		c.TypeMap().RegisterType(&pgtype.Type{
			Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
		})
		return nil
	}
	return config, nil
}

func (s *Store) prepare(ctx context.Context) error {
	if err := s.pool.Ping(ctx); err != nil {
		return fmt.Errorf("connect to PostgreSQL: %w; check that it runs, its address, and user, password and database", err)
	}
	if err := migrate(ctx, s.pool); err != nil {
		return fmt.Errorf("bring the tables up to date: %w", err)
	}
	var id string
	if err := s.pool.QueryRow(ctx, `SELECT id::text FROM identity`).Scan(&id); err != nil {
		return fmt.Errorf("read the identity of the database: %w", err)
	}
	if err := s.countAssets(ctx); err != nil {
		return err
	}
	s.assets, s.collections = "pocketcheck-"+id+"-assets", "pocketcheck-"+id+"-collections"
	return nil
}

// migrate waits while another process migrates.
func migrate(ctx context.Context, pool *pgxpool.Pool) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	db := stdlib.OpenDBFromPool(pool)
	p, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSessionLocker(locker))
	if err != nil {
		return errors.Join(err, db.Close())
	}
	_, err = p.Up(ctx)
	return errors.Join(err, db.Close())
}

// commit runs change in a transaction, with the documents that it returns as
// pending, and then puts these into the index.
func (s *Store) commit(ctx context.Context, change func(pgx.Tx) ([]reference.Document, error)) error {
	var documents []reference.Document
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		var err error
		if documents, err = change(tx); err != nil {
			return err
		}
		slices.SortFunc(documents, func(a, b reference.Document) int { // everybody's order, against deadlocks
			return cmp.Or(cmp.Compare(a.Collection, b.Collection), cmp.Compare(a.ID, b.ID))
		})
		return pend(ctx, tx, documents)
	})
	if err != nil {
		return collision(err)
	}
	if len(documents) == 0 {
		return nil
	}
	stored, err := s.index.Put(ctx, documents...)
	if err != nil {
		return fmt.Errorf("put into the index what the database has: %w", err)
	}
	_ = s.settle(ctx, stored) // the worker does it later
	return nil
}

// collision makes a violation of uniqueness [reference.ErrTaken], and a deadlock, such
// as of two writers that swap their external ids, [reference.ErrConflict].
func collision(err error) error {
	broken, ok := errors.AsType[*pgconn.PgError](err)
	switch {
	case ok && broken.ConstraintName == "external_key_taken":
		return reference.ErrTaken
	case ok && broken.Code == "40P01": // deadlock_detected
		return reference.ErrConflict
	}
	return err
}

// lockAsset keeps an asset from other writers until the end of the transaction, so
// that what belongs to it is numbered in the order in which it shows. It returns
// the asset's version, or [reference.ErrNotFound].
func lockAsset(ctx context.Context, tx pgx.Tx, id string) (int64, error) {
	var version int64
	err := tx.QueryRow(ctx, `SELECT version FROM assets WHERE id = $1 FOR NO KEY UPDATE`, id).Scan(&version)
	return version, found(err)
}

// found makes the absence of a row [reference.ErrNotFound].
func found(err error) error {
	if errors.Is(err, pgx.ErrNoRows) || isNoText(err) {
		return reference.ErrNotFound
	}
	return err
}

// isNoText tells that a text is none to PostgreSQL, since U+0000 is in it: as an
// id, no row has it.
func isNoText(err error) bool {
	broken, ok := errors.AsType[*pgconn.PgError](err)
	return ok && broken.Code == "22021" // character_not_in_repertoire
}

// list collects the rows that a query finds.
func list[T any](ctx context.Context, s *Store, scan pgx.RowToFunc[T], query string, args ...any) ([]T, error) {
	rows, _ := s.pool.Query(ctx, query, args...) // the collector returns the error
	all, err := pgx.CollectRows(rows, scan)
	if isNoText(err) {
		return nil, nil
	}
	return all, err
}

// happened stores events of one asset, in their order.
func happened(ctx context.Context, tx pgx.Tx, events []reference.Event) error {
	for _, e := range events {
		_, err := tx.Exec(ctx, `INSERT INTO events (asset_id, user_id, type, created_at) VALUES ($1, $2, $3, $4)`,
			e.AssetID, e.UserID, e.Type, e.CreatedAt)
		if err != nil {
			return fmt.Errorf("store the event %s: %w", e.Type, err)
		}
	}
	return nil
}
