package fieldtest_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"unicode"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWhatStopsARunIsPlain: whoever prints it, go test among them, is told nothing that
// steers a terminal.
func TestWhatStopsARunIsPlain(t *testing.T) {
	t.Parallel()
	const steering = "\x1b]0;x\x07\r\x1b[2J"
	fails := errors.New("its name is " + steering)
	ready := func(context.Context) (pocketcheck.Target, func() error, error) {
		return pocketcheck.Target{Handler: http.NotFoundHandler(), Key: pocketcheck.NewKey("key")}, func() error { return fails }, nil
	}
	for name, target := range map[string]pocketcheck.Target{
		"a start": {Start: func(context.Context) (pocketcheck.Target, func() error, error) {
			return pocketcheck.Target{}, nil, fails
		}},
		"an end":     {Start: ready},
		"a redirect": {Handler: http.RedirectHandler("/\u009b2J", http.StatusFound), Key: pocketcheck.NewKey("key")},
		"a scheme": {Key: pocketcheck.NewKey("key"), Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Www-Authenticate"] = []string{"Basic\u009b2J realm=x"}
			w.WriteHeader(http.StatusUnauthorized)
		})},
	} {
		result, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{Settle: -1, Facts: []string{"assets.get.ok"}})
		require.NoError(t, err)
		assert.NotEmpty(t, result.Stopped, name)
		for _, c := range result.Stopped {
			assert.False(t, unicode.IsControl(c), "%s: %q", name, result.Stopped)
		}
	}
}

// TestPanicOfAHandlerHasNoKey runs alone, since it looks at the standard logger.
func TestPanicOfAHandlerHasNoKey(t *testing.T) {
	var logged bytes.Buffer
	before := log.Writer()
	log.SetOutput(&logged)
	defer log.SetOutput(before)
	_, err := pocketcheck.Run(t.Context(), pocketcheck.Target{Key: pocketcheck.NewKey(canary), Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		panic("asked by " + r.Header.Get("X-Api-Key"))
	})}, pocketcheck.Options{Settle: -1, Facts: []string{"assets.get.ok"}})
	require.NoError(t, err)
	assert.Contains(t, logged.String(), "asked by REDACTED")
	assert.Empty(t, leak(logged.String()))
}

// TestTokenOfTheStatesURLIsInNoReport, whoever echoes it.
func TestTokenOfTheStatesURLIsInNoReport(t *testing.T) {
	t.Parallel()
	states := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(w, `{"error": "`+r.URL.RawQuery+`, `+r.URL.Query().Get("token")+`"}`) // the client sees what is missing
	}))
	t.Cleanup(states.Close)
	target := referencetest.Target()
	target.States = nil
	target.StatesURL = states.URL + "/?token=" + url.QueryEscape(canary)
	result, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{Settle: -1, Facts: []string{"dag_actions.start.ok", "project.assign.ok"}})
	require.NoError(t, err)
	assertNoLeak(t, result)
}
