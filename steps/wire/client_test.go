package wire

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// attempt is what comes of sending a request once.
type attempt struct {
	status     int
	retryAfter string
	err        error
}

// attempts answers with one attempt after the other, the last for ever.
type attempts struct {
	list []attempt
	sent []string // the bodies
}

func (s *attempts) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	a := s.list[min(len(s.sent), len(s.list)-1)]
	s.sent = append(s.sent, string(body))
	if a.err != nil {
		if trace := httptrace.ContextClientTrace(r.Context()); !neverLeft(a.err) {
			trace.WroteHeaders()
		}
		return nil, a.err
	}
	header := http.Header{}
	if a.retryAfter != "" {
		header.Set("Retry-After", a.retryAfter)
	}
	return &http.Response{StatusCode: a.status, Header: header, Body: io.NopCloser(strings.NewReader("{}"))}, nil
}

// soon is in 90 s of the time that a test's bubble starts at.
var soon = time.Date(2000, 1, 1, 0, 1, 30, 0, time.UTC).Format(http.TimeFormat)

var (
	refused = &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	broken  = &net.OpError{Op: "read", Err: syscall.ECONNRESET}
)

// retries are what a single request meets, and what becomes of it.
var retries = []struct {
	name, methods string
	attempts      []attempt
	tries         int
	waited        time.Duration
	status        int // 0: no answer
}{
	{"429 and seconds", "GET POST PUT DELETE", []attempt{{429, "7", nil}, {status: 200}}, 2, 7 * time.Second, 200},
	{"429 and a date", "GET POST", []attempt{{429, soon, nil}, {status: 200}}, 2, 90 * time.Second, 200},
	{"429 and a past date", "POST", []attempt{{429, "Fri, 01 Jan 1999 00:00:00 GMT", nil}, {status: 200}}, 2, 100 * time.Millisecond, 200},
	{"429 and no time", "GET POST", []attempt{{status: 429}, {status: 429}, {status: 200}}, 3, 300 * time.Millisecond, 200},
	{"429 and nonsense", "POST", []attempt{{429, "-5", nil}, {429, "later", nil}, {status: 200}}, 3, 300 * time.Millisecond, 200},
	{"429 for ever", "GET POST", []attempt{{status: 429}}, 9, 16300 * time.Millisecond, 429},
	{"502", "GET", []attempt{{status: 502}, {status: 200}}, 2, 100 * time.Millisecond, 200},
	{"503 and seconds", "GET", []attempt{{503, "2", nil}, {status: 200}}, 2, 2 * time.Second, 200},
	{"504 for ever", "GET", []attempt{{status: 504}}, 5, 1500 * time.Millisecond, 504},
	{"503 of a write", "POST PUT DELETE", []attempt{{503, "2", nil}, {status: 200}}, 1, 0, 503},
	{"500", "GET POST", []attempt{{status: 500}, {status: 200}}, 1, 0, 500},
	{"reset", "GET", []attempt{{err: broken}, {status: 200}}, 2, 100 * time.Millisecond, 200},
	{"reset for ever", "GET", []attempt{{err: broken}}, 3, 300 * time.Millisecond, 0},
	{"reset of a write", "POST PUT DELETE", []attempt{{err: broken}, {status: 200}}, 1, 0, 0},
	{"refused", "GET POST DELETE", []attempt{{err: refused}, {status: 200}}, 2, 100 * time.Millisecond, 200},
	{"refused for ever", "GET POST", []attempt{{err: refused}}, 6, 3100 * time.Millisecond, 0},
	{"timeout", "GET POST", []attempt{{err: timeoutError{time.Second}}, {status: 200}}, 1, 0, 0},
}

func TestRetries(t *testing.T) {
	t.Parallel()
	for _, tt := range retries {
		for method := range strings.FieldsSeq(tt.methods) {
			t.Run(tt.name+" "+method, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					base, e, begun := &attempts{list: tt.attempts}, &Exchange{}, time.Now()
					_, err := do(t.Context(), NewClient(Settings{Transport: base, Timeout: time.Minute}), e, method)
					assert.Equal(t, tt.waited, time.Since(begun))
					assert.Equal(t, tt.status, e.Status)
					assert.Equal(t, tt.status == 0, err != nil)
					assert.Equal(t, err, e.Failure)
					assert.Equal(t, slices.Repeat([]string{`{"a": 1}`}, tt.tries), base.sent)
				})
			})
		}
	}
}

func do(ctx context.Context, c *Client, e *Exchange, method string) (*http.Response, error) {
	e.Method = method
	req, err := http.NewRequestWithContext(e.Within(ctx), method, "http://example.com/", strings.NewReader(`{"a": 1}`))
	if err != nil {
		return nil, err
	}
	return c.Do(req)
}

// TestEndBeforeTheNextTry: a write that was refused, and whose turn does not come again,
// was not carried out.
func TestEndBeforeTheNextTry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		e := &Exchange{}
		c := NewClient(Settings{Transport: &attempts{list: []attempt{{status: 429}}}, Timeout: time.Minute, Rate: 0.001})
		_, err := do(ctx, c, e, "POST")
		require.ErrorIs(t, err, ErrInterrupted)
		require.ErrorIs(t, e.Failure, ErrInterrupted)
		assert.False(t, e.Sent)
		assert.Zero(t, e.Status)
	})
}

// TestNoWaitBeyondTheEnd: a target that asks for more patience than the run has
// left is not waited for.
func TestNoWaitBeyondTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		begun, e := time.Now(), &Exchange{}
		_, err := do(ctx, NewClient(Settings{Transport: &attempts{list: []attempt{{429, "3600", nil}}}, Timeout: time.Minute}), e, "POST")
		require.NoError(t, err)
		assert.Equal(t, 429, e.Status)
		assert.Zero(t, time.Since(begun))
	})
}
