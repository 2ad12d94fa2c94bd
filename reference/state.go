package reference

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"strconv"
	"time"
)

// ErrStateNotOffered is the answer of [Server.State] to a state it has not.
var ErrStateNotOffered = errors.New("provider state not offered")

// failsOnce is a permission that no seed can give: the user's key is good for
// one request, which fails.
const failsOnce = "INTERNAL_FAILURE"

// state sets up a provider state; params and result are those of State.
type state func(ctx context.Context, params map[string]string) (map[string]string, error)

func (s *Server) offeredStates() map[string]state {
	return map[string]state{
		"another user":                   s.callerWith(ActionsView, ActionsStart),
		"a caller without ACTIONS_VIEW":  s.callerWith(ActionsStart),
		"a caller without ACTIONS_START": s.callerWith(ActionsView),
		"an internal failure":            s.callerWith(failsOnce),
		"another user's comment":         s.anotherUsersComment,
		"a DAG action":                   s.aDagAction,
		"a project":                      s.aProject,
		"a collection with the asset":    s.aCollectionWithTheAsset,
		"a media file on the asset":      s.aMediaFileOnTheAsset,
		"days have passed":               s.daysHavePassed,
	}
}

// State sets up what the documented API can't create, and returns what a
// request needs to use it: api_key, comment_id, dag_action_id, project_id,
// collection_id or media_id. Of params, states about an asset need asset_id,
// and "days have passed" needs days. Each setup makes things of its own, so
// that callers don't meet. The error is [ErrStateNotOffered], or tells which
// parameter is bad.
func (s *Server) State(ctx context.Context, state string, params map[string]string) (map[string]string, error) {
	setUp, ok := s.states[state]
	if !ok {
		return nil, fmt.Errorf("%w: %q", ErrStateNotOffered, state)
	}
	var result map[string]string
	err := again(ctx, func() error {
		var err error
		result, err = setUp(ctx, params)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("set up the state %q: %w", state, err)
	}
	return result, nil
}

// callerWith is the state of a new user who has the permissions.
func (s *Server) callerWith(permissions ...string) state {
	return func(ctx context.Context, _ map[string]string) (map[string]string, error) {
		_, key, err := s.newUser(ctx, permissions...)
		if err != nil {
			return nil, err
		}
		return map[string]string{"api_key": key}, nil
	}
}

func (s *Server) newUser(ctx context.Context, permissions ...string) (User, string, error) {
	id := newNumber()
	user := User{ID: id, Email: fmt.Sprintf("user-%d@example.com", id), Permissions: permissions, Until: s.until()}
	key := rand.Text()
	return user, key, s.insertGuests(ctx, Seed{Users: []User{user}, Keys: []UserKey{{HashKey(key), id}}})
}

func (s *Server) insertGuests(ctx context.Context, rows Seed) error {
	if err := s.store.Insert(ctx, rows); err != nil {
		return err
	}
	return s.store.DeleteGuests(ctx, s.clock(), guests)
}

// until is when a guest that comes now goes: to the microsecond, so that the last to
// come is the last to go.
func (s *Server) until() *time.Time { return new(s.clock().Add(guestsStay)) }

// AddUser gives a user a key, for good: a new user with these permissions, or the one who
// has the e-mail address, who keeps theirs. Without an address or a key, one is made. The
// error is [ErrTaken] where another has the key.
func (s *Server) AddUser(ctx context.Context, email, key string, permissions []string) (User, string, error) {
	user, err := s.store.UserByEmail(ctx, email)
	if email == "" || errors.Is(err, ErrNotFound) {
		id := newNumber()
		user, err = User{ID: id, Email: cmp.Or(email, fmt.Sprintf("user-%d@example.com", id)), Permissions: permissions}, nil
	}
	if err != nil {
		return User{}, "", err
	}
	key = cmp.Or(key, rand.Text())
	err = s.store.Insert(ctx, Seed{Users: []User{user}, Keys: []UserKey{{HashKey(key), user.ID}}})
	return user, key, err
}

// The guests, who are the users, projects and collections that are made for provider
// states, are few and don't stay: a run needs less than a hundred of them, for minutes.
const (
	guests     = 10_000
	guestsStay = 24 * time.Hour
)

// newNumber is an id for a row that the seed might have numbered: random, for
// several servers may share a store, and exact in a float64.
func newNumber() int64 {
	n, _ := rand.Int(rand.Reader, big.NewInt(1<<52)) // never fails
	return n.Int64() + 1
}

func (s *Server) anotherUsersComment(ctx context.Context, params map[string]string) (map[string]string, error) {
	a, err := s.assetOf(ctx, params)
	if err != nil {
		return nil, err
	}
	user, _, err := s.newUser(ctx)
	if err != nil {
		return nil, err
	}
	at := s.now()
	c := Comment{AssetID: a.ID, AuthorID: user.ID, Message: "Sample comment for tests", UpdatedAt: at}
	c, err = s.store.CreateComment(ctx, c, Event{AssetID: a.ID, UserID: user.ID, Type: "COMMENT_ADDED", CreatedAt: at})
	if err != nil {
		return nil, err
	}
	return map[string]string{"comment_id": strconv.FormatInt(c.ID, 10)}, nil
}

func (s *Server) aDagAction(ctx context.Context, _ map[string]string) (map[string]string, error) {
	actions, err := s.store.DagActions(ctx)
	if err != nil {
		return nil, err
	}
	if len(actions) == 0 {
		actions = []DagAction{{newNumber(), "Sample DAG action", "Sample DAG action for tests", "Tests"}}
		if err := s.store.Insert(ctx, Seed{DagActions: actions}); err != nil {
			return nil, err
		}
	}
	return map[string]string{"dag_action_id": strconv.FormatInt(actions[0].ID, 10)}, nil
}

func (s *Server) aProject(ctx context.Context, _ map[string]string) (map[string]string, error) {
	p := Project{s.newID(), "Sample Project", s.until()}
	if err := s.insertGuests(ctx, Seed{Projects: []Project{p}}); err != nil {
		return nil, err
	}
	return map[string]string{"project_id": p.ID}, nil
}

func (s *Server) aCollectionWithTheAsset(ctx context.Context, params map[string]string) (map[string]string, error) {
	a, err := s.assetOf(ctx, params)
	if err != nil {
		return nil, err
	}
	description, at := "Sample collection description.", s.now()
	c := Collection{
		ID: s.newID(), Title: "Sample Collection", OriginalTitle: "Sample Collection", Description: &description,
		Tags: []string{}, Owner: a.Owner, CreatedDate: at, ModificationDate: at, AssetIDs: []string{a.ID},
		Until: s.until(),
	}
	if err := s.insertGuests(ctx, Seed{Collections: []Collection{c}}); err != nil {
		return nil, err
	}
	return map[string]string{"collection_id": c.ID}, nil
}

func (s *Server) aMediaFileOnTheAsset(ctx context.Context, params map[string]string) (map[string]string, error) {
	a, err := s.assetOf(ctx, params)
	if err != nil {
		return nil, err
	}
	m, err := s.storeMedia(ctx, a, Media{Filename: "test_filename.jpg"})
	if err != nil {
		return nil, err
	}
	return map[string]string{"media_id": strconv.FormatInt(m.ID, 10)}, nil
}

// daysHavePassed moves the time when the asset came into the trash bin back.
// For an asset that is not there, nothing changes with the days.
func (s *Server) daysHavePassed(ctx context.Context, params map[string]string) (map[string]string, error) {
	a, err := s.assetOf(ctx, params)
	if err != nil {
		return nil, err
	}
	days, err := strconv.ParseUint(params["days"], 10, 16)
	if err != nil {
		return nil, badParam("days %q is not a whole number up to 65535", params["days"])
	}
	if a.Deleted == nil {
		return map[string]string{}, nil
	}
	earlier := a.Deleted.Add(-time.Duration(days) * 24 * time.Hour)
	a.Deleted = &earlier
	_, err = s.store.UpdateAsset(ctx, a)
	return map[string]string{}, err
}

// assetOf is the asset that a state is about.
func (s *Server) assetOf(ctx context.Context, params map[string]string) (Asset, error) {
	id, ok := params["asset_id"]
	if !ok {
		return Asset{}, badParam("asset_id is missing")
	}
	a, err := s.assetByID(ctx, id)
	if errors.Is(err, ErrNotFound) {
		err = badParam("asset_id %q: there is no such asset", id)
	}
	return a, err
}

func badParam(format string, args ...any) error {
	return &refusal{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}
