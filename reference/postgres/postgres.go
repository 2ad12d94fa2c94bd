// Package postgres is a [reference.Store] in PostgreSQL, which has all rows and all
// documents of assets and collections. A [reference.Index] has the documents, too, and
// is what they are read from.
//
// A write is one statement: its rows, its events, and that its document is pending. It
// is done once PostgreSQL has it; its document is put into the index after that. A
// reader compares what the index gives with the digest of the document: what it has
// otherwise, or not, or not in time, is read from PostgreSQL and pending from then on.
// A worker puts into the index what is pending for long.
package postgres

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	neturl "net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/internal/address"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Store is a [reference.Store]; make one with [Open].
type Store struct {
	// Reads have connections of their own: they wait for no row that is locked.
	reads, writes *pgxpool.Pool

	index    reference.Index
	presence presence // of the index
	identity atomic.Pointer[string]
	changes  chan []document // written just now, for the index
	wants    chan wanted     // by readers, from the index
	stale    stale
	retries  atomic.Int64 // see [Store.Retries]

	log   *slog.Logger
	room  room
	turns turns
	keys  keys

	stop  context.CancelFunc
	ended <-chan struct{}
	done  sync.WaitGroup // what works until then
}

var (
	_ reference.Store   = (*Store)(nil)
	_ reference.Glancer = (*Store)(nil)
	_ reference.Turns   = (*Store)(nil)
)

// Options is what a [Store] is opened with.
type Options struct {
	Capacity reference.Capacity // how much it takes
	Log      *slog.Logger       // what its worker meets
	// How many connections it has to read, and to write with; 10 each for 0.
	// PostgreSQL allows 100 in all by default.
	Readers, Writers int
	// Tracer hears of each statement; nobody does when nil.
	Tracer pgx.QueryTracer
}

const connections = 10

// Open connects to the database at url, such as
// postgres://user:password@host:5432/name, brings its tables up to date, and
// starts what brings documents to the index until [Store.Close]. Several stores, also
// in several processes, may share database and index. The index may be away, unless it
// was never there. No error holds the password.
func Open(ctx context.Context, url string, index reference.Index, o Options) (*Store, error) {
	config, err := configOf(url)
	if err != nil {
		return nil, err
	}
	return open(ctx, config, index, o)
}

func open(ctx context.Context, config *pgxpool.Config, index reference.Index, o Options) (*Store, error) {
	s, err := opened(ctx, config, index, o)
	if err != nil {
		return nil, err
	}
	if err := s.prepare(ctx); err != nil {
		s.closePools()
		return nil, err
	}
	working, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop, s.ended = stop, working.Done()
	s.done.Go(func() { s.work(working) })
	for range indexers {
		s.done.Go(func() { s.bring(working) })
	}
	for range gatherers {
		s.done.Go(func() { s.gather(working) })
	}
	return s, nil
}

// opened is a store with its connections, which does nothing by itself.
func opened(ctx context.Context, config *pgxpool.Config, index reference.Index, o Options) (*Store, error) {
	s := &Store{index: index, log: o.Log, room: room{Capacity: o.Capacity}, changes: make(chan []document, handed), wants: make(chan wanted)}
	for _, pool := range []struct {
		to   **pgxpool.Pool
		size int
	}{{&s.reads, o.Readers}, {&s.writes, o.Writers}} {
		config := config.Copy()
		config.ConnConfig.Tracer = o.Tracer
		config.MaxConns = connections
		if pool.size > 0 {
			config.MaxConns = int32(min(pool.size, 1<<16)) // far more than PostgreSQL can have
		}
		var err error
		if *pool.to, err = pgxpool.NewWithConfig(ctx, config); err != nil {
			s.closePools()
			return nil, fmt.Errorf("connect to PostgreSQL: %w", err)
		}
	}
	return s, nil
}

// Close ends what works, and closes all connections.
func (s *Store) Close() {
	s.stop()
	s.done.Wait()
	s.closePools()
}

func (s *Store) closePools() {
	for _, pool := range []*pgxpool.Pool{s.reads, s.writes} {
		if pool != nil {
			pool.Close()
		}
	}
}

const connectTimeout = 5 * time.Second

// ErrAddress tells that an address can't be one.
var ErrAddress = errors.New("not an address of PostgreSQL")

// unfit tells what is wrong with an address that is one of a URL, without a part of it
// that may be secret.
func unfit(at string, err error) string {
	if err == nil || !strings.HasPrefix(at, "postgres") {
		return ""
	}
	u, broken := neturl.Parse(at)
	switch {
	case broken != nil:
		return address.Escapes
	case errors.Unwrap(err) == nil:
		return ""
	}
	password, _ := u.User.Password()
	why := errors.Unwrap(err).Error()
	if password != "" && strings.Contains(why, password) {
		return ""
	}
	return why
}

func configOf(url string) (*pgxpool.Config, error) {
	if address.IsBroken(url) {
		return nil, fmt.Errorf("%w; %s", ErrAddress, address.Escapes)
	}
	config, err := pgxpool.ParseConfig(url)
	if why := unfit(url, err); why != "" {
		return nil, fmt.Errorf("%w; %s", ErrAddress, why)
	}
	// pgx would take what has another scheme for settings, and connect to wherever
	// the rest of them is by default.
	if err != nil || !strings.HasPrefix(url, "postgres://") && !strings.HasPrefix(url, "postgresql://") {
		// pgx's own message repeats the text, and hides a password only where it finds it.
		return nil, fmt.Errorf("%w; write postgres://user:password@host:5432/database", ErrAddress)
	}
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	for name, value := range settings {
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

// prepare brings the database up to date, and the index with it.
func (s *Store) prepare(ctx context.Context) error {
	if err := s.ping(ctx); err != nil {
		return err
	}
	g, err := s.ground(ctx)
	if err != nil {
		return err
	}
	if err := cmp.Or(g.checkOwn(), g.checkWritable()); err != nil {
		return s.named(err)
	}
	if err := s.checkSettings(ctx); err != nil {
		return err
	}
	if err := migrate(ctx, s.writes); err != nil {
		return fmt.Errorf("bring the tables up to date: %w", s.named(err))
	}
	if err := s.identify(ctx); err != nil {
		return err
	}
	if err := s.adopt(ctx); err != nil {
		return err
	}
	if err := s.prepareIndex(ctx); err != nil {
		return err
	}
	return s.countAssets(ctx)
}

// starting is how long PostgreSQL may have no place for a store that starts.
const starting = 30 * time.Second

// hesitating is how long an index may let a store wait that can start without.
const hesitating = 5 * time.Second

func (s *Store) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, starting)
	defer cancel()
	conn, err := acquire(ctx, s.writes)
	if err == nil {
		err = conn.Ping(ctx)
		conn.Release()
	}
	if err != nil {
		return fmt.Errorf("%w; check that it runs, its address, and user, password and database", s.named(err))
	}
	return nil
}
