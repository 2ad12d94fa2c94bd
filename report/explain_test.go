package report

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestExplains: only what was seen to be wrong in the same way is why something
// else is.
func TestExplains(t *testing.T) {
	t.Parallel()
	at := func(endpoint, path, actual string) *Failure {
		return &Failure{Endpoint: endpoint, Status: 200, Path: path, Actual: actual}
	}
	status := func(endpoint string, status int) *Failure { return &Failure{Endpoint: endpoint, Status: status} }
	wanting := func(f *Failure, expected string) *Failure {
		f.Expected = expected
		return f
	}
	for _, tt := range []struct {
		name        string
		seen, other *Failure
		want        bool
	}{
		{"the same status", status(read, 500), status(read, 500), true},
		{"another status", status(read, 404), status(read, 500), false},
		{"another endpoint's status", status(change, 500), status(read, 500), false},
		{"let in, as another is", wanting(status(read, 200), "404 Not Found"), wanting(status(read, 200), "403 Forbidden"), true},
		{"let in, and another success", wanting(status(read, 204), "200 OK"), wanting(status(read, 204), "403 Forbidden"), false},
		{"broken off, whatever is due", wanting(status(read, 500), "200 OK"), wanting(status(read, 500), "403 Forbidden"), true},
		{"a status by a text", at(read, "$.thing.text", `"a"`), status(read, 500), false},
		{"a text by a status", status(read, 500), at(read, "$.thing.text", `"a"`), false},
		{"the same member, of another thing", at(read, "$.thing.text", `"a"`), at(read, "$.thing.text", `"b"`), true},
		{"the same member of a list", at(list, "$.things[0].text", `"a"`), at(list, "$.things[2].text", `"b"`), true},
		{"the same member of another kind", at(read, "$.thing.text", "null"), at(read, "$.thing.text", `"b"`), false},
		{"another member", at(read, "$.thing.text", "missing"), at(read, "$.thing.name", "missing"), false},
		{"the same value in another's answer", at(change, "$.thing.text", `"a"`), at(read, "$.thing.text", `"a"`), true},
		{"another value in another's answer", at(change, "$.thing.text", `"a"`), at(read, "$.thing.text", `"b"`), false},
		{"a member of what is no object", at(read, "$.thing", "[]"), at(read, "$.thing.text", "missing"), true},
		{"a member of what is missing", at(read, "$.thing", "missing"), at(read, "$.thing.text", "missing"), true},
		{"an element of what is no array", at(list, "$.things", "{}"), at(list, "$.things[0].text", "missing"), true},
		{"an element of an array", at(list, "$.things", "[]"), at(list, "$.things[0].text", `"b"`), false},
		{"a longer name", at(read, "$.thing", "missing"), at(read, "$.thingy.text", "missing"), false},
		{"what things are found by", at(list, "$.things[0].id", `"1"`), at(list, "$.things", `[{"id": "1"}]`), true},
		{"what they are not found by", at(list, "$.things[0].text", `"1"`), at(list, "$.things", `[{"id": 1}]`), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, tt.seen.explains(tt.other))
		})
	}
}
