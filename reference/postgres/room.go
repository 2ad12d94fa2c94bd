package postgres

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/pocketcheck/pocketcheck/reference"
)

// countEvery is how often the assets are counted that other processes make, too.
const countEvery = time.Minute

// room is how much there may be, and how much there was when it was last looked.
type room struct {
	reference.Capacity
	assets  atomic.Int64 // counted, and those that this process has made since
	counted time.Time    // by the worker alone
	each    counted      // what assets have of what is bounded by Each
}

// counted is how much assets have of what they may have several of, so that it need not
// be counted for each that is added. The zero value is ready.
type counted struct {
	mu    sync.Mutex
	known map[string]*count
}

// count is at least so many, of as many bytes of text, as long as no other process adds
// to them.
type count struct {
	n, bytes int
	until    time.Time
}

// countsKept is how many are remembered: a few MiB.
const countsKept = 10_000

// mustCount tells whether there may be no room for one more of what is in a table: two at
// once are of far fewer bytes than half of what there may be.
func (c *counted) mustCount(table, assetID string, room reference.Capacity) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.known[table+assetID]
	return k == nil || k.n > room.Each-atOnce || k.bytes > room.Texts/2 || time.Now().After(k.until)
}

// added keeps that there is one more, of so many bytes, and how many of how many there
// were, if they were counted.
func (c *counted) added(table, assetID string, bytes int, were, had *int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.known[table+assetID]
	if were != nil && had != nil {
		if c.known == nil || len(c.known) >= countsKept {
			c.known = map[string]*count{}
		}
		k = &count{*were, *had, time.Now().Add(countEvery)}
		c.known[table+assetID] = k
	}
	if k != nil {
		k.n++
		k.bytes += bytes
	}
}

// grew keeps that what is in a table has got longer, by no more than so many bytes.
func (c *counted) grew(table, assetID string, bytes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k := c.known[table+assetID]; k != nil {
		k.bytes += bytes
	}
}

// soonCounted are assets that are counted in no time.
const soonCounted = 10_000

// countAssets looks how many assets there are; more than there may be are not counted.
// To count them is to read them all: where PostgreSQL's own estimate, which it renews
// when a tenth has changed, is far from what there may be, that does.
func (s *Store) countAssets(ctx context.Context) error {
	n, err := one(ctx, s, pgx.RowTo[int64], `SELECT reltuples::bigint FROM pg_class WHERE oid = 'assets'::regclass`)
	if err == nil && (n < soonCounted || n > int64(s.room.Assets)/10*9) {
		n, err = one(ctx, s, pgx.RowTo[int64], `SELECT count(*) FROM (SELECT FROM assets LIMIT $1) counted`, s.room.Assets)
	}
	if err != nil {
		return fmt.Errorf("count the assets: %w", err)
	}
	s.room.assets.Store(n)
	s.room.counted = time.Now()
	return nil
}

// forAsset refuses one more where there are as many as there may be.
func (r *room) forAsset() error {
	if r.assets.Load() >= int64(r.Assets) {
		return fmt.Errorf("%d assets: %w", r.Assets, reference.ErrFull)
	}
	return nil
}
