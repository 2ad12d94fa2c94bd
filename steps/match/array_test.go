package match

import "testing"

func TestArrays(t *testing.T) {
	t.Parallel()
	ok := Mismatch{}
	match(t, []row{
		{"any order", `["a", "b", "c"]`, `["c", "a", "b"]`, ok},
		{"one too many", `["a"]`, `["a", "b"]`, Mismatch{"$", `exactly ["a"], in any order`, `["a", "b"]`, nil}},
		{"one too few", `["a", "b"]`, `["a"]`, Mismatch{"$", `exactly ["a", "b"], in any order`, `["a"]`, nil}},
		{"same twice for two", `["a", "b"]`, `["a", "a"]`, Mismatch{"$", `an element "b"`, `["a","a"]`, nil}},
		{"same twice", `["a", "a"]`, `["a", "b"]`, Mismatch{"$", `an element "a"`, `["a","b"]`, nil}},
		{"a wide pattern before a narrow one", `["#string", "a"]`, `["a", "b"]`, ok},
		{"wide patterns that must move twice", `["#anything", "#string", "a"]`, `["a", "b", 1]`, ok},
		{"two narrow ones for one element", `["#number", "#number"]`, `[1, "a"]`, Mismatch{"$", "an element a number", `[1,"a"]`, nil}},
		{"empty", `[]`, `[]`, ok},
		{"not empty", `{"a": []}`, `{"a": [1]}`, Mismatch{"$.a", "exactly [], in any order", "[1]", nil}},
		{"object for array", `[]`, `{}`, Mismatch{"$", "an array", "{}", nil}},
		{"null for array", `[]`, `null`, Mismatch{"$", "an array", "null", nil}},
		{"and others", `["b", "#and others"]`, `["a", "b"]`, ok},
		{"and no others", `["b", "#and others"]`, `["b"]`, ok},
		{"only others", `["b", "#and others"]`, `["a"]`, Mismatch{"$", `an element "b"`, `["a"]`, nil}},
		{"others of nothing", `["b", "#and others"]`, `[]`, Mismatch{"$", `an element "b"`, "[]", nil}},
		{"any array", `["#and others"]`, `[1]`, ok},
		{"each", `["#each", "#string"]`, `["a", "b"]`, ok},
		{"each of none", `["#each", "#string"]`, `[]`, ok},
		{"each but the last", `{"a": ["#each", {"b": "#string"}]}`, `{"a": [{"b": "x"}, {"b": 2}]}`,
			Mismatch{"$.a[1].b", "a string", "2", nil}},
		{"each for null", `["#each", "#string"]`, `null`, Mismatch{"$", "an array", "null", nil}},
	})
}

// TestElementThatIsMeant: where the element with the id that was looked for is
// there, its own Mismatch is reported, not that of the first.
func TestElementThatIsMeant(t *testing.T) {
	t.Parallel()
	match(t, []row{
		{
			"by comment id", `{"comments": [{"id": "${other comment id}", "message": "x"}, "#and others"]}`,
			`{"comments": [{"id": 1, "message": "y"}, {"id": 8, "message": "z"}, {"id": 2, "message": "x"}]}`,
			Mismatch{"$.comments[1].message", `"x"`, `"z"`, nil},
		},
		{
			"by asset id", `[{"id": "${asset id}", "a": {"b": 1}}, "#and others"]`, `[{"id": "q"}, {"id": "x1", "a": {}}]`,
			Mismatch{"$[1].a.b", "1", "missing", nil},
		},
		{
			"id of another type", `[{"id": "${other comment id}"}, "#and others"]`, `[{"id": 7}, {"id": "8"}]`,
			Mismatch{"$[1].id", "the other comment id, the number 8", `"8"`, nil},
		},
		{
			"the only element", `[{"id": "#number", "a": 1}]`, `[{"id": 3, "a": 2}]`, Mismatch{"$[0].a", "1", "2", nil},
		},
		{
			"none of them", `[{"id": "${other comment id}"}, "#and others"]`, `[{"id": 1}, {"id": 2}]`,
			Mismatch{"$", `an element {"id": "${other comment id}"}`, `[{"id": 1},{"id": 2}]`, nil},
		},
	})
}
