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

// takeOne makes room for one more of the rows of an asset, which takes n bytes beside
// itself.
func (s *Store) takeOne(a *asset, have, n int) error {
	if have >= s.capacity.Each {
		return fmt.Errorf("%d of asset %q: %w", have, a.row.ID, reference.ErrFull)
	}
	return s.take(a, childTakes+n)
}

// fit refuses n bytes more of text where an asset's rows of a kind have so many.
func (s *Store) fit(a *asset, have, n int) error {
	if n > 0 && have+n > s.capacity.Texts {
		return fmt.Errorf("%d bytes of asset %q: %w", have+n, a.row.ID, reference.ErrFull)
	}
	return nil
}

func textOfMedia(m reference.Media) int {
	if m.FileURL == nil {
		return len(m.Filename)
	}
	return len(m.Filename) + len(*m.FileURL)
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

func sizeOfProject(p reference.Project) int64 { return int64(childTakes + len(p.ID) + len(p.Title)) }

func sizeOfCollection(c reference.Collection) int64 {
	return int64(assetTakes + len(c.ID) + len(c.Title) + len(c.OriginalTitle))
}

func sizeOfMedia(m reference.Media) int {
	if m.FileURL == nil {
		return textOfMedia(m)
	}
	return textTakes + textOfMedia(m)
}
