package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

// store is one under test. Its own methods, in lower case, end the test when
// there is an error; those of [reference.Store] are for errors that are wanted.
type store struct {
	reference.Store
	t      *testing.T
	opened Opened
}

func (s store) ctx() context.Context { return s.t.Context() }

// must lets the test go on with what a call returned, unless that is an error.
func must[T any](result T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		require.NoError(t, err)
		return result
	}
}

func (s store) insert(rows reference.Seed) {
	s.t.Helper()
	require.NoError(s.t, s.Insert(s.ctx(), rows))
}

func (s store) asset(id string) reference.Asset {
	s.t.Helper()
	return must(s.Asset(s.ctx(), id))(s.t)
}

func (s store) createAsset(a reference.Asset, events ...reference.Event) reference.Asset {
	s.t.Helper()
	return must(s.CreateAsset(s.ctx(), a, events...))(s.t)
}

func (s store) updateAsset(a reference.Asset, events ...reference.Event) reference.Asset {
	s.t.Helper()
	return must(s.UpdateAsset(s.ctx(), a, events...))(s.t)
}

func (s store) deleteAsset(id string) {
	s.t.Helper()
	require.NoError(s.t, s.DeleteAsset(s.ctx(), id))
}

func (s store) comments(assetID string) []reference.Comment {
	s.t.Helper()
	return must(s.Comments(s.ctx(), assetID))(s.t)
}

func (s store) createComment(c reference.Comment, events ...reference.Event) reference.Comment {
	s.t.Helper()
	return must(s.CreateComment(s.ctx(), c, events...))(s.t)
}

func (s store) updateComment(c reference.Comment, events ...reference.Event) reference.Comment {
	s.t.Helper()
	return must(s.UpdateComment(s.ctx(), c, events...))(s.t)
}

func (s store) media(assetID string) []reference.Media {
	s.t.Helper()
	return must(s.Media(s.ctx(), assetID))(s.t)
}

func (s store) createMedia(a reference.Asset, m reference.Media, events ...reference.Event) reference.Media {
	s.t.Helper()
	return must(s.CreateMedia(s.ctx(), a, m, events...))(s.t)
}

func (s store) runs(assetID string) []reference.DagActionRun {
	s.t.Helper()
	return must(s.DagActionRuns(s.ctx(), assetID))(s.t)
}

func (s store) createRun(run reference.DagActionRun, events ...reference.Event) reference.DagActionRun {
	s.t.Helper()
	return must(s.CreateDagActionRun(s.ctx(), run, events...))(s.t)
}

func (s store) collections(assetID string) []reference.Collection {
	s.t.Helper()
	return must(s.Collections(s.ctx(), assetID))(s.t)
}

// events are all of the asset, newest first.
func (s store) events(assetID string) []reference.Event {
	s.t.Helper()
	return must(s.Events(s.ctx(), assetID, 0, 10_000))(s.t)
}

// holding is all that a store has of one asset.
type holding struct {
	Asset       *reference.Asset // nil: there is none
	Comments    []reference.Comment
	Media       []reference.Media
	Runs        []reference.DagActionRun
	Collections []reference.Collection
	Events      []reference.Event
}

// of is what the store has of the asset.
func (s store) of(assetID string) holding {
	s.t.Helper()
	h := holding{
		Comments: list(s.comments(assetID)), Media: list(s.media(assetID)), Runs: list(s.runs(assetID)),
		Collections: list(s.collections(assetID)), Events: list(s.events(assetID)),
	}
	if a, err := s.Asset(s.ctx(), assetID); !errors.Is(err, reference.ErrNotFound) {
		h.Asset = new(must(a, err)(s.t))
	}
	return h
}

// list makes nothing of both kinds equal: a store may return either.
func list[T any](rows []T) []T { return append([]T{}, rows...) }

// nothing is what a store has of an asset that it does not have.
var nothing = holding{
	Comments: []reference.Comment{}, Media: []reference.Media{}, Runs: []reference.DagActionRun{},
	Collections: []reference.Collection{}, Events: []reference.Event{},
}

// nothing requires that nothing of the asset is there.
func (s store) nothing(assetID string) {
	s.t.Helper()
	require.Equal(s.t, nothing, s.of(assetID))
}

// fails is the error of a call whose other result is of no interest.
func fails[T any](_ T, err error) error { return err }
