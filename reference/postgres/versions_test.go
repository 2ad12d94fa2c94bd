package postgres

import (
	"bytes"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

// TestVersionsDoNotEnd: a version in the index that no database reaches raises none, and
// holds nothing else up. What is never put right is on its way no more.
func TestVersionsDoNotEnd(t *testing.T) {
	t.Parallel()
	for _, version := range []int64{farthest + 1, math.MaxInt64} {
		s, index, conn := openUnsteady(t)
		for _, id := range []string{"a", "b"} {
			_, err := s.CreateAsset(t.Context(), reference.Asset{ID: id, Title: "right"})
			require.NoError(t, err)
		}
		settled(t, conn)
		for id, of := range map[string]int64{"a": version, "b": 1000} {
			d := index.has(id)
			d.Version, d.Source = of, []byte(`{"title":"later"}`)
			index.set(id, d)
			_, err := s.Asset(t.Context(), id)
			require.NoError(t, err)
		}
		index.says(t, `which no database reaches; \"pocketcheck reindex\" without --missing makes it anew`)
		require.Eventually(t, func() bool { return !bytes.Contains(index.has("b").Source, []byte("later")) }, time.Minute, 20*time.Millisecond)
		a, err := s.Asset(t.Context(), "a")
		require.NoError(t, err)
		assert.Equal(t, "right", a.Title)
		assert.Less(t, a.Version, int64(farthest))

		pending, err := s.pending(t.Context(), assets, []string{"a"})
		require.NoError(t, err)
		assert.Equal(t, []string{"a"}, pending)
		_, err = conn.Exec(t.Context(), `UPDATE pending SET attempts = $1`, tried)
		require.NoError(t, err)
		pending, err = s.pending(t.Context(), assets, []string{"a"})
		require.NoError(t, err)
		assert.Empty(t, pending)
	}
}
