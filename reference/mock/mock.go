// Package mock is the reference with levers: answers on demand, faults at run time, a
// clock, a journal of what clients send and what the document says of it, and an API and a
// page to work them, for a listener of its own.
package mock

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/fault"
	"github.com/pocketcheck/pocketcheck/report/traffic"
)

// Options is what a [Mock] is made with; the zero value will do.
type Options struct {
	Seed   reference.Seed      // the rows that the store starts with
	Keys   []string            // those of the seed's that are no secret: the page shows them
	Log    *slog.Logger        // where failures go, never with a key; nowhere when nil
	Faults []string            // names of those that it has at first
	Prefer bool                // whether a request may choose its answer, by the header Prefer
	Seen   func(traffic.Entry) // hears of each exchange, at once with others; nobody does when nil
	Purged func(int, error)    // hears of each purge how many assets it deleted; nobody does when nil
	Unread bool                // nobody reads the journal: there is none, which makes the mock faster
	URL    func() string       // where clients reach the mock, for messages; nil: not known

	// Fill puts further rows in before the start, behind the seed's; nothing does when nil.
	Fill func(context.Context, reference.Store) error
}

// Mock is a mock of the API: an [http.Handler] for its clients. It is safe for concurrent
// use.
type Mock struct {
	store   reference.Store
	options Options
	seen    func(traffic.Entry)
	log     *slog.Logger
	clock   clock
	rules   rules
	journal *traffic.Journal
	clients http.Handler
	keys    keys
	initial reference.Rows // at the start, to be reset to

	ended    chan struct{} // closed when streams are to end
	ending   sync.Once
	changing sync.Mutex // faults are changed one after the other
	serving  atomic.Pointer[serving]
}

// serving is the reference with the faults that it has now.
type serving struct {
	faults  []string
	handler http.Handler
	server  *reference.Server
}

// New gives a mock over a store. The error is that of [reference.New], or names a fault
// that there is not.
func New(store reference.Store, o Options) (*Mock, error) {
	m := &Mock{store: store, options: o, seen: o.Seen, log: o.Log, ended: make(chan struct{})}
	_, isMemory := store.(reference.Rewriter)
	m.journal = traffic.NewJournal(&traffic.Judge{SeesAll: isMemory, ClientsOnly: true}) // others may serve what several share
	if m.log == nil {
		m.log = slog.New(slog.DiscardHandler)
	}
	if err := m.setFaults(o.Faults); err != nil {
		return nil, err
	}
	if o.Fill != nil {
		if err := o.Fill(context.Background(), store); err != nil {
			return nil, err
		}
	}
	if err := m.remember(context.Background()); err != nil {
		return nil, err
	}
	m.clients = http.HandlerFunc(m.ruled)
	if !o.Unread || o.Seen != nil {
		m.clients = m.watched(m.clients)
	}
	return m, nil
}

// ServeHTTP answers a client.
func (m *Mock) ServeHTTP(w http.ResponseWriter, r *http.Request) { m.clients.ServeHTTP(w, r) }

// End ends what lasts: the streams of the journal.
func (m *Mock) End() { m.ending.Do(func() { close(m.ended) }) }

// Journal is what went through, and the verdict on it.
func (m *Mock) Journal() *traffic.Journal { return m.journal }

// State sets up a provider state, as [reference.Server.State] does.
func (m *Mock) State(ctx context.Context, state string, params map[string]string) (map[string]string, error) {
	return m.serving.Load().server.State(ctx, state, params)
}

// Purge empties the trash bin of what was there 14 days by the mock's clock.
func (m *Mock) Purge(ctx context.Context) error {
	deleted, err := m.serving.Load().server.Purge(ctx)
	if m.options.Purged != nil {
		m.options.Purged(deleted, err)
	}
	return err
}

// Healthy asks the store who a caller without a key is, and says why it could not tell.
func (m *Mock) Healthy(ctx context.Context) error {
	_, err := m.userWith(ctx, reference.HashKey(""))
	return err
}

// ruled answers by a rule where one is for the request, and by the reference else.
func (m *Mock) ruled(w http.ResponseWriter, r *http.Request) {
	next := m.serving.Load().handler
	if m.options.Prefer && r.Header.Get("Prefer") != "" && m.preferred(w, r) {
		return
	}
	if !m.rules.any.Load() {
		next.ServeHTTP(w, r)
		return
	}
	user, key, err := m.userOf(r)
	if err != nil {
		next.ServeHTTP(w, r) // which fails as it does
		return
	}
	a := &asked{user: user.Email, request: r}
	by, ok := m.rules.match(a)
	if x := exchangeOf(r.Context()); x != nil && ok {
		x.rule, x.caller = by.ID, user.Email
	} else if x != nil && user.Email != "" {
		x.user, x.key = user, key
	}
	if !ok {
		next.ServeHTTP(w, r)
		return
	}
	endpoint, _ := a.place()
	serveRule(w, r, by, endpoint, next)
}

// userOf is the caller of a request, and the hash of the key; nobody of a key that nobody has.
func (m *Mock) userOf(r *http.Request) (user reference.User, key reference.KeyHash, err error) {
	text := r.Header.Get(traffic.KeyHeader)
	if text == "" {
		return user, key, nil
	}
	key = reference.HashKey(text)
	user, err = m.userWith(r.Context(), key)
	return user, key, err
}

func (m *Mock) userWith(ctx context.Context, key reference.KeyHash) (reference.User, error) {
	user, err := m.store.UserByKey(ctx, key)
	if errors.Is(err, reference.ErrNotFound) || err == nil && user.Until != nil && !m.clock.now().Before(*user.Until) {
		return reference.User{}, nil
	}
	return user, err
}

// setFaults lets the mock have these faults and no others.
func (m *Mock) setFaults(names []string) error {
	m.changing.Lock()
	defer m.changing.Unlock()
	var variants []fault.Variant
	for _, name := range names {
		v, err := FaultNamed(name)
		if err != nil {
			return err
		}
		variants = append(variants, v)
	}
	var all fault.Variant
	if len(variants) > 0 {
		all = fault.Together(variants...)
	}
	seed := m.options.Seed
	if m.serving.Load() != nil {
		seed = reference.Seed{} // it is planted
	}
	handler, server, err := all.Server(asking{m.store}, reference.Options{
		Seed: seed, Now: m.clock.now, Log: m.options.Log, Admitted: admitted,
	})
	if err != nil {
		return err
	}
	m.serving.Store(&serving{names, handler, server})
	return nil
}
