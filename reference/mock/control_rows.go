package mock

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strings"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/control"
)

// decodedStrictly refuses members that are not known, with what JSON lacks.
func decodedStrictly[T any](text []byte) (value T, err error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	err = dec.Decode(&value)
	if mistyped, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return value, wrong("the body: %s is of JSON type %s, which it can't be", mistyped.Field, mistyped.Value)
	}
	if err != nil {
		return value, wrong("the body: %s%s", strings.TrimPrefix(err.Error(), "json: "), meantMember[T](err))
	}
	if dec.More() {
		return value, wrong("the body has more than one JSON value")
	}
	return value, nil
}

// meantMember says which member was meant by one that there is not.
func meantMember[T any](err error) string {
	_, name, isUnknown := strings.Cut(err.Error(), "unknown field ")
	if !isUnknown {
		return ""
	}
	var known []string
	for field := range reflect.TypeFor[T]().Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		known = append(known, name)
	}
	return "; " + fixtures.Meant(strings.ReplaceAll(strings.Trim(name, `"`), "-", "_"), "there are "+strings.Join(known, ", "), known...)
}

func (m *Mock) postSeed(r *http.Request) (any, error) {
	text, err := taken(r, longestRows)
	if err != nil {
		return nil, err
	}
	seed, err := reference.ReadMore(bytes.NewReader(text))
	if err != nil {
		return nil, wrong("%v", err)
	}
	err = m.serving.Load().server.Plant(r.Context(), seed)
	if errors.Is(err, reference.ErrNotFound) || errors.Is(err, reference.ErrTaken) {
		err = refused(http.StatusConflict, "%v", err)
	}
	return nil, err
}

func (m *Mock) getSnapshot(r *http.Request) (any, error) {
	store, err := m.rewriter()
	if err != nil {
		return nil, err
	}
	var all reference.Rows
	err = store.Rewrite(r.Context(), func(rows *reference.Rows) error {
		all = *rows
		return nil
	})
	return all, err
}

func (m *Mock) putSnapshot(r *http.Request) (any, error) {
	store, err := m.rewriter()
	if err != nil {
		return nil, err
	}
	text, err := taken(r, longestRows)
	if err != nil {
		return nil, err
	}
	rows, err := reference.ReadRows(bytes.NewReader(text))
	if err != nil {
		return nil, wrong("%v", err)
	}
	m.journal.Begin()
	return nil, store.Rewrite(r.Context(), func(all *reference.Rows) error {
		*all = rows
		return nil
	})
}

// callerList, and the like, are answers that may get further members.
type (
	callerList struct {
		Keys []control.Caller `json:"keys"`
	}
	ruleList struct {
		Rules []control.Rule `json:"rules"`
	}
	faultList struct {
		Faults []control.Fault `json:"faults"`
	}
	removed struct {
		Removed int `json:"removed"`
	}
)

func (m *Mock) getKeys(r *http.Request) (any, error) {
	all, err := m.callers(r.Context())
	return callerList{all}, err
}

func (m *Mock) postKeys(r *http.Request) (any, error) {
	c, err := ordered[control.Caller](r)
	if err != nil {
		return nil, err
	}
	if c.ID != 0 {
		return nil, wrong("user_id is the mock's to give")
	}
	return m.addCaller(r.Context(), c)
}

func (m *Mock) getRules(*http.Request) (any, error) { return ruleList{m.rules.list()}, nil }

func (m *Mock) postRules(r *http.Request) (any, error) {
	rule, err := ordered[control.Rule](r)
	if err != nil {
		return nil, err
	}
	return m.addRule(r.Context(), rule)
}

// deleteRules removes all, or with ?user= those of one caller.
func (m *Mock) deleteRules(r *http.Request) (any, error) {
	user := r.URL.Query().Get("user")
	return removed{m.rules.remove(func(r control.Rule) bool { return user == "" || r.User == user })}, nil
}

func (m *Mock) deleteRule(r *http.Request) (any, error) {
	id := r.PathValue("id")
	n := m.rules.remove(func(r control.Rule) bool { return r.ID == id })
	if n == 0 {
		return nil, refused(http.StatusNotFound, "there is no rule %q", id)
	}
	return removed{n}, nil
}

// putFaults lets the mock have the faults that are named, and no others.
func (m *Mock) putFaults(r *http.Request) (any, error) {
	on, err := ordered[struct {
		On []string `json:"on"`
	}](r)
	if err != nil {
		return nil, err
	}
	for _, name := range on.On {
		if _, err := FaultNamed(name); err != nil {
			return nil, wrong("on: %v", err)
		}
	}
	if err := m.setFaults(on.On); err != nil {
		return nil, err
	}
	return faultList{m.faults()}, nil
}

// deleteJournal empties the journal, or with ?user= lets go of one caller's entries.
func (m *Mock) deleteJournal(r *http.Request) (any, error) {
	m.journal.Forget(r.URL.Query().Get("user"))
	return nil, nil
}
