package reference_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
)

// The states work whatever the seed, so here there is none.
func TestStatesNeedNoSeed(t *testing.T) {
	t.Parallel()
	s, err := reference.New(memory.New(), reference.Options{})
	require.NoError(t, err)
	state := func(name string, params map[string]string, value string) string {
		values, err := s.State(t.Context(), name, params)
		require.NoError(t, err, name)
		require.Len(t, values, 1, name)
		require.NotEmpty(t, values[value], name)
		return values[value]
	}
	key := state("another user", nil, "api_key")
	asset := "/api/v2/assets/" + send(s, key, "POST /api/v2/assets", `{"title":"x"}`).get("asset.id")
	of := map[string]string{"asset_id": id(asset)}

	action := state("a DAG action", nil, "dag_action_id")
	assert.Equal(t, action, state("a DAG action", nil, "dag_action_id"))
	assert.Equal(t, 200, send(s, key, "POST "+asset+"/dag_actions/"+action, "").status)
	project := state("a project", nil, "project_id")
	assert.Equal(t, ok, send(s, key, "POST "+asset+"/assign", `{"to_project_id":"`+project+`"}`))
	comment := state("another user's comment", of, "comment_id")
	assert.Equal(t, 403, send(s, key, "DELETE "+asset+"/comments/"+comment, "").status)
	collection := state("a collection with the asset", of, "collection_id")
	assert.Equal(t, collection, send(s, key, "GET "+asset+"/collections", "").get("collections.0.id"))
	media := state("a media file on the asset", of, "media_id")
	assert.Equal(t, media, send(s, key, "GET "+asset+"/media", "").raw("media.0.id"))
	for _, name := range []string{"a caller without ACTIONS_VIEW", "a caller without ACTIONS_START", "an internal failure"} {
		assert.NotEqual(t, state(name, nil, "api_key"), state(name, nil, "api_key"))
	}
}

func TestInternalFailureOfEveryEndpoint(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for _, endpoint := range endpoints {
		key := s.state("an internal failure", nil)["api_key"]
		request := strings.Replace(endpoint, id(seeded), "not-found-id", 1)
		assert.Equal(t, refused(500, "Internal Server Error"), s.requestBy(key, request, "{"), endpoint)
		assert.Equal(t, answer{401, ""}, s.requestBy(key, request, ""), endpoint)
		assert.NotContains(t, s.log.String(), key)
	}
	assert.Equal(t, 200, s.request("GET "+seeded, "").status)
}

func TestStateErrors(t *testing.T) {
	t.Parallel()
	s := serve(t)
	_, err := s.State(t.Context(), "a full moon", nil)
	require.ErrorIs(t, err, reference.ErrStateNotOffered)
	assert.EqualError(t, err, `provider state not offered: "a full moon"`)

	seededID := id(seeded)
	for _, state := range []string{"another user's comment", "a collection with the asset", "a media file on the asset", "days have passed"} {
		_, err := s.State(t.Context(), state, nil)
		assert.EqualError(t, err, `set up the state "`+state+`": asset_id is missing`)
		_, err = s.State(t.Context(), state, map[string]string{"asset_id": "not-found-id", "days": "1"})
		assert.EqualError(t, err, `set up the state "`+state+`": asset_id "not-found-id": there is no such asset`)
	}
	for _, days := range []string{"", "x", "-1", "1.5", "65536"} {
		_, err := s.State(t.Context(), "days have passed", map[string]string{"asset_id": seededID, "days": days})
		assert.EqualError(t, err, `set up the state "days have passed": days "`+days+`" is not a whole number up to 65535`)
	}
}

func TestControl(t *testing.T) {
	t.Parallel()
	s := serve(t)
	control := s.Control()
	tests := []struct {
		name, request, body string
		want                answer
	}{
		{"teardown", "POST /states", `{"state":"a project","params":{},"action":"teardown"}`, answer{200, `{}`}},
		{"teardown of an unknown state", "POST /states", `{"state":"a full moon","action":"teardown"}`, refused(404, `provider state not offered: "a full moon"`)},
		{"days as a number", "POST /states", `{"state":"days have passed","params":{"asset_id":"` + id(seeded) + `","days":14}}`, answer{200, `{}`}},
		{"unknown state", "POST /states", `{"state":"a full moon","action":"setup"}`, refused(404, `provider state not offered: "a full moon"`)},
		{"no state", "POST /states", `{}`, refused(404, `provider state not offered: ""`)},
		{"no asset", "POST /states", `{"state":"days have passed","action":"setup"}`, refused(400, "asset_id is missing")},
		{"parameter of a wrong type", "POST /states", `{"state":"a project","params":{"x":[1]}}`, refused(400, "x: [1] is neither a string nor a number")},
		{"action", "POST /states", `{"state":"a project","action":"dance"}`, refused(400, `action "dance" is neither setup nor teardown`)},
		{"malformed", "POST /states", `{`, refused(400, "body is not a provider state: unexpected end of JSON input")},
		{"too large", "POST /states", strings.Repeat(" ", 64<<10+1), refused(413, "Request body is too large")},
		{"method", "GET /states", ``, refused(405, "method not allowed")},
		{"path", "POST /api/v2/assets", ``, refused(404, "not found")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, send(control, "", tt.request, tt.body))
		})
	}
	got := send(control, "", "POST /states", `{"state":"a collection with the asset","params":{"asset_id":"`+id(seeded)+`"},"action":"setup"}`)
	require.Equal(t, 200, got.status)
	assert.Equal(t, got.get("collection_id"), s.request("GET "+seeded+"/collections", "").get("collections.1.id"))
}

func TestControlIsJSON(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	r := httptest.NewRequest("POST", "/states", strings.NewReader(`{"state":"another user"}`))
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	serve(t).Control().ServeHTTP(w, r)
	assert.Equal(t, "application/json", w.Header().Get("Content-Type"))
	assert.Equal(t, gjson.String, gjson.Get(w.Body.String(), "api_key").Type)
}

// A form in a browser can send these without asking.
func TestControlTakesJSONAlone(t *testing.T) {
	t.Parallel()
	for _, media := range []string{"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp", "text/plain; application/json", "application/json;"} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("POST", "/states", strings.NewReader(`{"state":"another user"}`))
		r.Header.Set("Content-Type", media)
		serve(t).Control().ServeHTTP(w, r)
		assert.Equal(t, media == "application/json;", w.Code == 200, "%s: %d", media, w.Code)
	}
}

// TestKeysOfStatesGo: what a state gives away is good for a day, and so are the newest
// of many alone.
func TestKeysOfStatesGo(t *testing.T) {
	t.Parallel()
	s := serve(t)
	another := func() string { return s.state("another user", nil)["api_key"] }
	first, failing := another(), s.state("an internal failure", nil)["api_key"]
	s.wait(24*time.Hour - time.Second)
	second := another()
	assert.Equal(t, 200, s.requestBy(first, "GET "+seeded, "").status)
	s.wait(time.Second)
	assert.Equal(t, answer{401, ""}, s.requestBy(first, "GET "+seeded, ""))
	assert.Equal(t, answer{401, ""}, s.requestBy(failing, "GET "+seeded, ""))
	assert.Equal(t, 200, s.requestBy(second, "GET "+seeded, "").status)
	assert.Equal(t, 200, s.request("GET "+seeded, "").status)

	third := another()
	for range 10_000 {
		another()
	}
	assert.Equal(t, answer{401, ""}, s.requestBy(second, "GET "+seeded, ""))
	assert.Equal(t, answer{401, ""}, s.requestBy(third, "GET "+seeded, ""))
	assert.Equal(t, 200, s.requestBy(another(), "GET "+seeded, "").status)
	assert.Equal(t, 200, s.request("GET "+seeded, "").status)
}

func TestPurgeDeletesUsersWhoseTimeIsOver(t *testing.T) {
	t.Parallel()
	store := memory.New()
	s := serveOver(t, store)
	key := s.state("another user", nil)["api_key"]
	s.wait(24 * time.Hour)
	_, err := s.Purge(t.Context())
	require.NoError(t, err)
	_, err = store.UserByKey(t.Context(), reference.HashKey(key))
	assert.ErrorIs(t, err, reference.ErrNotFound)
}
