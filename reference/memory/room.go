package memory

import (
	"fmt"

	"github.com/pocketcheck/pocketcheck/reference"
)

// What a row takes beside its texts: itself, its share of maps and slices that grow,
// and what the allocator rounds up. BenchmarkAsset says how much that is.
const (
	assetTakes = 900
	childTakes = 160
	textTakes  = 16
)

// take makes room for n bytes more of an asset, or fewer where n is negative.
func (s *Store) take(a *asset, n int) error {
	if n > 0 && s.bytes+int64(n) > s.capacity.Bytes {
		return fmt.Errorf("%d bytes: %w", s.capacity.Bytes, reference.ErrFull)
	}
	s.grow(a, n)
	return nil
}

// grow notes that an asset takes n bytes more, room or not.
func (s *Store) grow(a *asset, n int) {
	s.bytes += int64(n)
	a.bytes += n
}

// takeOne makes room for one more of the rows of an asset, of n bytes of text.
func (s *Store) takeOne(a *asset, have, n int) error {
	if have >= s.capacity.Each {
		return fmt.Errorf("%d of asset %q: %w", have, a.row.ID, reference.ErrFull)
	}
	return s.take(a, childTakes+n)
}

func sizeOfAsset(a reference.Asset) int {
	n := len(a.ID) + len(a.Owner) + len(a.Title) + len(a.MediaType)
	for _, text := range []*string{a.ExternalID, a.ProjectID, a.Description, a.Category, a.OriginalFilename} {
		if text != nil {
			n += textTakes + len(*text)
		}
	}
	for _, tag := range a.Tags {
		n += textTakes + len(tag)
	}
	return n
}

func sizeOfMedia(m reference.Media) int {
	n := len(m.Filename)
	if m.FileURL != nil {
		n += textTakes + len(*m.FileURL)
	}
	return n
}
