package storetest

import (
	"strconv"
	"time"

	"github.com/pocketcheck/pocketcheck/reference"
)

// at is when all rows are from, unless a test is about time.
var at = time.Date(2023, 11, 27, 9, 42, 48, 123_456_000, time.UTC)

// What follows makes rows in which every field is set that a caller sets.

func assetRow(id string) reference.Asset {
	return reference.Asset{
		ID: id, ExternalID: new("external id of " + id), ProjectID: new("project"), Owner: "anna@example.com",
		Title: "Asset " + id, Description: new("Description of " + id), Category: new("category"),
		Tags: []string{"one", "two", "one"}, MediaType: "placeholder", OriginalFilename: new("file.jpg"),
		CreatedDate: at, ModificationDate: at.Add(time.Microsecond),
	}
}

func trashed(id string, deleted time.Time) reference.Asset {
	a := assetRow(id)
	a.Deleted = &deleted
	return a
}

func commentRow(assetID, message string) reference.Comment {
	return reference.Comment{AssetID: assetID, AuthorID: 1, Message: message, UpdatedAt: at}
}

func mediaRow(assetID, filename string) reference.Media {
	return reference.Media{
		AssetID: assetID, Filename: filename, MediaType: "image",
		FileURL: new("https://example.com/" + filename), CreatedDate: at,
	}
}

func runRow(assetID string, dagActionID int64) reference.DagActionRun {
	return reference.DagActionRun{AssetID: assetID, DagActionID: dagActionID, CreatedAt: at}
}

func event(assetID, kind string) reference.Event {
	return reference.Event{AssetID: assetID, UserID: 1, Type: kind, CreatedAt: at}
}

func userRow(id int64) reference.User {
	return reference.User{
		ID: id, Email: strconv.FormatInt(id, 10) + "@example.com", FirstName: new("Anna"), LastName: new("Ek"),
		AvatarURL: new("https://example.com/anna.png"), Permissions: []string{"ACTIONS_VIEW", "ACTIONS_START"},
	}
}

func keyRow(key string, userID int64) reference.UserKey {
	return reference.UserKey{Hash: reference.HashKey(key), UserID: userID}
}

func dagActionRow(id int64) reference.DagAction {
	return reference.DagAction{ID: id, Name: "Name", Description: "Description", Category: "category"}
}

func collectionRow(id string, assetIDs ...string) reference.Collection {
	return reference.Collection{
		ID: id, Title: "Collection " + id, Description: new("Description of " + id), Category: new("category"),
		Tags: []string{"one", "two"}, Owner: "anna@example.com", IsPublic: true,
		CreatedDate: at, ModificationDate: at.Add(time.Microsecond), OriginalTitle: "Original " + id, AssetIDs: assetIDs,
	}
}

// seedRows are one of each that a seed may have, and two of what is listed.
// Text tells one seed from another with the same ids.
func seedRows(text string) reference.Seed {
	asset, user, collection := assetRow("asset"), userRow(1), collectionRow("collection-2", "asset")
	asset.Title, user.Email, collection.Title = text, text, text
	return reference.Seed{
		Users:       []reference.User{user},
		Keys:        []reference.UserKey{keyRow("key", 1)},
		DagActions:  []reference.DagAction{{ID: 2, Name: text}, {ID: 1, Name: text}},
		Projects:    []reference.Project{{ID: "project", Title: text}},
		Assets:      []reference.Asset{asset},
		Collections: []reference.Collection{collection, collectionRow("collection-1", "asset")},
		Events:      []reference.Event{event("asset", text), event("asset", "ASSET_ADDED")},
	}
}

// fill makes an asset with something of each kind that can be an asset's.
func (s store) fill(id string) holding {
	s.t.Helper()
	a := s.createAsset(assetRow(id), event(id, "ASSET_ADDED"))
	s.createMedia(a, mediaRow(id, "file.jpg"), event(id, "MEDIA_ADDED"))
	s.createComment(commentRow(id, "first"), event(id, "COMMENT_ADDED"))
	s.createComment(commentRow(id, "second"))
	s.createRun(runRow(id, 1))
	s.insert(reference.Seed{Collections: []reference.Collection{collectionRow("collection-of-"+id, id)}})
	return s.of(id)
}
