package mock_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/reference/mock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestOpenAPI: the description is one, all that it has is there, and all that is there it has.
func TestOpenAPI(t *testing.T) {
	t.Parallel()
	doc, err := openapi3.NewLoader().LoadFromData(mock.OpenAPI())
	require.NoError(t, err)
	require.NoError(t, doc.Validate(t.Context(), openapi3.IsOpenAPI31OrLater()))
	m, err := mock.New(memory.New(), mock.Options{})
	require.NoError(t, err)
	t.Cleanup(m.End)
	described := map[string]bool{}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			described[method+" "+path] = true
			if strings.HasSuffix(path, "/stream") {
				continue // it lasts
			}
			answer := httptest.NewRecorder()
			request := httptest.NewRequestWithContext(t.Context(), method, strings.ReplaceAll(path, "{id}", "rule-0"), http.NoBody)
			m.Control().ServeHTTP(answer, request)
			assert.NotContains(t, answer.Body.String(), "GET /openapi.json tells", method+" "+path)
		}
	}
	described["GET /{$}"] = true // a page for people
	for _, pattern := range mock.Levers() {
		assert.True(t, described[pattern], "%s is not described", pattern)
	}
}
