package reference

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestObject holds what is read of a body against what the standard library reads.
func TestObject(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"comment": "a comment"}`, `{"comm\u0065nt": "by another name"}`, `{"COMMENT": "by none"}`,
		`{"comment": "a", "comment": "b"}`, `{"comment": "a", "comment": null}`, `{"comment": null, "comment": "b"}`,
		`{"comment": "\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"}`, `{"comment": "\ud83d alone"}`, "{\"comment\": \"\xff is no UTF-8\"}",
		`{"comment": "日本"}`, `{"comment": ""}`, ` {"a": {"comment": "inside"}, "comment" : [1, {"comment": 2}] } `,
		`{"comment": 1e400}`, `{"comment": -0.0, "": true}`, `{}`,
	} {
		var want map[string]json.RawMessage
		assert.NoError(t, json.Unmarshal([]byte(body), &want), body)
		got, err := object([]byte(body))
		assert.NoError(t, err, body)
		value, isGiven := got.of("comment")
		raw := string(want["comment"])
		assert.Equal(t, raw != "" && raw != "null", isGiven, body)
		if !isGiven {
			continue
		}
		assert.Equal(t, raw, value, body)
		var text string
		if isString(value) {
			assert.NoError(t, json.Unmarshal([]byte(raw), &text), body)
			assert.Equal(t, text, *got.text("comment"), body)
		}
	}
}
