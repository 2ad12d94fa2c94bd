package steps

import (
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/steps/wire"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCleanUpHasAnEnd: without a deadline of the run's, a clean-up would wait as
// long as the target says.
func TestCleanUpHasAnEnd(t *testing.T) {
	t.Parallel()
	target := newTarget(t, func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Retry-After", "3600")
		return r.Method == http.MethodDelete && reply(w, http.StatusTooManyRequests, "")
	})
	result := target.run(t.Context(), t, scenario("Given an asset", "When I get the asset", "Then the request succeeds"), nil)
	require.Len(t, result.Ledger.LeftBehind, 1, "the preflight's is let go")
	assert.Contains(t, result.Ledger.LeftBehind[0], ": DELETE answers 429")
}

// TestRefusedConnection is told by a real one, over the real transport.
func TestRefusedConnection(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	synctest.Test(t, func(t *testing.T) { // the pauses take no time
		s := newSession(Config{URL: "http://" + l.Addr().String(), Timeout: time.Minute})
		defer s.close()
		w, begun := s.newWorld(report.Scenario{}), time.Now()
		_, err := w.perform(t.Context(), operationNamed("assets.create"), request{body: wire.Literal("{}")})
		var silent *noAnswer
		require.ErrorAs(t, err, &silent)
		assert.ErrorContains(t, err, "refused")
		assert.Equal(t, 3100*time.Millisecond, time.Since(begun))
		assert.False(t, w.trace.exchanges[0].Sent)
		assert.Empty(t, s.ledger.book.LeftBehind, "nothing can have been made")
	})
}

// TestNoRequestOfABadURL: what is no URL is not sent to another one.
func TestNoRequestOfABadURL(t *testing.T) {
	t.Parallel()
	target := newTarget(t, nil)
	s := newSession(target.config(""))
	defer s.close()
	w := s.newWorld(report.Scenario{})
	_, err := w.do(t.Context(), &wire.Exchange{Method: http.MethodDelete, URL: s.url(wire.Part{Text: "/%zz"}), Key: w.caller})
	var silent *noAnswer
	require.ErrorAs(t, err, &silent)
	assert.ErrorContains(t, err, "invalid url string")
	assert.Empty(t, target.requests("", ""))
	assert.False(t, w.trace.exchanges[0].Sent)
}
