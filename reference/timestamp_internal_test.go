package reference

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestTimestamps: a time is as the document writes it, in thousandths of a second, the rest
// cut off, wherever it was taken.
func TestTimestamps(t *testing.T) {
	t.Parallel()
	for want, of := range map[timestamp]time.Time{
		"2019-03-15T12:49:47.000Z": time.Date(2019, 3, 15, 12, 49, 47, 0, time.UTC),
		"2019-03-15T12:49:47.007Z": time.Date(2019, 3, 15, 13, 49, 47, 7_999_999, time.FixedZone("", 3600)),
		"2020-02-29T23:59:59.123Z": time.Date(2020, 2, 29, 23, 59, 59, 123_000_000, time.UTC),
		"9999-12-31T23:59:59.999Z": time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
		"0001-01-01T00:00:00.000Z": {},
	} {
		assert.Equal(t, want, at(of))
		assert.Equal(t, of.UTC().Format("2006-01-02T15:04:05.000Z"), string(at(of)))
	}
}
