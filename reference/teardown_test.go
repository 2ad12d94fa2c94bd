package reference_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"github.com/pocketcheck/pocketcheck/reference/memory"
)

// states are all that a run sets up.
var states = []string{
	"another user", "a caller without ACTIONS_VIEW", "a caller without ACTIONS_START", "an internal failure",
	"another user's comment", "a DAG action", "a project", "a collection with the asset", "a media file on the asset",
}

// ask asks the states URL; the values of a set-up are params of its teardown.
func ask(t *testing.T, s *service, state, action string, params map[string]string) map[string]string {
	t.Helper()
	body, err := json.Marshal(map[string]any{"state": state, "action": action, "params": params})
	require.NoError(t, err)
	got := send(s.Control(), "", "POST /states", string(body))
	require.Equal(t, http.StatusOK, got.status, got.body)
	values := map[string]string{}
	require.NoError(t, json.Unmarshal([]byte(got.body), &values))
	return values
}

// guests are the rows of a snapshot that states make beside an asset's.
func guests(t *testing.T, store *memory.Store) []string {
	t.Helper()
	var all []string
	for _, rows := range gjson.GetMany(snapshot(t, store), "users.#.id", "keys.#.user_id", "projects.#.id", "collections.#.id") {
		all = append(all, rows.Raw)
	}
	return all
}

// TestTeardown: what a set-up made is gone after its teardown, whatever the asset has of
// it, and whatever became of it; what another asset uses stays.
func TestTeardown(t *testing.T) {
	t.Parallel()
	for _, state := range states {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			store := memory.New()
			s := serveOver(t, store)
			asset, other := s.asset(`{"title":"x"}`), s.asset(`{"title":"y"}`)
			before := guests(t, store)
			use := func(of string, values map[string]string) {
				if key := values["api_key"]; key != "" {
					s.requestBy(key, "POST "+of+"/comments", `{"comment":"theirs"}`)
				}
				if project := values["project_id"]; project != "" {
					s.request("POST "+of+"/assign", `{"to_project_id":"`+project+`"}`)
				}
			}
			setUp := func() (values, params map[string]string) {
				params = map[string]string{"asset_id": id(asset)}
				values = ask(t, s, state, "setup", params)
				maps.Copy(params, values)
				return values, params
			}

			values, params := setUp()
			use(asset, values)
			for range 2 {
				assert.Empty(t, ask(t, s, state, "teardown", params))
			}
			assert.Equal(t, before, guests(t, store))
			require.NoError(t, restore(t, store, snapshot(t, store)))

			values, params = setUp()
			use(other, values)
			ask(t, s, state, "teardown", params)
			isUsed := state == "another user" || state == "a project" || state == "a caller without ACTIONS_VIEW" || state == "a caller without ACTIONS_START"
			assert.Equal(t, isUsed, len(guests(t, store)[0]+guests(t, store)[2]) > len(before[0]+before[2]), "what the other asset uses")
		})
	}
}

// TestTeardownSparesTheSeed: nobody's project, user or collection is taken for a guest.
func TestTeardownSparesTheSeed(t *testing.T) {
	t.Parallel()
	store := memory.New()
	s := serveOver(t, store)
	before := snapshot(t, store)
	seed := gjson.Parse(before)
	for _, params := range []map[string]string{
		{"api_key": editor}, {"api_key": ""}, {"api_key": "nobody's"}, {"project_id": seed.Get("projects.0.id").String()}, {"project_id": "\x00"},
		{"collection_id": seed.Get("collections.0.id").String()}, {"comment_id": "1", "asset_id": id(seeded)}, {"comment_id": "x", "asset_id": "\x00"},
	} {
		for _, state := range states {
			ask(t, s, state, "teardown", params)
		}
	}
	assert.Equal(t, before, snapshot(t, store))
}
