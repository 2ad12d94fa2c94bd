package steps

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// hangs keeps a request until who sent it goes.
func hangs(r *http.Request) trouble {
	<-r.Context().Done()
	return trouble{err: context.Cause(r.Context()), sent: true}
}

// TestRunEndsWhenTold: whatever a target does not answer, a run is over 5 s after its end,
// with its clean-up, and tells what it left behind.
func TestRunEndsWhenTold(t *testing.T) {
	t.Parallel()
	for name, isHanging := range map[string]func(*http.Request) bool{
		"DELETE": func(r *http.Request) bool { return r.Method == http.MethodDelete },
		"POST":   func(r *http.Request) bool { return r.Method == http.MethodPost },
		"PUT":    func(r *http.Request) bool { return r.Method == http.MethodPut },
		"GET": func(r *http.Request) bool {
			return r.Method == http.MethodGet && !strings.HasSuffix(r.URL.Path, "not-found-id")
		},
		"everything": func(*http.Request) bool { return true },
		"nothing":    func(*http.Request) bool { return false },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, end := range []time.Duration{300 * time.Millisecond, 10 * time.Second} {
				for how, told := range map[string]func(context.Context) (context.Context, context.CancelFunc){
					"deadline": func(ctx context.Context) (context.Context, context.CancelFunc) { return context.WithTimeout(ctx, end) },
					"interrupt": func(ctx context.Context) (context.Context, context.CancelFunc) {
						ctx, cancel := context.WithCancel(ctx)
						time.AfterFunc(end, cancel)
						return ctx, cancel
					},
				} {
					synctest.Test(t, func(t *testing.T) {
						ctx, cancel := told(t.Context())
						defer cancel()
						begun := time.Now()
						var ledger bytes.Buffer
						_, result := runNear(ctx, t, func(n *near, r *http.Request) trouble {
							n.mu.Lock()
							isMidway := n.asked > 20
							n.mu.Unlock()
							if isMidway && isHanging(r) {
								return hangs(r)
							}
							return trouble{}
						}, func(c *Config) { c.Timeout, c.Ledger = time.Hour, &ledger })
						assert.LessOrEqual(t, time.Since(begun), end+5*time.Second, "%v %s", end, how)
						book, err := readBook(&ledger)
						require.NoError(t, err)
						assert.Equal(t, name != "nothing", result.Interrupted)
						there := 0
						for _, k := range book.assets {
							if !k.removed {
								there++
							}
						}
						left := 0
						for _, line := range result.Ledger.LeftBehind {
							if strings.HasPrefix(line, "asset ") {
								left++
							}
						}
						assert.Equal(t, there, left, "%v", result.Ledger.LeftBehind)
						if name == "DELETE" {
							assert.Positive(t, left)
						}
					})
				}
			}
		})
	}
}
