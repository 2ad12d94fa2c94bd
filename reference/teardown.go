package reference

import (
	"context"
	"errors"
	"fmt"
	"strconv"
)

// tearDown removes the guests that the setup of a state made, as far as the values that
// it gave are among the params and nothing but the asset uses them. What belongs to an
// asset goes with it. What is gone, or never was a guest, is no error.
func (s *Server) tearDown(ctx context.Context, state string, params map[string]string) (map[string]string, error) {
	if _, ok := s.states[state]; !ok {
		return nil, fmt.Errorf("%w: %q", ErrStateNotOffered, state)
	}
	err := again(ctx, func() error {
		made, err := s.madeFor(ctx, state, params)
		if err != nil {
			return err
		}
		asset := params["asset_id"]
		if !isID(asset) {
			asset = ""
		}
		return s.store.Dismiss(ctx, made, asset)
	})
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("tear down the state %q: %w", state, err)
	}
	return map[string]string{}, nil
}

// madeFor is what a setup made, by the values that it gave.
func (s *Server) madeFor(ctx context.Context, state string, params map[string]string) (Seed, error) {
	var made Seed
	if key, ok := params["api_key"]; ok {
		user, err := s.store.UserByKey(ctx, HashKey(key))
		if err != nil {
			return Seed{}, err
		}
		made.Users = []User{user}
	}
	if id, err := strconv.ParseInt(params["comment_id"], 10, 64); err == nil && state == "another user's comment" && isID(params["asset_id"]) {
		c, err := s.store.Comment(ctx, params["asset_id"], id)
		if err != nil {
			return Seed{}, err
		}
		made.Users = []User{{ID: c.AuthorID}}
	}
	if id := params["project_id"]; isID(id) {
		made.Projects = []Project{{ID: id}}
	}
	if id := params["collection_id"]; isID(id) {
		made.Collections = []Collection{{ID: id}}
	}
	return made, nil
}
