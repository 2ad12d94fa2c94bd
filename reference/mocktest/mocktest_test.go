package mocktest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck/reference/control"
	"github.com/pocketcheck/pocketcheck/reference/mocktest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func sends(t *testing.T, method, url, key, body string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-API-KEY", key)
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	return answer.StatusCode
}

// recorder is a test that is watched.
type recorder struct {
	testing.TB
	errors []string
}

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

func TestJournal(t *testing.T) {
	t.Parallel()
	mock := mocktest.New(t)
	assert.Equal(t, 200, sends(t, "GET", mock.URL+"/api/v2/assets/"+mock.Asset, mock.Key, ""))
	watched := &recorder{TB: t}
	j := mock.Journal(watched)
	j.NoViolations()
	j.Met("assets.get.ok", "assets.get.*")
	assert.Empty(t, watched.errors)

	other := mock.Caller(t)
	assert.Equal(t, 422, sends(t, "POST", mock.URL+"/api/v2/assets", other.APIKey, `{"titel": "x"}`))
	mock.Journal(watched, mock.User).NoViolations()
	assert.Empty(t, watched.errors, "what another did")
	mock.Journal(watched, other.User).NoViolations()
	require.Len(t, watched.errors, 1)
	assert.Contains(t, watched.errors[0], "the parameter title is missing")
	assert.Contains(t, watched.errors[0], "assets.create.param-title")
	mock.Journal(watched).Met("assets.delete.ok")
	assert.Equal(t, "no request met assets.delete.ok", watched.errors[1])
}

func TestJournalAtTheEnd(t *testing.T) {
	t.Parallel()
	mock := mocktest.New(t)
	t.Cleanup(func() { mock.Journal(t).Met("assets.get.ok") })
	assert.Equal(t, 200, sends(t, "GET", mock.URL+"/api/v2/assets/"+mock.Asset, mock.Key, ""))
}

func TestRuleEndsWithItsTest(t *testing.T) {
	t.Parallel()
	mock := mocktest.New(t)
	t.Run("within", func(t *testing.T) {
		mock.Rule(t, control.Rule{Status: 503})
		assert.Equal(t, 503, sends(t, "GET", mock.URL+"/api/v2/assets/"+mock.Asset, mock.Key, ""))
		assert.Equal(t, 200, sends(t, "GET", mock.URL+"/api/v2/assets/"+mock.Asset, mock.Caller(t).APIKey, ""))
	})
	assert.Equal(t, 200, sends(t, "GET", mock.URL+"/api/v2/assets/"+mock.Asset, mock.Key, ""))
}
