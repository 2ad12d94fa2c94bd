package memory

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/pocketcheck/pocketcheck/reference"
)

// place fills an empty store with rows as they are, and numbers those that have no
// number. How many bytes there may be is left to who calls it.
func (s *Store) place(rows reference.Rows) error {
	s.insertUsers(rows.Seed)
	for _, a := range rows.Assets {
		s.numbered(&a.Number)
		s.placeAsset(a)
	}
	for _, c := range rows.Collections {
		s.insertCollection(c)
	}
	s.placeChildren(rows)
	for _, a := range s.assets {
		if n := max(len(a.comments), len(a.media), len(a.runs)); n > s.capacity.Each {
			return fmt.Errorf("%d of asset %q: %w", n, a.row.ID, reference.ErrFull)
		}
		if err := s.fit(a, 0, max(a.commentTexts, a.mediaTexts)); err != nil {
			return err
		}
		// Ids tell the order of creation, in which lists are.
		slices.SortStableFunc(a.comments, func(x, y reference.Comment) int { return cmp.Compare(x.ID, y.ID) })
		slices.SortStableFunc(a.media, func(x, y reference.Media) int { return cmp.Compare(x.ID, y.ID) })
		slices.SortStableFunc(a.runs, func(x, y reference.DagActionRun) int { return cmp.Compare(x.ID, y.ID) })
	}
	return nil
}

// numbered gives a number to what has none.
func (s *Store) numbered(id *int64) {
	if *id == 0 {
		*id = s.number()
	}
}

func (s *Store) placeChildren(rows reference.Rows) {
	for _, c := range rows.Comments {
		a := s.assets[c.AssetID]
		s.numbered(&c.ID)
		c.UpdatedAt = kept(c.UpdatedAt)
		a.comments = append(a.comments, c)
		a.commentTexts += len(c.Message)
		s.grow(a, childTakes+len(c.Message))
	}
	for _, m := range rows.Media {
		a := s.assets[m.AssetID]
		s.numbered(&m.ID)
		m.CreatedDate = kept(m.CreatedDate)
		a.media = append(a.media, m)
		a.mediaTexts += textOfMedia(m)
		s.grow(a, childTakes+sizeOfMedia(m))
	}
	for _, run := range rows.Runs {
		a := s.assets[run.AssetID]
		s.numbered(&run.ID)
		run.CreatedAt = kept(run.CreatedAt)
		a.runs = append(a.runs, run)
		s.grow(a, childTakes)
	}
	events := slices.Clone(rows.Events)
	for i := range events {
		s.numbered(&events[i].ID)
	}
	slices.SortFunc(events, func(x, y reference.Event) int { return cmp.Compare(x.ID, y.ID) })
	for _, e := range events {
		s.note(s.assets[e.AssetID], e)
	}
}
