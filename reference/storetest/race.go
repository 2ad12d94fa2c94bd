package storetest

import (
	"errors"
	"fmt"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

// deletingRacesWithWriting: what is written before goes too, what is written
// after is refused, and nothing is left.
func deletingRacesWithWriting(s store) {
	of := s.processes()
	for round := range 8 {
		id := fmt.Sprint("asset-", round)
		h := s.fill(id)
		errs := together(24, func(i int) error {
			if i == round*3 {
				return of[0].DeleteAsset(s.ctx(), id)
			}
			return of[i%2].race(i, h)
		})
		require.NoError(s.t, errs[round*3])
		s.tally(errs, reference.ErrNotFound)
		of[0].nothing(id)
		of[1].nothing(id)
		assert.True(s.t, s.takes("external id of "+id))
	}
}

// race writes to an asset that is being deleted.
func (s store) race(i int, h holding) error {
	id := h.Asset.ID
	happens := event(id, "RACE")
	switch i % 5 {
	case 0:
		return fails(s.CreateDagActionRun(s.ctx(), runRow(id, 1), happens))
	case 1:
		return fails(s.UpdateComment(s.ctx(), h.Comments[0], happens))
	case 2:
		return s.latest(id, func(a reference.Asset) error { return fails(s.UpdateAsset(s.ctx(), a, happens)) })
	case 3:
		return s.latest(id, func(a reference.Asset) error {
			return fails(s.CreateMedia(s.ctx(), a, mediaRow(id, "x"), happens))
		})
	default:
		return fails(s.CreateComment(s.ctx(), commentRow(id, "x"), happens))
	}
}

// latest writes the asset as it is by then, until no other write is quicker.
func (s store) latest(id string, write func(a reference.Asset) error) error {
	for {
		a, err := s.Asset(s.ctx(), id)
		if err == nil {
			err = write(a)
		}
		if !errors.Is(err, reference.ErrConflict) {
			return err
		}
	}
}

// trashIsEmptiedOnce: no asset is counted twice, and one that is restored in
// time stays.
func trashIsEmptiedOnce(s store) {
	of := s.processes()
	in := make([]reference.Asset, 48)
	for i := range in {
		in[i] = s.createAsset(trashed(fmt.Sprint("asset-", i), at))
		in[i].Deleted = nil
	}
	deleted, restored := make([]int, len(in)), make([]bool, len(in))
	errs := together(len(in), func(i int) error {
		var err error
		if i%6 == 0 {
			deleted[i], err = of[i%2].DeleteTrashed(s.ctx(), at, nil)
			return err
		}
		_, err = of[i%2].UpdateAsset(s.ctx(), in[i], event(in[i].ID, "ASSET_RESTORED"))
		restored[i] = err == nil
		return err
	})
	s.tally(errs, reference.ErrNotFound)
	left := len(in)
	for i, a := range in {
		if i%6 == 0 {
			require.NoError(s.t, errs[i])
			left -= deleted[i]
		}
		if !restored[i] {
			s.nothing(a.ID)
			continue
		}
		left--
		assert.Nil(s.t, s.asset(a.ID).Deleted)
		assert.Len(s.t, s.events(a.ID), 1)
	}
	assert.Zero(s.t, left, "of those not restored, the calls counted not all or some twice")
}
