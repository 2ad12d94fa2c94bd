package match

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// row is a pattern, an answer, and the first place at which they differ: none
// where the answer matches.
type row struct {
	name, pattern, actual string
	want                  Mismatch
}

// knowing is a matcher of a scenario that knows a few values.
func knowing() Known {
	values := map[string]string{
		"asset id": "x1", "other asset id": "x2", "project id": "12", "external id": "pocketcheck-1",
		"comment id": "9007199254740993", "other comment id": "8", "run id": "3", "DAG action id": "4", "media id": "5",
		"collection id": "c1", "other project id": "13",
	}
	return Known(func(name string) (string, error) {
		v, ok := values[name]
		if !ok {
			return "", fmt.Errorf("the scenario knows no %q", name)
		}
		return v, nil
	})
}

func match(t *testing.T, rows []row) {
	t.Helper()
	for _, tt := range rows {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			require.True(t, gjson.Valid(tt.pattern) && gjson.Valid(tt.actual))
			got, err := knowing().Match(gjson.Parse(tt.pattern), gjson.Parse(tt.actual), "$")
			require.NoError(t, err)
			if tt.want.Path == "" {
				assert.Nil(t, got)
				return
			}
			require.NotNil(t, got, "it matches")
			assert.Equal(t, tt.want, *got)
		})
	}
}

func TestLiterals(t *testing.T) {
	t.Parallel()
	ok := Mismatch{}
	match(t, []row{
		{"equal string", `"a"`, `"a"`, ok},
		{"string escaped otherwise", `"a/é"`, `"\u0061\/\u00e9"`, ok},
		{"other string", `"a"`, `"A"`, Mismatch{"$", `"a"`, `"A"`, nil}},
		{"composed and decomposed letter", `"\u00e9"`, `"e\u0301"`, Mismatch{"$", `"\u00e9"`, `"e\u0301"`, nil}},
		{"equal number", `1`, `1`, ok},
		{"number beyond 2^53", `9007199254740993`, `9007199254740993`, ok},
		{"its neighbour", `9007199254740993`, `9007199254740992`, Mismatch{"$", "9007199254740993", "9007199254740992", nil}},
		{"number and the same as a float", `1`, `1.0`, ok},
		{"number and the same with an exponent", `400`, `4000e-1`, ok},
		{"fraction and the same with an exponent", `0.5`, `5E-1`, ok},
		{"number and fraction", `1`, `1.5`, Mismatch{"$", "1", "1.5", nil}},
		{"number and a huge one", `1`, `1e999999999`, Mismatch{"$", "1", "1e999999999", nil}},
		{"number and its neighbour", `9007199254740992`, `9007199254740993`, Mismatch{"$", "9007199254740992", "9007199254740993", nil}},
		{"number and string", `1`, `"1"`, Mismatch{"$", "1", `"1"`, nil}},
		{"string and number", `"1"`, `1`, Mismatch{"$", `"1"`, "1", nil}},
		{"true", `true`, `true`, ok},
		{"true and false", `true`, `false`, Mismatch{"$", "true", "false", nil}},
		{"true and string", `true`, `"true"`, Mismatch{"$", "true", `"true"`, nil}},
		{"null", `null`, `null`, ok},
		{"null and string", `null`, `"null"`, Mismatch{"$", "null", `"null"`, nil}},
		{"null and false", `null`, `false`, Mismatch{"$", "null", "false", nil}},
		{"empty string and null", `""`, `null`, Mismatch{"$", `""`, "null", nil}},
	})
}

func TestObjects(t *testing.T) {
	t.Parallel()
	ok := Mismatch{}
	match(t, []row{
		{"equal", `{"a": 1, "b": 2}`, `{"b": 2, "a": 1}`, ok},
		{"further keys", `{"a": 1}`, `{"a": 1, "z": {"b": 2}}`, ok},
		{"empty pattern", `{}`, `{"a": 1}`, ok},
		{"missing key", `{"a": {"b": 1}}`, `{"a": {}}`, Mismatch{"$.a.b", "1", "missing", nil}},
		{"missing kind", `{"a": "#number"}`, `{}`, Mismatch{"$.a", "a number", "missing", nil}},
		{"null for null", `{"a": null}`, `{"a": null}`, ok},
		{"missing for null", `{"a": null}`, `{}`, Mismatch{"$.a", "null", "missing", nil}},
		{"missing for string or null", `{"a": "#string or null"}`, `{}`, Mismatch{"$.a", "a string or null", "missing", nil}},
		{"missing for anything", `{"a": "#anything"}`, `{}`, Mismatch{"$.a", "any value", "missing", nil}},
		{"each of two mismatches", `{"a": 1, "b": 2}`, `{"b": 0, "a": 0}`, Mismatch{"$.a", "1", "0", []*Mismatch{{"$.b", "2", "0", nil}}}},
		{"each at its depth", `{"a": {"b": 1, "c": 2}, "d": "#array"}`, `{"a": {"b": 0}}`, Mismatch{"$.a.b", "1", "0", []*Mismatch{{"$.a.c", "2", "missing", nil}, {"$.d", "an array", "missing", nil}}}},
		{"deep Mismatch", `{"a": [{"b": {"c": "x"}}]}`, `{"a": [{"b": {"c": "y"}}]}`, Mismatch{"$.a[0].b.c", `"x"`, `"y"`, nil}},
		{"key twice, both good", `{"a": "#number"}`, `{"a": 1, "a": 2}`, ok},
		{"key twice, the first bad", `{"a": 1}`, `{"a": 2, "a": 1}`, Mismatch{"$.a", "1", "2", nil}},
		{"key twice, the last bad", `{"a": 1}`, `{"a": 1, "a": 2}`, Mismatch{"$.a", "1", "2", nil}},
		{"key that is a path of gjson", `{"a.b": 1, "c*": 2}`, `{"a": {"b": 1}, "cc": 2}`, Mismatch{"$.a.b", "1", "missing", []*Mismatch{{"$.c*", "2", "missing", nil}}}},
		{"escaped key", `{"a": 1}`, `{"\u0061": 1}`, ok},
		{"array for object", `{"a": 1}`, `[{"a": 1}]`, Mismatch{"$", "an object", `[{"a": 1}]`, nil}},
		{"null for object", `{"a": {"b": 1}}`, `{"a": null}`, Mismatch{"$.a", "an object", "null", nil}},
		{"text for object", `{"a": {"b": 1}}`, `{"a": "{}"}`, Mismatch{"$.a", "an object", `"{}"`, nil}},
	})
}

func TestKinds(t *testing.T) {
	t.Parallel()
	values := []string{`""`, `"a"`, `0`, `-1.5e3`, `true`, `false`, `[]`, `{}`, `null`}
	for kind, matching := range map[string][]string{
		"#string":         {`""`, `"a"`},
		"#number":         {`0`, `-1.5e3`},
		"#boolean":        {`true`, `false`},
		"#array":          {`[]`},
		"#anything":       values,
		"#string or null": {`""`, `"a"`, `null`},
		"#timestamp":      {},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			var found []string
			for _, v := range values {
				bad, err := knowing().Match(gjson.Parse(`"`+kind+`"`), gjson.Parse(v), "$")
				require.NoError(t, err)
				if bad == nil {
					found = append(found, v)
					continue
				}
				assert.Equal(t, Mismatch{"$", kinds[kind].expected, v, nil}, *bad)
			}
			assert.ElementsMatch(t, matching, found)
		})
	}
	assert.Len(t, kinds, 7, "a kind that this test does not know")
}

func TestTimestamps(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, value string
		want        bool
	}{
		{"as documented", `"2023-11-27T09:42:40.792Z"`, true},
		{"leap day", `"2024-02-29T00:00:00.000Z"`, true},
		{"no milliseconds", `"2023-11-27T09:42:40Z"`, false},
		{"microseconds", `"2023-11-27T09:42:40.792123Z"`, false},
		{"offset", `"2023-11-27T09:42:40.792+00:00"`, false},
		{"no zone", `"2023-11-27T09:42:40.792"`, false},
		{"small z", `"2023-11-27T09:42:40.792z"`, false},
		{"comma", `"2023-11-27T09:42:40,792Z"`, false},
		{"blank", `"2023-11-27 09:42:40.792Z"`, false},
		{"month 13", `"2023-13-27T09:42:40.792Z"`, false},
		{"February 30", `"2023-02-30T09:42:40.792Z"`, false},
		{"hour 24", `"2023-11-27T24:00:00.000Z"`, false},
		{"line break after it", `"2023-11-27T09:42:40.792Z\n"`, false},
		{"text before it", `"at 2023-11-27T09:42:40.792Z"`, false},
		{"epoch", `1701078160792`, false},
		{"epoch as text", `"1701078160792"`, false},
		{"other digits", `"٢٠٢٣-11-27T09:42:40.792Z"`, false},
		{"null", `null`, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			bad, err := knowing().Match(gjson.Parse(`"#timestamp"`), gjson.Parse(tt.value), "$")
			require.NoError(t, err)
			assert.Equal(t, tt.want, bad == nil)
		})
	}
}

func TestKnownValues(t *testing.T) {
	t.Parallel()
	ok := Mismatch{}
	match(t, []row{
		{"asset", `"${asset id}"`, `"x1"`, ok},
		{"other asset", `"${asset id}"`, `"x2"`, Mismatch{"$", `the asset id, "x1"`, `"x2"`, nil}},
		{"id as null", `"${other asset id}"`, `null`, Mismatch{"$", `the other asset id, "x2"`, "null", nil}},
		{"collection", `"${collection id}"`, `"c1"`, ok},
		{"external id", `"${external id}"`, `"pocketcheck-1"`, ok},
		{"project, a string", `"${project id}"`, `"12"`, ok},
		{"project as number", `"${project id}"`, `12`, Mismatch{"$", `the project id, "12"`, "12", nil}},
		{"other project", `"${other project id}"`, `"13"`, ok},
		{"comment", `"${comment id}"`, `9007199254740993`, ok},
		{"comment one off", `"${comment id}"`, `9007199254740992`,
			Mismatch{"$", "the comment id, the number 9007199254740993", "9007199254740992", nil}},
		{"comment as string", `"${other comment id}"`, `"8"`, Mismatch{"$", "the other comment id, the number 8", `"8"`, nil}},
		{"comment as float", `"${other comment id}"`, `8.0`, ok},
		{"comment as fraction", `"${other comment id}"`, `8.5`, Mismatch{"$", "the other comment id, the number 8", "8.5", nil}},
		{"run", `"${run id}"`, `3`, ok},
		{"DAG action", `"${DAG action id}"`, `4`, ok},
		{"media", `"${media id}"`, `5`, ok},
	})
}

func TestUnknownPlaceholder(t *testing.T) {
	t.Parallel()
	for name, pattern := range map[string]string{
		"at the top": `"${nonsense}"`, "in an object": `{"a": "${asset}"}`, "in an array": `["#int", "#and others"]`,
		"each at the end": `["#string", "#each"]`, "others at the start": `["#and others", "#string"]`,
		"kind in another case": `"#String"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			actual := map[byte]string{'"': `"x"`, '{': `{"a": "x"}`, '[': `["x", "y"]`}[pattern[0]]
			_, err := knowing().Match(gjson.Parse(pattern), gjson.Parse(actual), "$")
			assert.Regexp(t, "^(the scenario knows no|there is no kind of value)", err)
		})
	}
	for _, text := range []string{`"<b>bold</b>"`, `"#1"`, `"$5"`, `"${asset id} and more"`} {
		bad, err := knowing().Match(gjson.Parse(text), gjson.Parse(text), "$")
		require.NoError(t, err)
		assert.Nil(t, bad, "%s is no placeholder", text)
	}
}
