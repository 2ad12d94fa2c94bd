package reference_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
)

// interrupted is a store that ends a request's context, and fails as stores do then.
type interrupted struct {
	reference.Store
	end func()
	err error // in place of the context's
}

func (i interrupted) Media(ctx context.Context, _ string) ([]reference.Media, error) {
	i.end()
	<-ctx.Done()
	if i.err != nil {
		return nil, i.err
	}
	return nil, fmt.Errorf("read media: %w", ctx.Err())
}

// TestClientThatHangsUp is no failure of the server. What fails besides is one, and so is
// what the server breaks off itself.
func TestClientThatHangsUp(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		cause  error
		err    error
		want   int
		logged bool
	}{
		{"it is no failure", context.Canceled, nil, reference.StatusHungUp, false},
		{"the store fails at the same time", context.Canceled, errors.New("connection refused"), 500, true},
		{"the server ends", errors.New("the server ends"), nil, 500, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancelCause(t.Context())
			s := serveOver(t, interrupted{memory.New(), func() { cancel(tt.cause) }, tt.err})
			r := httptest.NewRequestWithContext(ctx, http.MethodGet, seeded+"/media", http.NoBody)
			r.Header.Set("X-API-KEY", admin)
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			assert.Equal(t, tt.want, w.Code)
			assert.Equal(t, tt.logged, s.log.Len() > 0, "%s", s.log)
		})
	}
}
