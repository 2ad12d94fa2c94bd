package steps

import (
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/steps/wire"
	"github.com/stretchr/testify/assert"
)

// TestLasting: what is wrong is told in the same words in each run, and in others
// where something else is wrong.
func TestLasting(t *testing.T) {
	t.Parallel()
	known := map[string]wire.Part{
		"asset id": {Text: "qYr_jbC-hsrf_HLa-qxa"}, "comment id": {Text: "17"}, "external id": {Text: "pocketcheck-ABCDEFGH"},
	}
	for _, tt := range []struct{ message, path, expected, actual, want string }{
		{"status of GET http://h/1", "", "403 Forbidden", "200 OK", "status is 200, want 403"},
		{"status of GET http://h/1", "", "no 5xx", "500 Internal Server Error", "status is 500, want no 5xx"},
		{"body of the answer to GET http://h/1", "", "JSON", `"<html>17"`, "body is no JSON"},
		{"answer to GET http://h/1", "", "an answer", "none: EOF", "no answer"},
		{"", "$.comment.message", `"new"`, `"old"`, `$.comment.message is "old", want "new"`},
		{"", "$.comment", "an object", "missing", "$.comment is missing, want an object"},
		{"", "$.comment.id", "the comment id, the number 17", "18", "$.comment.id is a number, want the comment id, the number …"},
		{"", "$.comment.id", "the comment id, the number 17", `"17"`, "$.comment.id is a string, want the comment id, the number …"},
		{"", "$.comment.id", "the comment id, the number 17", "null", "$.comment.id is null, want the comment id, the number …"},
		{"", "$.asset.id", `the asset id, "qYr_jbC-hsrf_HLa-qxa"`, `"pYr_jbC-hsrf_HLa-qxa"`, `$.asset.id is a string, want the asset id, "<asset id>"`},
		{"", "$.error", `"asset not found"`, `"qYr_jbC-hsrf_HLa-qxa not found, ref 7f3a at 10:02 of http://h/x"`, `$.error is "<asset id> not found, ref … at … of …", want "asset not found"`},
		{"", "$.history.results[3].event_type", `"ASSET_ADDED"`, "{}", `$.history.results[].event_type is an object, want "ASSET_ADDED"`},
		{"", "$.count", "2", "3", "$.count is 3, want 2"},
		{"", "$.tags", "an array", "[]", "$.tags is an empty array, want an array"},
		{"", "$.title", `"a"`, "\"\u202e\"", `$.title is "\u202e", want "a"`},
	} {
		f := report.Failure{Message: tt.message, Path: tt.path, Expected: tt.expected, Actual: tt.actual}
		assert.Equal(t, tt.want, lasting(f, known))
	}
}
