package traffic

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// variations are a value of JSON with one thing in it left out or of another type.
func variations(value any) (all []any) {
	all = []any{nil, true, "text", json.Number("1"), json.Number("1.5"), []any{}, map[string]any{}}
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			put := func(m any, isThere bool) {
				other := map[string]any{}
				for n, old := range v {
					other[n] = old
				}
				if other[name] = m; !isThere {
					delete(other, name)
				}
				all = append(all, other)
			}
			put(nil, false)
			for _, m := range variations(member) {
				put(m, true)
			}
		}
	case []any:
		for i := range v {
			for _, element := range variations(v[i]) {
				other := append([]any{}, v...)
				other[i] = element
				all = append(all, other)
			}
		}
	}
	return all
}

// TestOutlines: what is recorded fits its outline, and what fits an outline fits its
// schema: nothing goes by that the schema would refuse.
func TestOutlines(t *testing.T) {
	t.Parallel()
	refused, fit := 0, 0
	for _, o := range operations() {
		for _, x := range o.Examples {
			form := forms()[formKey{o.called, x.Status}]
			assert.True(t, form.sure.fits(gjson.Parse(x.ResponseBody)), "%s: %s", o.called, x.ResponseBody)
			recorded, err := jsonschema.UnmarshalJSON(strings.NewReader(x.ResponseBody))
			require.NoError(t, err)
			for _, value := range variations(recorded) {
				text, err := json.Marshal(value)
				require.NoError(t, err)
				err = form.whole.Validate(value)
				if form.sure.fits(gjson.ParseBytes(text)) {
					fit++
					assert.NoError(t, err, "%s: %s", o.called, text)
				} else if err != nil {
					refused++
				}
			}
		}
	}
	assert.Greater(t, fit, 100)
	assert.Greater(t, refused, 1000)
}
