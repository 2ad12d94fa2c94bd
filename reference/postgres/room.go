package postgres

import (
	"context"
	"fmt"
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
