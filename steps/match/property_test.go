package match

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
	"pgregory.net/rapid"
)

// values draws JSON values. Texts never look like a placeholder.
func values(depth int) *rapid.Generator[any] {
	leaves := []*rapid.Generator[any]{
		rapid.Just[any](nil),
		rapid.Bool().AsAny(),
		rapid.Int64().AsAny(),
		rapid.StringMatching(`[^<\x{fffd}]{0,8}`).AsAny(),
	}
	if depth == 0 {
		return rapid.OneOf(leaves...)
	}
	deeper := values(depth - 1)
	return rapid.OneOf(append(leaves,
		rapid.SliceOfN(deeper, 0, 4).AsAny(),
		rapid.MapOfN(rapid.StringMatching(`[a-z ".]{1,4}`), deeper, 0, 4).AsAny(),
	)...)
}

func encoded(t *rapid.T, v any) gjson.Result {
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return gjson.ParseBytes(text)
}

func matchesItself(t *rapid.T, pattern, actual any) *Mismatch {
	m := Known(func(string) (string, error) { return "", errors.New("nothing is known") })
	bad, err := m.Match(encoded(t, pattern), encoded(t, actual), "$")
	require.NoError(t, err)
	return bad
}

// TestValueMatchesItself: whatever it is, also with further keys.
func TestValueMatchesItself(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := values(3).Draw(t, "value")
		require.Nil(t, matchesItself(t, v, v))
		require.Nil(t, matchesItself(t, v, furnished(v)), "with further keys")
	})
}

// furnished gives v with a further key in each object.
func furnished(v any) any {
	switch v := v.(type) {
	case map[string]any:
		more := map[string]any{"a further key": 1}
		for key, child := range v {
			more[key] = furnished(child)
		}
		return more
	case []any:
		more := make([]any, len(v))
		for i, child := range v {
			more[i] = furnished(child)
		}
		return more
	}
	return v
}

// TestMutatedValueDoesNotMatch: one leaf that is another value, or gone, is
// noticed wherever it stands.
func TestMutatedValueDoesNotMatch(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := map[string]any{"root": values(3).Draw(t, "value")}
		at := ways(v, nil)
		way := at[rapid.IntRange(0, len(at)-1).Draw(t, "leaf")]
		changed := mutated(v, way, rapid.Bool().Draw(t, "gone"))
		require.NotNil(t, matchesItself(t, v, changed), "%s: %v", strings.Join(way, "."), changed)
	})
}

// ways lists the way to each member and element.
func ways(v any, to []string) [][]string {
	var all [][]string
	visit := func(key string, child any) {
		way := append(append([]string{}, to...), key)
		all = append(append(all, way), ways(child, way)...)
	}
	switch v := v.(type) {
	case map[string]any:
		for key, child := range v {
			visit(key, child)
		}
	case []any:
		for i, child := range v {
			visit(fmt.Sprint(i), child)
		}
	}
	return all
}

// mutated gives a copy of v whose member at a way is gone, or something that no
// generated value is.
func mutated(v any, way []string, gone bool) any {
	if len(way) == 0 {
		return "<changed"
	}
	switch v := v.(type) {
	case map[string]any:
		all := map[string]any{}
		for key, child := range v {
			if key != way[0] {
				all[key] = child
			} else if len(way) > 1 || !gone {
				all[key] = mutated(child, way[1:], gone)
			}
		}
		return all
	case []any:
		all := []any{}
		for i, child := range v {
			if fmt.Sprint(i) != way[0] {
				all = append(all, child)
			} else if len(way) > 1 || !gone {
				all = append(all, mutated(child, way[1:], gone))
			}
		}
		return all
	}
	return v
}
