package storetest

import (
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

func (s store) users(ids ...int64) []reference.User {
	s.t.Helper()
	return must(s.Users(s.ctx(), ids))(s.t)
}

func (s store) userByKey(key string) reference.User {
	s.t.Helper()
	return must(s.UserByKey(s.ctx(), reference.HashKey(key)))(s.t)
}

func (s store) dagActions() []reference.DagAction {
	s.t.Helper()
	return must(s.DagActions(s.ctx()))(s.t)
}

// has checks that the rows, and no others of their kind, are in the store.
func (s store) has(rows reference.Seed) {
	s.t.Helper()
	for _, u := range rows.Users {
		assert.Equal(s.t, []reference.User{u}, s.users(u.ID))
	}
	for _, k := range rows.Keys {
		assert.Equal(s.t, k.UserID, must(s.UserByKey(s.ctx(), k.Hash))(s.t).ID)
	}
	assert.Equal(s.t, rows.DagActions, s.dagActions())
	for _, p := range rows.Projects {
		assert.Equal(s.t, p, must(s.Project(s.ctx(), p.ID))(s.t))
	}
	for _, a := range rows.Assets {
		s.kept(a, s.asset(a.ID))
	}
	of := map[string][]reference.Collection{}
	for _, c := range rows.Collections {
		ids := c.AssetIDs
		c.AssetIDs = nil
		for _, id := range ids {
			of[id] = append(of[id], c)
		}
	}
	for id, collections := range of {
		assert.Equal(s.t, collections, s.collections(id))
	}
	happened := map[string][]reference.Event{}
	for _, e := range rows.Events {
		happened[e.AssetID] = append([]reference.Event{e}, happened[e.AssetID]...)
	}
	for id, events := range happened {
		s.happened(events, id)
	}
}

// happened checks that these are the events of the asset, but for their ids.
func (s store) happened(events []reference.Event, assetID string) {
	s.t.Helper()
	all := s.events(assetID)
	ascend(s, all, func(e reference.Event) int64 { return -e.ID })
	for i := range all {
		all[i].ID = 0
	}
	assert.Equal(s.t, events, all)
}

func seedComesOutAsItWentIn(s store) {
	assert.Empty(s.t, s.dagActions())
	s.insert(reference.Seed{})
	rows := seedRows("seed")
	bareUser := reference.User{ID: 2, Email: "bo@example.com", Permissions: []string{"ACTIONS_VIEW"}}
	bareCollection := reference.Collection{
		ID: "bare", Title: "x", Tags: []string{"x"}, CreatedDate: at, ModificationDate: at, AssetIDs: []string{"asset"},
	}
	rows.Users = append(rows.Users, bareUser, userRow(3))
	rows.Collections = append(rows.Collections, bareCollection, collectionRow("of-none"))
	inTheTrash := trashed("trashed", at)
	inTheTrash.Number, inTheTrash.Version = 99, 99 // the store's to give
	rows.Assets = append(rows.Assets, inTheTrash)
	s.insert(rows)
	s.has(rows)
	assert.NotEqual(s.t, s.asset("asset").Number, s.asset("trashed").Number)
	s.updateAsset(s.asset("trashed"))

	// What is there may be referred to, in any order and of any age.
	later := reference.Seed{
		Keys: []reference.UserKey{keyRow("later", 2)}, DagActions: []reference.DagAction{dagActionRow(3)},
		Collections: []reference.Collection{collectionRow("later", "trashed", "asset"), collectionRow("0", "asset")},
	}
	s.insert(later)
	assert.Equal(s.t, bareUser, s.userByKey("later"))
	later.DagActions = append(rows.DagActions, later.DagActions...)
	later.Collections = append(rows.Collections, later.Collections...)
	s.has(later)
	s.has(reference.Seed{Users: rows.Users, DagActions: later.DagActions, Assets: rows.Assets[:1], Events: rows.Events})

	for id, none := range map[int64][]string{4: nil, 5: {}} {
		s.insert(reference.Seed{Users: []reference.User{{ID: id, Permissions: none}}})
		assert.Empty(s.t, s.users(id)[0].Permissions)
	}
}

func seedLeavesWhatIsThere(s store) {
	first, second := seedRows("first"), seedRows("second")
	s.insert(first)
	second.Assets[0].ExternalID = new("second")
	second.Collections[1].AssetIDs = nil
	second.Keys = append(second.Keys, keyRow("another", 1))
	s.insert(second)
	s.has(first)
	assert.Equal(s.t, first.Users[0], s.userByKey("another"))
	assert.True(s.t, s.takes("second"), "the asset is not inserted, but its external id is taken")

	// A write since the first seed stays, be it a deletion of what is its.
	a := s.asset("asset")
	a.Title = "changed"
	a = s.updateAsset(a, event("asset", "ASSET_UPDATED"))
	s.insert(first)
	assert.Equal(s.t, a, s.asset("asset"))
	assert.Len(s.t, s.events("asset"), 3)

	// Of an asset that is there, an external id that another has is no matter.
	other := assetRow("other")
	s.createAsset(other)
	second.Assets[0].ExternalID = other.ExternalID
	s.insert(second)
	s.deleteAsset("asset")
	assert.Empty(s.t, s.collections("asset"))

	mixed := reference.Seed{
		Assets: []reference.Asset{assetRow("other"), assetRow("new")},
		Events: []reference.Event{event("other", "AGAIN"), event("new", "ASSET_ADDED")},
	}
	s.insert(mixed)
	assert.Empty(s.t, s.events("other"))
	assert.Len(s.t, s.events("new"), 1)
}

func seedGoesInAsAWhole(s store) {
	s.insert(reference.Seed{
		Users: []reference.User{userRow(1)}, Keys: []reference.UserKey{keyRow("taken", 1)},
		Assets: []reference.Asset{assetRow("other")},
	})
	external := assetRow("other").ExternalID
	for name, spoil := range map[string]func(rows *reference.Seed){
		"key": func(rows *reference.Seed) { rows.Keys = append(rows.Keys, keyRow("taken", 2)) },
		"key twice": func(rows *reference.Seed) {
			rows.Keys = append(rows.Keys, keyRow("twice", 2), keyRow("twice", 1))
		},
		"external id": func(rows *reference.Seed) { rows.Assets[1].ExternalID = external },
		"external id twice": func(rows *reference.Seed) {
			rows.Assets[0].ExternalID, rows.Assets[1].ExternalID = new("twice"), new("twice")
		},
	} {
		rows := seedRows("spoilt")
		rows.Users = append(rows.Users, userRow(2))
		rows.Assets = append(rows.Assets, assetRow("another"))
		spoil(&rows)
		require.ErrorIs(s.t, s.Insert(s.ctx(), rows), reference.ErrTaken, name)
		assert.Empty(s.t, s.users(2), name)
		assert.Equal(s.t, userRow(1).Email, s.userByKey("taken").Email, name)
		require.ErrorIs(s.t, fails(s.UserByKey(s.ctx(), reference.HashKey("key"))), reference.ErrNotFound, name)
		assert.Empty(s.t, s.dagActions(), name)
		require.ErrorIs(s.t, fails(s.Project(s.ctx(), "project")), reference.ErrNotFound, name)
		s.nothing("asset")
		s.nothing("another")
		assert.True(s.t, s.takes("twice"), name)
	}
	s.insert(seedRows("whole")) // nothing is in its way
	assert.Len(s.t, s.collections("asset"), 2)
}
