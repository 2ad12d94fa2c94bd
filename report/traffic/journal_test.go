package traffic_test

import (
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck/report/traffic"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestJournalKeepsTheNewest: 10,000 entries, however many came, and those of one caller go alone.
func TestJournalKeepsTheNewest(t *testing.T) {
	t.Parallel()
	j := traffic.NewJournal(&traffic.Judge{})
	for n := range 25_000 {
		x := exchange("GET", "/elsewhere", "", 404, "")
		x.Caller = []string{"even", "odd"}[n%2]
		j.Add(x)
	}
	numbers := func(f traffic.Filter) (first, last int64, count int) {
		all := j.Entries(f)
		require.NotEmpty(t, all)
		for i, e := range all[1:] {
			require.Less(t, all[i].Number, e.Number)
		}
		return all[0].Number, all[len(all)-1].Number, len(all)
	}
	first, last, count := numbers(traffic.Filter{})
	assert.Equal(t, []any{int64(15_001), int64(25_000), 10_000}, []any{first, last, count})
	first, _, count = numbers(traffic.Filter{After: 24_000})
	assert.Equal(t, []any{int64(24_001), 1000}, []any{first, count})
	j.Forget("odd")
	first, last, count = numbers(traffic.Filter{})
	assert.Equal(t, []any{int64(15_001), int64(24_999), 5000}, []any{first, last, count})
}

// TestJournalKeepsNoMoreThan64MiB: of bodies that are as long as they are kept.
func TestJournalKeepsNoMoreThan64MiB(t *testing.T) {
	t.Parallel()
	j := traffic.NewJournal(&traffic.Judge{})
	long := strings.Repeat(" ", traffic.Kept)
	for range 3000 {
		x := exchange("GET", "/elsewhere", "", 404, "")
		x.Answer = []byte(long)
		j.Add(x)
	}
	all := j.Entries(traffic.Filter{})
	assert.EqualValues(t, 3000, all[len(all)-1].Number)
	assert.Less(t, len(all)*traffic.Kept, 64<<20)
	assert.Greater(t, len(all)*traffic.Kept, 60<<20)
}
