package mock

import (
	"context"
	"net/http"
	"time"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/report/traffic"
)

// unknownKey is how a journal calls who sends a key that no user has.
const unknownKey = "unknown key"

// exchange is a request on its way through the mock.
type exchange struct {
	context.Context        // the request's
	caller          string // the user's e-mail address, once the key is known
	rule            string // that answers it

	user reference.User    // whom no rule is for
	key  reference.KeyHash // by which that is
}

type exchangeKey struct{}

// Value gives the exchange itself by its key.
func (x *exchange) Value(key any) any {
	if key == (exchangeKey{}) {
		return x
	}
	return x.Context.Value(key)
}

// exchangeOf is the exchange that a context belongs to; nil of none.
func exchangeOf(ctx context.Context) *exchange {
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	return x
}

// admitted hears from the reference who a request's caller is.
func admitted(ctx context.Context, caller reference.User) {
	if x := exchangeOf(ctx); x != nil {
		x.caller = caller.Email
	}
}

// asking is a store that is not asked twice for one request who has its key.
type asking struct{ reference.Store }

// Unwrap gives the store, for what else that offers.
func (a asking) Unwrap() reference.Store { return a.Store }

// UserByKey gives the user whom rules were looked through for, or the store's.
func (a asking) UserByKey(ctx context.Context, key reference.KeyHash) (reference.User, error) {
	if x := exchangeOf(ctx); x != nil && x.key == key {
		return x.user, nil
	}
	return a.Store.UserByKey(ctx, key)
}

// watched keeps what goes through in the journal, and tells who listens.
func (m *Mock) watched(next http.Handler) http.Handler {
	watched := traffic.Watch(next, func(r *http.Request, x *traffic.Exchange) {
		of := exchangeOf(r.Context())
		x.Caller, x.Rule = m.callerOf(of, r), of.rule
		if x.Status == 0 && reference.HungUp(r, context.Cause(r.Context())) {
			x.Status = reference.StatusHungUp // as where a rule lets it wait
		}
		if x.Caller != traffic.NoKey && x.Caller != unknownKey {
			m.journal.Hide(r.Header.Get(traffic.KeyHeader))
		}
		e := m.journal.Add(x)
		if m.seen != nil {
			m.seen(e)
		}
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		watched.ServeHTTP(w, r.WithContext(&exchange{Context: r.Context()}))
	})
}

// callerOf names who sent a request. Of one that the reference admitted to no endpoint, since
// there is none, the store is asked.
func (m *Mock) callerOf(x *exchange, r *http.Request) string {
	if x.caller != "" {
		return x.caller
	}
	if r.Header.Get(traffic.KeyHeader) == "" {
		return traffic.NoKey
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), briefly)
	defer cancel()
	if user, _, err := m.userOf(r.WithContext(ctx)); err == nil && user.Email != "" {
		return user.Email
	}
	return unknownKey
}

// briefly is how long the store may take to say who a caller is.
const briefly = time.Second
