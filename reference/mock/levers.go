package mock

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/control"
	"github.com/pocketcheck/pocketcheck/reference/fault"
)

// keys are the callers whose keys are known as they are: those of the seed that are no
// secret, and those that were asked for.
type keys struct {
	mu   sync.Mutex
	made []control.Caller
}

// remember keeps the rows at the start, where the store can be given them again.
func (m *Mock) remember(ctx context.Context) error {
	store, ok := m.store.(reference.Rewriter)
	if !ok {
		return nil
	}
	return store.Rewrite(ctx, func(rows *reference.Rows) error {
		m.initial = *rows
		return nil
	})
}

// rewriter is the store, where all of its rows can be changed at once.
func (m *Mock) rewriter() (reference.Rewriter, error) {
	store, ok := m.store.(reference.Rewriter)
	if !ok {
		return nil, refused(http.StatusNotImplemented, "the rows are in PostgreSQL and Elasticsearch, where they can't be reset or taken out: serve in memory for this")
	}
	return store, nil
}

// reset lets all be as at the start: rows, keys, clock, rules and faults. The journal
// stays, which tells what was.
func (m *Mock) reset(ctx context.Context) error {
	store, err := m.rewriter()
	if err != nil {
		return err
	}
	if err := m.setFaults(m.options.Faults); err != nil {
		return err
	}
	m.clock.reset()
	m.journal.Begin()
	m.rules.remove(func(control.Rule) bool { return true })
	m.keys.mu.Lock()
	m.keys.made = nil
	m.keys.mu.Unlock()
	return store.Rewrite(ctx, func(rows *reference.Rows) error {
		*rows = m.initial
		return nil
	})
}

// resetCaller takes away what one caller made, and the rules for them.
func (m *Mock) resetCaller(ctx context.Context, who control.Reset) error {
	store, err := m.rewriter()
	if err != nil {
		return err
	}
	user, err := m.meant(ctx, who.APIKey, who.User)
	if err != nil {
		return err
	}
	m.rules.remove(func(r control.Rule) bool { return r.User == user.Email })
	return store.Rewrite(ctx, func(rows *reference.Rows) error {
		*rows = rows.Without(user.ID, m.initial)
		return nil
	})
}

// meant is the user of a key, or with an e-mail address.
func (m *Mock) meant(ctx context.Context, key, email string) (user reference.User, err error) {
	if key != "" {
		user, err = m.store.UserByKey(ctx, reference.HashKey(key))
	} else {
		user, err = m.store.UserByEmail(ctx, email)
	}
	switch {
	case errors.Is(err, reference.ErrNotFound) && key != "":
		return user, wrong("api_key: nobody has it")
	case errors.Is(err, reference.ErrNotFound):
		return user, wrong("user %q: there is none with this e-mail address", email)
	}
	return user, err
}

// addCaller gives a new user a key, or one who is there another.
func (m *Mock) addCaller(ctx context.Context, c control.Caller) (control.Caller, error) {
	for _, permission := range c.Permissions {
		if permission != reference.ActionsView && permission != reference.ActionsStart {
			return c, wrong("permissions: there is no permission %q; there are %s and %s", permission, reference.ActionsView, reference.ActionsStart)
		}
	}
	if c.Permissions == nil {
		c.Permissions = []string{reference.ActionsView, reference.ActionsStart}
	}
	if err := checkCaller(c); err != nil {
		return c, err
	}
	user, key, err := m.serving.Load().server.AddUser(ctx, c.User, c.APIKey, c.Permissions)
	if errors.Is(err, reference.ErrTaken) {
		return c, refused(http.StatusConflict, "user or api_key: another has it")
	}
	if err != nil {
		return c, err
	}
	m.journal.Hide(key)
	c = control.Caller{ID: user.ID, User: user.Email, APIKey: key, Permissions: user.Permissions}
	m.keys.mu.Lock()
	defer m.keys.mu.Unlock()
	if len(m.keys.made) < mostShown {
		m.keys.made = append(m.keys.made, c)
	}
	return c, nil
}

// checkCaller refuses what would be taken for something else: names that a journal has for
// who is no user, and keys that are part of all texts.
func checkCaller(c control.Caller) error {
	if c.User != "" && (!strings.Contains(c.User, "@") || len(c.User) > 254 || strings.ContainsFunc(c.User, func(r rune) bool { return r <= ' ' || !unicode.IsPrint(r) })) {
		return wrong("user: want an e-mail address, such as worker-1@example.com")
	}
	if c.APIKey != "" && len(c.APIKey) < shortestKey {
		return wrong("api_key: want %d characters or more", shortestKey)
	}
	return nil
}

const shortestKey = 8

// mostShown is how many keys that were made are shown.
const mostShown = 1000

// callers are those whose keys are known.
func (m *Mock) callers(ctx context.Context) ([]control.Caller, error) {
	all := []control.Caller{}
	for _, key := range m.options.Keys {
		user, err := m.store.UserByKey(ctx, reference.HashKey(key))
		if errors.Is(err, reference.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, control.Caller{ID: user.ID, User: user.Email, APIKey: key, Permissions: user.Permissions})
	}
	m.keys.mu.Lock()
	defer m.keys.mu.Unlock()
	return append(all, m.keys.made...), nil
}

// addRule adds a rule for a caller, whose name stands in it in place of a key.
func (m *Mock) addRule(ctx context.Context, r control.Rule) (control.Rule, error) {
	r, err := completed(r)
	if err != nil {
		return r, err
	}
	if err := checked(r); err != nil {
		return r, err
	}
	if !r.Everyone {
		user, err := m.meant(ctx, r.APIKey, r.User)
		if err != nil {
			return r, err
		}
		r.User = user.Email
	}
	return m.rules.add(r)
}

// faults are those of the catalogue.
func (m *Mock) faults() []control.Fault {
	on := m.serving.Load().faults
	var all []control.Fault
	for _, v := range fault.Faults() {
		all = append(all, control.Fault{Name: v.Name, Fact: v.Fact, On: slices.Contains(on, v.Name)})
	}
	return all
}

// FaultNamed gives the fault of a name. The error says what was meant.
func FaultNamed(name string) (fault.Variant, error) {
	var known []string
	for _, v := range fault.Faults() {
		if v.Name == name {
			return v, nil
		}
		known = append(known, v.Name)
	}
	return fault.Variant{}, fmt.Errorf("%q: no such fault; %s", name, fixtures.Meant(name, `"pocketcheck prove --list" lists them`, known...))
}
