package reference_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestHead: what a GET asks, a HEAD may ask, and gets all but the body.
func TestHead(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(serve(t))
	t.Cleanup(s.Close)
	ask := func(method, path, key string) (*http.Response, string) {
		r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, http.NoBody)
		require.NoError(t, err)
		r.Header.Set("X-API-KEY", key)
		answer, err := s.Client().Do(r)
		require.NoError(t, err)
		text, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		return answer, string(text)
	}
	asked := 0
	for _, endpoint := range endpoints {
		path, isGet := strings.CutPrefix(endpoint, "GET ")
		if !isGet {
			continue
		}
		asked++
		for _, path := range []string{path, strings.Replace(path, id(seeded), "not-found-id", 1)} {
			for _, key := range []string{admin, "unknown"} {
				get, _ := ask(http.MethodGet, path, key)
				head, body := ask(http.MethodHead, path, key)
				assert.Equal(t, get.StatusCode, head.StatusCode, path)
				assert.Equal(t, get.Header.Get("Content-Type"), head.Header.Get("Content-Type"), path)
				assert.Empty(t, body, path)
			}
		}
	}
	assert.Equal(t, 10, asked)
	head, _ := ask(http.MethodHead, seeded+"/trash_bin", admin)
	assert.Equal(t, http.StatusMethodNotAllowed, head.StatusCode)
	assert.Equal(t, "POST", head.Header.Get("Allow"))
}
