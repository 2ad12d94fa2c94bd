package wire

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCreationsOnConnectionsThatLast: where the other end is known to end connections,
// no creation is lost with one.
func TestCreationsOnConnectionsThatLast(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		ends  func(http.ResponseWriter)
		fresh bool
	}{
		{"a server that keeps them", func(http.ResponseWriter) {}, false},
		{"a server that says how long it keeps them", func(w http.ResponseWriter) { w.Header().Set("Keep-Alive", "timeout=5") }, true},
		{"a server that ends each after an answer", hangUp, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			first := map[string]bool{} // by address of the client
			var again []string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				if r.Method == http.MethodPost && first[r.RemoteAddr] {
					again = append(again, r.RemoteAddr)
				}
				first[r.RemoteAddr] = true
				mu.Unlock()
				tt.ends(w)
			}))
			t.Cleanup(server.Close)
			c := NewClient(Settings{URL: server.URL, Timeout: time.Minute})
			t.Cleanup(c.Close)
			for _, method := range []string{"GET", "GET", "POST", "GET", "POST", "POST", "POST"} {
				e := &Exchange{Method: method}
				req, err := http.NewRequestWithContext(e.Within(t.Context()), method, server.URL, http.NoBody)
				require.NoError(t, err)
				_, err = c.Do(req)
				require.NoError(t, err)
			}
			assert.Equal(t, tt.fresh, len(again) == 0, again)
		})
	}
}

// hangUp answers, and ends the connection without having said so.
func hangUp(w http.ResponseWriter) {
	conn, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	_, _ = rw.WriteString("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") // the client tells
	_, _ = rw.Flush(), conn.Close()
}
