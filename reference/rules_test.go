package reference_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// given draws what a caller may send as a parameter: often what is asked for.
func given() *rapid.Generator[any] {
	return rapid.OneOf(
		rapid.Just[any](nil),
		rapid.SampledFrom([]any{true, 123, "", "article", "image", "ü", strings.Repeat("ä", 255), strings.Repeat("x", 256)}),
		rapid.StringMatching(`[a-zA-Zäß🎬 ]{1,12}`).AsAny(),
		rapid.SliceOfN(rapid.SampledFrom([]any{"Tag", "x", 1, nil}), 0, 3).AsAny(),
		rapid.Just[any](map[string]any{"a": 1}),
	)
}

// refusedBecause says, by the document's rules alone, how a create is refused;
// "" for one that is not.
func refusedBecause(body map[string]any) (status int, beginning string) {
	if body["title"] == nil {
		return http.StatusUnprocessableEntity, "Missing parameter title"
	}
	for _, name := range []string{"title", "description", "category", "tags", "media_type", "external_id"} {
		invalid := "Invalid parameter '" + name + "' value "
		switch v := body[name].(type) {
		case nil:
		case string:
			if name == "tags" || name == "media_type" && v != "article" || name == "title" && v == "" {
				return http.StatusUnprocessableEntity, invalid
			}
		case []any:
			if name != "tags" || slices.Contains(v, any(1)) {
				return http.StatusUnprocessableEntity, invalid
			}
		default:
			return http.StatusUnprocessableEntity, invalid
		}
	}
	if utf8.RuneCountInString(body["title"].(string)) > 255 {
		return http.StatusBadRequest, "Title is too long (maximum is 255 characters)"
	}
	return http.StatusOK, ""
}

// TestAnyBodyKeepsTheRules creates assets from bodies of any kind: each answer is
// the one that the document's rules give, and never a 5xx.
func TestAnyBodyKeepsTheRules(t *testing.T) {
	t.Parallel()
	key := reference.UserKey{Hash: reference.HashKey("a-key"), UserID: 1}
	rapid.Check(t, func(t *rapid.T) {
		server, err := reference.New(memory.New(), reference.Options{
			Seed: reference.Seed{Users: []reference.User{{ID: 1, Email: "a@example.com"}}, Keys: []reference.UserKey{key}},
		})
		require.NoError(t, err)
		body := map[string]any{}
		for _, name := range []string{"title", "description", "category", "tags", "media_type", "external_id", "further"} {
			if rapid.Bool().Draw(t, "with "+name) {
				body[name] = given().Draw(t, name)
			}
		}
		text, err := json.Marshal(body)
		require.NoError(t, err)
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v2/assets", strings.NewReader(string(text)))
		request.Header.Set("X-API-KEY", "a-key")
		response := httptest.NewRecorder()
		server.ServeHTTP(response, request)

		status, beginning := refusedBecause(body)
		require.Equal(t, status, response.Code, "%s: %s", text, response.Body)
		var answer struct {
			Error string `json:"error"`
		}
		require.NoError(t, json.Unmarshal(response.Body.Bytes(), &answer))
		assert.True(t, strings.HasPrefix(answer.Error, beginning), "%s: %s", text, answer.Error)
		assert.Equal(t, beginning == "", answer.Error == "", "%s", text)
	})
}
