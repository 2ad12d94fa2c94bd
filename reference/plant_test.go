package reference_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

func (s *service) plant(text string) error {
	s.t.Helper()
	more, err := reference.ReadMore(strings.NewReader(text))
	require.NoError(s.t, err)
	return s.Plant(s.t.Context(), more)
}

// TestPlant: more rows may be of users, projects and assets that are there.
func TestPlant(t *testing.T) {
	t.Parallel()
	s := serve(t)
	require.NoError(t, s.plant(`{
		"users": [{"id": 50, "email": "new@example.com", "keys": ["new-key"]}, {"id": 1, "email": "admin@example.com"}],
		"projects": [{"id": "p", "title": "P"}],
		"assets": [
			{"id": "hers", "title": "Hers", "owner": "editor@example.com", "project_id": "mJebz2r3ck0CTGIExPa4"},
			{"id": "new", "title": "New", "owner": "new@example.com", "project_id": "p"},
			{"id": "`+id(seeded)+`", "title": "stays as it is", "owner": "editor@example.com"}],
		"collections": [{"id": "c", "title": "C", "owner": "admin@example.com", "asset_ids": ["hers", "`+id(seeded)+`"]}]}`))
	hers := s.requestBy("new-key", "GET /api/v2/assets/hers", "")
	assert.Equal(t, "2023-11-27T09:42:48.538Z", hers.get("asset.created_date"))
	assert.Equal(t, "mJebz2r3ck0CTGIExPa4", hers.get("asset.project_id"))
	history := s.request("GET /api/v2/assets/hers/history/0", "")
	assert.Equal(t, "2 ASSET_ADDED", history.get("history.results.0.user_id")+" "+history.get("history.results.0.event_type"))
	assert.Equal(t, "50", s.request("GET /api/v2/assets/new/history/0", "").get("history.results.0.user_id"))
	assert.Equal(t, "Sample Asset", s.request("GET "+seeded, "").get("asset.title"))
	assert.Equal(t, "1", s.request("GET "+seeded+"/history/0", "").get("history.results.#"))
	assert.Equal(t, "2", s.request("GET "+seeded+"/collections", "").get("collections.#"))

	// What was deleted may come back, since it is asked for.
	s.request("DELETE /api/v2/assets/hers", "")
	require.NoError(t, s.plant(`{"assets": [{"id": "hers", "title": "Again", "owner": "editor@example.com"}]}`))
	assert.Equal(t, "Again", s.request("GET /api/v2/assets/hers", "").get("asset.title"))
}

func TestPlantRefuses(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for _, c := range []struct {
		more, text string
		want       error
	}{
		{`{"assets":[{"id":"a","title":"A","owner":"x@x\u0000"}]}`, `plant: assets[0].owner: "x@x\x00": `, reference.ErrNotFound},
		{`{"assets":[{"id":"a","title":"A","owner":"admin@example.com","project_id":"p"}]}`, `plant: assets[0].project_id: find project "p": not found`, reference.ErrNotFound},
		{`{"collections":[{"id":"c","title":"C","owner":"x@x"}]}`, `plant: collections[0].owner: "x@x": `, reference.ErrNotFound},
		{`{"collections":[{"id":"c","title":"C","owner":"admin@example.com","asset_ids":["a"]}]}`, `plant: collections[0].asset_ids[0]: "a": `, reference.ErrNotFound},
		{`{"users":[{"id":1,"email":"x@x"}]}`, `plant: users[0].id: 1: already taken`, reference.ErrTaken},
		{`{"users":[{"id":50,"email":"admin@example.com"}]}`, `plant: users[0].email: "admin@example.com": already taken`, reference.ErrTaken},
		{`{"users":[{"id":50,"email":"x@x","keys":["` + admin + `"]}]}`, ``, reference.ErrTaken},
	} {
		err := s.plant(c.more)
		require.ErrorIs(t, err, c.want, c.more)
		assert.Contains(t, err.Error(), c.text)
		assert.NotContains(t, err.Error(), admin)
	}
	assert.Equal(t, 404, s.request("GET /api/v2/assets/a", "").status)
}

// TestReadMore is as strict as a seed is in all but what may be elsewhere.
func TestReadMore(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ more, want string }{
		{`{"comments":[]}`, `read seed: the seed: unknown member "comments"; there are users, dag_actions, projects, assets, collections`},
		{`{"assets":[{"id":"a","title":"A","owner":"x"},{"id":"a","title":"A","owner":"x"}]}`, `read seed: assets[1].id repeats that of assets[0]`},
	} {
		_, err := reference.ReadMore(strings.NewReader(c.more))
		assert.EqualError(t, err, c.want)
	}
}
