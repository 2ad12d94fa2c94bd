package reference_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

func TestReadSeed(t *testing.T) {
	t.Parallel()
	seed, err := reference.ReadSeed(strings.NewReader(`{
		"users": [{"id": 7, "email": "a@x", "first_name": null, "keys": ["k", "l"], "permissions": ["ACTIONS_VIEW"]}],
		"projects": [{"id": "p", "title": "P"}],
		"assets": [{"id": "a", "title": "A", "owner": "a@x", "project_id": "p", "external_id": "e", "tags": ["t"]}],
		"collections": [{"id": "c", "title": "C", "owner": "a@x", "isPublic": true, "asset_ids": ["a"]}]}`))
	require.NoError(t, err)
	p, e := "p", "e"
	assert.Equal(t, reference.Seed{
		Users:    []reference.User{{ID: 7, Email: "a@x", Permissions: []string{reference.ActionsView}}},
		Keys:     []reference.UserKey{{Hash: reference.HashKey("k"), UserID: 7}, {Hash: reference.HashKey("l"), UserID: 7}},
		Projects: []reference.Project{{ID: "p", Title: "P"}},
		Assets:   []reference.Asset{{ID: "a", Title: "A", Owner: "a@x", ProjectID: &p, ExternalID: &e, Tags: []string{"t"}, MediaType: "placeholder"}},
		Collections: []reference.Collection{{ID: "c", Title: "C", OriginalTitle: "C", Owner: "a@x", IsPublic: true,
			Tags: []string{}, AssetIDs: []string{"a"}}},
	}, seed)
}

func TestEmptySeed(t *testing.T) {
	t.Parallel()
	seed, err := reference.ReadSeed(strings.NewReader(" {}\n"))
	require.NoError(t, err)
	assert.Equal(t, reference.Seed{}, seed)
}

func TestUnreadableSeed(t *testing.T) {
	t.Parallel()
	_, err := reference.ReadSeed(iotest.ErrReader(errors.New("disk on fire")))
	assert.EqualError(t, err, "read seed: disk on fire")
}

func TestBadSeeds(t *testing.T) {
	t.Parallel()
	const user = `{"id":1,"email":"a@x","keys":["secret"]}`
	const asset = `{"id":"a","title":"A","owner":"a@x"}`
	tests := []struct{ name, seed, want string }{
		{"nothing", ``, `line 1: unexpected end of JSON input`},
		{"malformed", "{\n\"users\": [\n}", `line 3: invalid character '}' looking for beginning of value`},
		{"trailing data", "{}\n{}", `line 2: invalid character '{' after top-level value`},
		{"array", `[]`, `the seed: is not an object`},
		{"null", `null`, `the seed: is not an object`},
		{"unknown array", `{"comments":[]}`, `the seed: unknown member "comments"; there are users, dag_actions, projects, assets, collections`},
		{"array twice", `{"users":[],"users":[]}`, `the seed: member "users" is given twice`},
		{"no array", `{"users":{}}`, `users: is not an array`},
		{"null array", `{"users":null}`, `users: is not an array`},
		{"no object", `{"users":[` + user + `,1]}`, `users[1]: is not an object`},
		{"unknown member", `{"users":[{"id":1,"keyz":[]}]}`, `users[0]: unknown member "keyz"; there are id, email, first_name, last_name, avatar_url, keys, permissions`},
		{"other spelling", `{"users":[{"ID":1}]}`, `users[0]: unknown member "ID"; there are id, email, first_name, last_name, avatar_url, keys, permissions`},
		{"member twice", `{"users":[{"id":1,"email":"a@x","keys":["secret"],"keys":[]}]}`, `users[0]: member "keys" is given twice`},
		{"wrong type", `{"users":[` + user + `,{"id":"2"}]}`, `users[1].id: is of JSON type string, want int64`},
		{"fraction", `{"users":[{"id":1.5}]}`, `users[0].id: is of JSON type number 1.5, want int64`},
		{"key of a wrong type", `{"users":[{"id":1,"email":"a@x","keys":[12345]}]}`, `users[0].keys: is of JSON type number, want string`},
		{"user without id", `{"users":[{"email":"a@x"}]}`, `users[0].id: want a number above 0`},
		{"user without email", `{"users":[{"id":1}]}`, `users[0].email: is missing`},
		{"user id twice", `{"users":[` + user + `,{"id":1,"email":"b@x"}]}`, `users[1].id repeats that of users[0]`},
		{"email twice", `{"users":[` + user + `,{"id":2,"email":"a@x"}]}`, `users[1].email repeats that of users[0]`},
		{"key of two users", `{"users":[` + user + `,{"id":2,"email":"b@x","keys":["secret"]}]}`, `users[1].keys[0] repeats a key of users[0]`},
		{"key twice", `{"users":[{"id":1,"email":"a@x","keys":["secret","secret"]}]}`, `users[0].keys[1] repeats a key of users[0]`},
		{"empty key", `{"users":[{"id":1,"email":"a@x","keys":[null]}]}`, `users[0].keys[0]: is missing`},
		{"permission", `{"users":[{"id":1,"email":"a@x","permissions":["ACTIONS_VIEW","INTERNAL_FAILURE"]}]}`, `users[0].permissions[1]: there is no permission "INTERNAL_FAILURE"`},
		{"DAG action id", `{"dag_actions":[{"id":-1,"name":"x"}]}`, `dag_actions[0].id: want a number above 0`},
		{"DAG action name", `{"dag_actions":[{"id":1}]}`, `dag_actions[0].name: is missing`},
		{"DAG action twice", `{"dag_actions":[{"id":1,"name":"x"},{"id":1,"name":"y"}]}`, `dag_actions[1].id repeats that of dag_actions[0]`},
		{"project id", `{"projects":[{"id":"a b","title":"x"}]}`, `projects[0].id: want up to 64 of the characters A-Z a-z 0-9 _ -`},
		{"project title", `{"projects":[{"id":"a"}]}`, `projects[0].title: is missing`},
		{"project twice", `{"projects":[{"id":"a","title":"x"},{"id":"a","title":"y"}]}`, `projects[1].id repeats that of projects[0]`},
		{"asset owner", `{"assets":[` + asset + `]}`, `assets[0].owner: there is no user "a@x"`},
		{"asset title", `{"users":[` + user + `],"assets":[{"id":"a","owner":"a@x"}]}`, `assets[0].title: is missing`},
		{"asset twice", `{"users":[` + user + `],"assets":[` + asset + `,` + asset + `]}`, `assets[1].id repeats that of assets[0]`},
		{"asset project", `{"users":[` + user + `],"assets":[{"id":"a","title":"A","owner":"a@x","project_id":"p"}]}`, `assets[0].project_id: there is no project "p"`},
		{"external id", `{"users":[` + user + `],"assets":[{"id":"a","title":"A","owner":"a@x","external_id":"e"},{"id":"b","title":"A","owner":"a@x","external_id":"e"}]}`, `assets[1].external_id repeats that of assets[0]`},
		{"collection owner", `{"collections":[{"id":"c","title":"C","owner":"b@x"}]}`, `collections[0].owner: there is no user "b@x"`},
		{"collection asset", `{"users":[` + user + `],"collections":[{"id":"c","title":"C","owner":"a@x","asset_ids":["a"]}]}`, `collections[0].asset_ids[0]: there is no asset "a"`},
		{"collection asset twice", `{"users":[` + user + `],"assets":[` + asset + `],"collections":[{"id":"c","title":"C","owner":"a@x","asset_ids":["a","a"]}]}`, `collections[0].asset_ids[1] repeats one of collections[0]`},
		{"collection twice", `{"users":[` + user + `],"collections":[{"id":"c","title":"C","owner":"a@x"},{"id":"c","title":"C","owner":"a@x"}]}`, `collections[1].id repeats that of collections[0]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := reference.ReadSeed(strings.NewReader(tt.seed))
			assert.EqualError(t, err, "read seed: "+tt.want)
		})
	}
}

func TestSeedHoldsNoKeyInClear(t *testing.T) {
	t.Parallel()
	assert.NotContains(t, fmt.Sprintf("%#v", defaultSeed(t)), admin)
}
