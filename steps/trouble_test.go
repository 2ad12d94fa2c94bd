package steps

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// allPass wants a run that nothing bent.
func allPass(t *testing.T, _ *near, r *Result) {
	t.Helper()
	require.NoError(t, errors.Join(r.Unreachable, r.Unfit))
	require.Greater(t, len(r.Scenarios), 50)
	for _, s := range r.Scenarios {
		require.Equal(t, report.Passed, s.Outcome, "%s %v: %s", s.Name, s.Facts, s.Reason)
	}
	for _, line := range r.Ledger.LeftBehind {
		require.Contains(t, line, "perhaps")
	}
	require.Equal(t, r.Ledger.Made, r.Ledger.Removed)
}

// limiter lets so many requests a second through, after some at once.
func limiter(perSecond float64, burst int, refusal trouble) func(*near, *http.Request) trouble {
	tokens, last := float64(burst), time.Time{}
	return func(n *near, _ *http.Request) trouble {
		n.mu.Lock()
		defer n.mu.Unlock()
		now := time.Now()
		if !last.IsZero() {
			tokens = min(tokens+now.Sub(last).Seconds()*perSecond, float64(burst))
		}
		if last = now; tokens < 1 {
			return refusal
		}
		tokens--
		return trouble{}
	}
}

// during meets trouble between two times of a run.
func during(from, to time.Duration, t trouble) func(*near, *http.Request) trouble {
	return func(n *near, _ *http.Request) trouble {
		if since := time.Since(n.began); since >= from && since < to {
			return t
		}
		return trouble{}
	}
}

// sometimes meets trouble with one request of so many.
func sometimes(oneOf int, t trouble) func(*near, *http.Request) trouble {
	random := rand.New(rand.NewPCG(1, 2))
	return func(n *near, _ *http.Request) trouble {
		n.mu.Lock()
		defer n.mu.Unlock()
		if random.IntN(oneOf) == 0 {
			return t
		}
		return trouble{}
	}
}

var window = trouble{status: http.StatusTooManyRequests, header: http.Header{"Retry-After": {"2"}}}

// TestTroubleIsNoVerdict: what is between costs time, and bends nothing.
func TestTroubleIsNoVerdict(t *testing.T) {
	t.Parallel()
	for name, between := range map[string]func() func(*near, *http.Request) trouble{
		"429 above 10 a second":          func() func(*near, *http.Request) trouble { return limiter(10, 1, answers(429)) },
		"503 above 10 a second":          func() func(*near, *http.Request) trouble { return limiter(10, 1, answers(503)) },
		"503 above 10 a second, 50 once": func() func(*near, *http.Request) trouble { return limiter(10, 50, answers(503)) },
		"429 and a time":                 func() func(*near, *http.Request) trouble { return limiter(10, 20, window) },
		"503 above 100 a second":         func() func(*near, *http.Request) trouble { return limiter(100, 1, answers(503)) },
		"2 s of 503": func() func(*near, *http.Request) trouble {
			return during(200*time.Millisecond, 2200*time.Millisecond, answers(503))
		},
		"20 s of 502": func() func(*near, *http.Request) trouble {
			return during(200*time.Millisecond, 20*time.Second, answers(502))
		},
		"2 s of refused connections": func() func(*near, *http.Request) trouble {
			return during(200*time.Millisecond, 2200*time.Millisecond, refuses)
		},
		"2 s of broken connections": func() func(*near, *http.Request) trouble {
			return during(200*time.Millisecond, 2200*time.Millisecond, resets)
		},
		"502, now and then":                 func() func(*near, *http.Request) trouble { return sometimes(20, answers(502)) },
		"408, now and then":                 func() func(*near, *http.Request) trouble { return sometimes(20, answers(408)) },
		"a broken connection, now and then": func() func(*near, *http.Request) trouble { return sometimes(20, resets) },
		"a lost answer, now and then":       func() func(*near, *http.Request) trouble { return sometimes(20, loses) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkNear(t, between(), nil, allPass)
		})
	}
}

func isUpdate(r *http.Request) bool { return r.Method == http.MethodPut }

// TestTroubleThatSticksIsAFailure: what one request alone meets is its own.
func TestTroubleThatSticksIsAFailure(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		is     func(*http.Request) bool
		meets  trouble
		fact   string
		others bool // facts of the same endpoint pass
	}{
		"503 of one endpoint":   {isUpdate, answers(503), "assets.update.ok", false},
		"502 of one endpoint":   {isUpdate, answers(502), "assets.update.ok", false},
		"429 of one endpoint":   {isUpdate, answers(429), "assets.update.ok", false},
		"reset of one endpoint": {isUpdate, resets, "assets.update.ok", false},
		"503 of a GET": {func(r *http.Request) bool {
			return strings.HasSuffix(r.URL.Path, "/comments") && r.Method == http.MethodGet
		}, answers(503), "comments.list.ok", false},
		"reset of one request": {func(r *http.Request) bool {
			body, _ := io.ReadAll(r.Body)
			return isUpdate(r) && bytes.Contains(body, []byte("too long"))
		}, resets, "assets.update.title-too-long", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkNear(t, func(_ *near, r *http.Request) trouble {
				if tt.is(r) && !strings.HasSuffix(r.URL.Path, "/not-found-id") {
					return tt.meets
				}
				return trouble{}
			}, nil, func(t *testing.T, _ *near, r *Result) {
				require.NoError(t, errors.Join(r.Unreachable, r.Unfit))
				outcomes := map[report.Outcome]int{}
				for _, s := range r.Scenarios {
					outcomes[s.Outcome]++
					if slices.Contains(s.Facts, tt.fact) && !(tt.others && s.Outcome == report.Passed) {
						assert.Equal(t, report.Failed, s.Outcome, s.Reason)
						assert.NotEmpty(t, s.Curl)
						require.NotNil(t, s.Failure)
						assert.NotEmpty(t, s.Failure.Fails)
					}
				}

				assert.Zero(t, outcomes[report.Errored])
				assert.Positive(t, outcomes[report.Passed])
				assert.Positive(t, outcomes[report.Failed])
				if tt.others {
					assert.LessOrEqual(t, outcomes[report.Failed], 4, "the rows of one outline")
					assert.Zero(t, outcomes[report.Blocked])
				}
			})
		})
	}
}

// TestSilence: a target that goes away ends the run, with the reason, but not the
// clean-up: that waits longer.
func TestSilence(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		back time.Duration
		left bool
	}{"for ever": {time.Hour, true}, "for 40 s": {40 * time.Second, false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkNear(t, during(200*time.Millisecond, tt.back, refuses), nil, func(t *testing.T, n *near, r *Result) {
				require.ErrorContains(t, r.Unreachable, "it stopped to answer at ")
				require.ErrorContains(t, r.Unreachable, ": no answer within 30s: dial: connection refused")
				assert.Greater(t, r.Ledger.Made, 10)
				assert.Equal(t, tt.left, len(r.Ledger.LeftBehind) > 0, r.Ledger.LeftBehind)
				assert.Equal(t, r.Ledger.Made, r.Ledger.Removed+len(r.Ledger.LeftBehind))
				for _, s := range r.Scenarios {
					assert.NotContains(t, s.Reason, "hook")
					assert.Contains(t, []report.Outcome{report.Passed, report.Errored}, s.Outcome, s.Reason)
				}
			})
		})
	}
}

// lagging hides what was created for some time from some requests.
func lagging(lag time.Duration, hides func(*http.Request) bool) func(*near, *http.Request) trouble {
	born := map[string]time.Time{}
	notFound := trouble{status: http.StatusNotFound, header: http.Header{}, body: `{"error":"asset not found"}`}
	return func(n *near, r *http.Request) trouble {
		n.mu.Lock()
		defer n.mu.Unlock()
		id, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/api/v2/assets/"), "/")
		if id == "not-found-id" || r.URL.Path == "/api/v2/assets" {
			return trouble{}
		}
		if _, known := born[id]; !known { // it is asked for right after it was made
			born[id] = time.Now()
		}
		if time.Since(born[id]) < lag && hides(r) {
			return notFound
		}
		return trouble{}
	}
}

// TestAssetsThatShowLate: the document promises no immediacy.
func TestAssetsThatShowLate(t *testing.T) {
	t.Parallel()
	isGet := func(r *http.Request) bool { return r.Method == http.MethodGet }
	isList := func(r *http.Request) bool { return isGet(r) && strings.Count(r.URL.Path, "/") > 4 }
	for name, hides := range map[string]func(*http.Request) bool{
		"for all":    func(*http.Request) bool { return true },
		"for reads":  isGet,
		"for writes": func(r *http.Request) bool { return !isGet(r) },
		"for lists":  isList,
	} {
		for _, lag := range []time.Duration{300 * time.Millisecond, 1500 * time.Millisecond} {
			t.Run(name+" "+lag.String(), func(t *testing.T) {
				t.Parallel()
				checkNear(t, lagging(lag, hides), nil, allPass)
			})
		}
	}
}

// TestTurnsAreNoLatency: what a request waits for its turn says nothing of the target.
func TestTurnsAreNoLatency(t *testing.T) {
	t.Parallel()
	slow := func(c *Config) { c.Rate = 20 }
	checkNear(t, func(*near, *http.Request) trouble { return trouble{} }, slow, func(t *testing.T, n *near, r *Result) {
		assert.Greater(t, time.Since(n.began), time.Duration(n.asked-1)*time.Second/20)
		for _, s := range r.Scenarios {
			assert.Less(t, s.Duration, time.Second, s.Name)
			for _, e := range s.Exchanges {
				assert.Equal(t, latency, e.Duration, s.Name)
			}
		}
	})
}

// TestRefusalsAreTold: who waits for a run learns that it was the target's limit, and
// which.
func TestRefusalsAreTold(t *testing.T) {
	t.Parallel()
	limit := limiter(10, 1, answers(429))
	checkNear(t, limit, nil, func(t *testing.T, _ *near, r *Result) {
		found := regexp.MustCompile(`^\d+ requests, with 429 Too Many Requests; the run slowed down to (\d+\.\d) a second$`).FindStringSubmatch(r.Refusals)
		require.NotNil(t, found, r.Refusals)
		rate, err := strconv.ParseFloat(found[1], 64)
		require.NoError(t, err)
		assert.InDelta(t, 8, rate, 3)
	})
	checkNear(t, nothing, nil, func(t *testing.T, _ *near, r *Result) { assert.Empty(t, r.Refusals) })
}
