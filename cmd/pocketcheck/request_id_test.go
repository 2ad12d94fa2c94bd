package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference/control"
	"github.com/pocketcheck/pocketcheck/report/traffic"
)

const (
	traceID     = "4bf92f3577b34da6a3ce929d0e0e4736"
	traceparent = "Traceparent: 00-" + traceID + "-00f067aa0ba902b7-01"
)

func TestRequestID(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, id, traceparent, want string }{
		{"the client's", "checkout-7", "", "checkout-7"},
		{"that of the trace", "", traceparent, traceID},
		{"the client's before that of the trace", "checkout-7", traceparent, "checkout-7"},
		{"as long as may be", strings.Repeat("x", longestRequestID), "", strings.Repeat("x", longestRequestID)},
		{"too long", strings.Repeat("x", longestRequestID+1), traceparent, traceID},
		{"with a blank", "7 200 0.1ms admin@example.com", traceparent, traceID},
		{"beyond ASCII", "ä", traceparent, traceID},
		{"that steers a terminal", "\x1b[2J", traceparent, traceID},
		{"with the key", "x" + secret, traceparent, traceID},
		{"none", "", "", ""},
		{"no trace", "", "Traceparent: 00-0-0-01", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)
			r.Header.Set("X-API-KEY", secret)
			if tt.id != "" {
				r.Header[traffic.IDHeader] = []string{tt.id}
			}
			if name, value, _ := strings.Cut(tt.traceparent, ": "); name != "" {
				r.Header.Set(name, value)
			}
			w := httptest.NewRecorder()
			identified(http.NotFoundHandler()).ServeHTTP(w, r)
			got := w.Header().Get(traffic.IDHeader)
			if tt.want == "" {
				assert.Regexp(t, "^[0-9a-f]{32}$", got)
				return
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

// TestLogs: one flag is for all that is printed, and another for the lines of requests. Who
// has the id of an answer finds its line, and what was logged of it.
func TestLogs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args           string
		stdout, stderr bool // are JSON
	}{
		{"", false, false},
		{"--log-format=json", true, true},
		{"--log=json", true, false},
		{"--log-format=json --log=text", false, true},
		{"--log-level=error", false, false},
	} {
		t.Run(tt.args, func(t *testing.T) {
			t.Parallel()
			p, err := begin(t.TempDir(), append([]string{"serve", "--port=0", "--control=127.0.0.1:0"}, strings.Fields(tt.args)...)...)
			require.NoError(t, err)
			t.Cleanup(p.close)
			require.True(t, p.stdout.has("127.0.0.1:") && p.stdout.has("\n"), "%s%s", p.stdout, p.stderr)
			at := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindAllString(p.stdout.String(), 2)
			api, levers := at[1], control.Client{URL: at[0]}
			if strings.HasPrefix(p.stdout.String(), "{") {
				api, levers.URL = at[0], at[1]
			}
			broken, err := levers.State(t.Context(), "an internal failure", nil)
			require.NoError(t, err)
			answer, _ := asked(t, http.MethodGet, api+"/api/v2/assets/x", "X-API-KEY: "+broken["api_key"], traffic.IDHeader+": checkout-7", traceparent)
			assert.Equal(t, http.StatusInternalServerError, answer.StatusCode)
			require.True(t, p.stderr.has("\n"), "%s", p.stderr)
			require.True(t, p.stdout.has("checkout-7"), "%s", p.stdout)
			assert.Contains(t, p.stderr.String(), "checkout-7")
			assert.Contains(t, p.stderr.String(), traceID)
			for line := range strings.Lines(p.stderr.String()) {
				assert.Equal(t, tt.stderr, json.Valid([]byte(line)), line)
			}
			first, _, _ := strings.Cut(p.stdout.String(), "\n")
			assert.Equal(t, tt.stdout, json.Valid([]byte(first)), first)
			assert.NotContains(t, p.stdout.String()+p.stderr.String(), broken["api_key"])
		})
	}
}

// TestWhoHangsUp is in the lines with a status that is nobody's fault, and no error is logged.
func TestWhoHangsUp(t *testing.T) {
	t.Parallel()
	p := serveWith(t, t.TempDir(), "--control=127.0.0.1:0")
	at := p.servesAt()
	levers := control.Client{URL: strings.TrimSuffix(at.states, "/states")}
	_, err := levers.AddRule(t.Context(), control.Rule{Everyone: true, DelayMS: 25_000, Times: 1})
	require.NoError(t, err)
	ctx, hangUp := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at.api+"/api/v2/assets/x", http.NoBody)
	require.NoError(t, err)
	r.Header.Set("X-API-KEY", embeddedKey)
	gone := make(chan error)
	go func() {
		answer, err := http.DefaultClient.Do(r)
		if err == nil {
			_ = answer.Body.Close()
		}
		gone <- err
	}()
	require.Eventually(t, func() bool {
		rules, err := levers.Rules(t.Context())
		return err == nil && len(rules) == 1 && rules[0].Hits == 1
	}, 10*time.Second, time.Millisecond)
	hangUp()
	require.ErrorIs(t, <-gone, context.Canceled)
	require.True(t, p.stdout.has("GET /api/v2/assets/x 499 "), "%s", p.stdout)
	assert.Empty(t, p.stderr.String())
}
