package steps

import (
	"context"
	"net/http"
	"time"

	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// Await waits until the target of c answers at all. Where it does not within patience,
// what came of the run is that.
func Await(ctx context.Context, c Config, patience time.Duration) *Result {
	c.Ledger = nil // nothing is made
	s := newSession(c)
	defer s.close()
	e := &wire.Exchange{Method: http.MethodGet, URL: s.url(wire.Part{Text: wire.UnknownAsset})}
	err := s.client.Answers(ctx, func(ctx context.Context) (*http.Request, error) {
		r, err := http.NewRequestWithContext(ctx, e.Method, e.URL.String(), http.NoBody)
		if err != nil {
			return nil, err
		}
		s.dress(r.Header.Add, e)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-API-KEY", s.Key.Reveal())
		return r, nil
	}, patience)
	if err == nil {
		return nil
	}
	r := &Result{Redact: s.redact.Text, Interrupted: ctx.Err() != nil}
	r.Unreachable = r.told(err)
	return r
}

// dress gives a request the headers that are configured for where it goes.
func (s *session) dress(add func(name, value string), e *wire.Exchange) {
	for name, values := range s.Connection.HeaderOf(e) {
		for _, v := range values {
			add(name, v)
		}
	}
}
