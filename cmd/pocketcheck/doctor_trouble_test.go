package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/steps/wire"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// within answers requests without a network, and keeps when they came.
type within struct {
	http.Handler
	mu  sync.Mutex
	at  []time.Time
	gap time.Duration // what comes sooner after what was answered is one too many
	ok  time.Time
}

func (w *within) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	now := time.Now()
	w.at = append(w.at, now)
	isEarly := now.Sub(w.ok) < w.gap
	if !isEarly {
		w.ok = now
	}
	w.mu.Unlock()
	answer := httptest.NewRecorder()
	if isEarly {
		says(http.StatusTooManyRequests, "<html>slow down</html>").ServeHTTP(answer, r)
	} else {
		w.Handler.ServeHTTP(answer, r)
	}
	return answer.Result(), nil
}

// examinedWithin runs the doctor in a time that is the test's.
func examinedWithin(t *testing.T, target http.Handler, gap time.Duration, options pocketcheck.Options, want func(text string, w *within)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		options.Concurrency, options.Timeout = 16, time.Second
		w := &within{Handler: target, gap: gap}
		d := newDoctor(pocketcheck.Target{URL: "http://example.com", Key: pocketcheck.NewKey(apiKey), StatesURL: "http://example.com/states"}, options, &keyring{})
		settings := settingsOf(d.target, options)
		settings.Transport = w
		d.client = wire.NewClient(settings)
		defer d.client.Close()
		d.examine(t.Context())
		var b bytes.Buffer
		require.NoError(t, d.writeText(&b))
		want(strings.Join(strings.Fields(b.String()), " "), w)
	})
}

// TestDoctorBehindALimit sees the target, and not the limit, and knows that a run will
// be as slow as that.
func TestDoctorBehindALimit(t *testing.T) {
	t.Parallel()
	good, err := newReference()
	require.NoError(t, err)
	examinedWithin(t, good, 100*time.Millisecond, pocketcheck.Options{}, func(text string, _ *within) {
		assert.Contains(t, text, "ok other key an unknown key is refused")
		assert.Contains(t, text, "ok endpoints 10 that a GET asks answer as if they were there")
		assert.Regexp(t, `run about [2-9]m\S+ for some 1800 requests, 16 at a time, \S+ a second at most`, text)
		assert.NotContains(t, text, "429")
	})
}

func TestDoctorKeepsToARate(t *testing.T) {
	t.Parallel()
	good, err := newReference()
	require.NoError(t, err)
	examinedWithin(t, good, 0, pocketcheck.Options{Rate: 2}, func(text string, w *within) {
		for i := range w.at[1:] {
			assert.GreaterOrEqual(t, w.at[i+1].Sub(w.at[i]), 500*time.Millisecond)
		}
		assert.Contains(t, text, "run about 15m0s for some 1800 requests, 16 at a time, 2 a second at most")
	})
}

// TestDoctorTriesTheStatesURLAgain, which is busy at first.
func TestDoctorTriesTheStatesURLAgain(t *testing.T) {
	t.Parallel()
	good, err := newReference()
	require.NoError(t, err)
	busy := 2
	front := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodGet:
			good.ServeHTTP(w, r)
		case busy > 0:
			busy--
			says(http.StatusServiceUnavailable, "").ServeHTTP(w, r)
		default:
			says(http.StatusOK, "{}").ServeHTTP(w, r)
		}
	})
	examinedWithin(t, front, 0, pocketcheck.Options{}, func(text string, _ *within) {
		assert.Contains(t, text, "ok state a DAG action: offered by the states URL")
		assert.NotContains(t, text, "503")
	})
}

// TestDoctorTellsTroubleAsTrouble, where it stays, and not as what is behind it.
func TestDoctorTellsTroubleAsTrouble(t *testing.T) {
	t.Parallel()
	good, err := newReference()
	require.NoError(t, err)
	for status, want := range map[int]string{
		http.StatusTooManyRequests:    "429 Too Many Requests stays the answer, which tells nothing yet; give a lower --rate",
		http.StatusServiceUnavailable: "503 Service Unavailable stays the answer, which tells nothing yet; give a lower --rate",
		http.StatusBadGateway:         "502 Bad Gateway stays the answer, which tells nothing yet",
		http.StatusRequestTimeout:     "408 Request Timeout stays the answer, which tells nothing yet",
	} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			front := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("X-API-KEY") == apiKey && !strings.HasSuffix(r.URL.Path, "/file_metadata") {
					good.ServeHTTP(w, r)
					return
				}
				says(status, "<html>busy</html>").ServeHTTP(w, r)
			})
			examinedWithin(t, front, 0, pocketcheck.Options{}, func(text string, _ *within) {
				assert.Contains(t, text, "warn other key "+want)
				assert.Contains(t, text, "/file_metadata is there is not known: "+want)
				assert.NotContains(t, text, "seems not to be there")
				assert.NotContains(t, text, "not 401")
			})
		})
	}
	examinedWithin(t, says(http.StatusServiceUnavailable, ""), 0, pocketcheck.Options{}, func(text string, _ *within) {
		assert.Contains(t, text, "fail reachable GET http://example.com/api/v2/assets/not-found-id is answered 503 Service Unavailable, and so is everything else: the server")
	})
}
