package storetest

import (
	"context"
	"fmt"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/pocketcheck/pocketcheck/reference"
)

// cancelledWriteIsWhole: what was cancelled may be done or not, now or a little
// later, but never by half.
func cancelledWriteIsWhole(s store) {
	rows := make([]reference.Asset, 60)
	for i := range rows {
		rows[i] = assetRow(fmt.Sprint("asset-", i))
		if i%5 > 0 {
			rows[i] = s.createAsset(rows[i])
		}
	}
	errs := together(len(rows), func(i int) error {
		ctx, cancel := context.WithTimeout(s.ctx(), time.Duration(i/5)*time.Millisecond) // the first ends before it starts
		defer cancel()
		return s.cancelled(ctx, i, rows[i])
	})
	later := time.Now().Add(5 * time.Second)
	for i, a := range rows {
		for !s.whole(a.ID, errs[i]) && time.Now().Before(later) {
			continue
		}
		assert.True(s.t, s.whole(a.ID, errs[i]), "write %d is done by half; its error was %v", i, errs[i])
	}
	s.updateAsset(s.asset(rows[1].ID))
}

// cancelled writes to the asset, with as many events as rows.
func (s store) cancelled(ctx context.Context, i int, a reference.Asset) error {
	happens := event(a.ID, "CANCELLED")
	a.Title = "cancelled"
	switch i % 5 {
	case 0:
		return fails(s.CreateAsset(ctx, a, happens))
	case 1:
		return fails(s.UpdateAsset(ctx, a, happens))
	case 2:
		return fails(s.CreateMedia(ctx, a, mediaRow(a.ID, "x"), happens, happens))
	case 3:
		return fails(s.CreateComment(ctx, commentRow(a.ID, "x"), happens))
	default:
		return fails(s.CreateDagActionRun(ctx, runRow(a.ID, 1), happens))
	}
}

// whole tells whether what cancelled has written has its events, and is there
// if there was no error.
func (s store) whole(id string, err error) bool {
	h := s.of(id)
	rows := len(h.Comments) + len(h.Runs) + len(h.Media)
	if h.Asset != nil && h.Asset.Title == "cancelled" {
		rows++
	}
	return rows == len(h.Events) && (rows > 0 || err != nil)
}
