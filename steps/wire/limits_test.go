package wire

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// get asks a server that is made of handler.
func get(t *testing.T, timeout time.Duration, handler http.HandlerFunc) *Exchange {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	c := NewClient(Settings{Timeout: timeout})
	t.Cleanup(c.Close)
	e := &Exchange{}
	req, err := http.NewRequestWithContext(e.Within(t.Context()), http.MethodGet, server.URL, nil)
	require.NoError(t, err)
	_, err = c.Do(req)
	assert.Equal(t, e.Failure, err)
	return e
}

func TestLongBody(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		size int
		want error
	}{{"at the limit", bodyLimit, nil}, {"beyond it", bodyLimit + 1, errTooLong}, {"without end", 1 << 50, errTooLong}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int32
			e := get(t, 20*time.Second, func(w http.ResponseWriter, _ *http.Request) {
				asked.Add(1)
				_, _ = io.CopyN(w, endless('1'), int64(tt.size)) // it may be cut off
			})
			require.ErrorIs(t, e.Failure, tt.want)
			assert.Len(t, e.Answer, bodyLimit)
			assert.EqualValues(t, 1, asked.Load(), "the same again would be as long")
		})
	}
}

// endless gives one byte for ever.
type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]string{"no answer": "", "half an answer": `{"media": [`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int32
			e := get(t, 50*time.Millisecond, func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				if begin != "" {
					_, _ = io.WriteString(w, begin)           // the client
					_ = http.NewResponseController(w).Flush() // will go
				}
				<-r.Context().Done()
			})
			require.ErrorContains(t, e.Failure, "no whole answer within 50ms")
			assert.LessOrEqual(t, asked.Load(), int32(1), "it is not asked again")
		})
	}
}
