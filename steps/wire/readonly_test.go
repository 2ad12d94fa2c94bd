package wire

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestReadOnlySendsNothingButGET: whoever asks, nothing else leaves.
func TestReadOnlySendsNothingButGET(t *testing.T) {
	t.Parallel()
	sent := &attempts{list: []attempt{{status: http.StatusOK}}}
	c := NewClient(Settings{Transport: sent, Timeout: time.Second, ReadOnly: true})
	defer c.Close()
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "get"} {
		e := &Exchange{Method: method}
		req, err := http.NewRequestWithContext(e.Within(t.Context()), method, "http://127.0.0.1/", http.NoBody)
		require.NoError(t, err)
		_, err = c.Do(req)
		require.ErrorIs(t, err, ErrReadOnly, method)
	}
	assert.Empty(t, sent.sent)
	e := &Exchange{Method: http.MethodGet}
	req, err := http.NewRequestWithContext(e.Within(t.Context()), http.MethodGet, "http://127.0.0.1/", http.NoBody)
	require.NoError(t, err)
	_, err = c.Do(req)
	require.NoError(t, err)
	assert.Len(t, sent.sent, 1)
}
