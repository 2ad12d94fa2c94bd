package reference

import (
	"bytes"
	"fmt"
	"io"
)

// The members of a seed, named as in the document's answers.
type (
	seedUser struct {
		ID          int64    `json:"id"`
		Email       string   `json:"email"`
		FirstName   *string  `json:"first_name"`
		LastName    *string  `json:"last_name"`
		AvatarURL   *string  `json:"avatar_url"`
		Keys        []string `json:"keys"`
		Permissions []string `json:"permissions"`
	}
	seedProject struct {
		ID    string `json:"id"`
		Title string `json:"title"`
	}
	seedAsset struct {
		ID          string   `json:"id"`
		ExternalID  *string  `json:"external_id"`
		ProjectID   *string  `json:"project_id"`
		Owner       string   `json:"owner"`
		Title       string   `json:"title"`
		Description *string  `json:"description"`
		Category    *string  `json:"category"`
		Tags        []string `json:"tags"`
	}
	seedCollection struct {
		ID          string   `json:"id"`
		Title       string   `json:"title"`
		Description *string  `json:"description"`
		Category    *string  `json:"category"`
		Tags        []string `json:"tags"`
		Owner       string   `json:"owner"`
		IsPublic    bool     `json:"isPublic"`
		AssetIDs    []string `json:"asset_ids"`
	}
)

// ReadSeed reads the rows that a store starts with from JSON: an object of the
// arrays users, dag_actions, projects, assets and collections, each optional.
// Owners are e-mail addresses of users. It is strict: the error names where
// something is unknown, of a wrong type, given twice, or refers to nothing. It
// never holds a key, and the seed holds only their hashes.
func ReadSeed(r io.Reader) (Seed, error) { return readSeed(r, newChecked()) }

// ReadMore reads rows for [Server.Plant], as ReadSeed does. They may refer to users,
// projects and assets that are not among them.
func ReadMore(r io.Reader) (Seed, error) {
	c := newChecked()
	c.isMore = true
	return readSeed(r, c)
}

func readSeed(r io.Reader, c checked) (Seed, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return Seed{}, fmt.Errorf("read seed: %w", err)
	}
	seed, err := parseSeed(bytes.TrimPrefix(text, []byte("\ufeff")), c) // a byte order mark is none of it
	if err != nil {
		return Seed{}, fmt.Errorf("read seed: %w", err)
	}
	return seed, nil
}

func parseSeed(text []byte, c checked) (Seed, error) {
	top, err := topMembers(text, "the seed", "users", "dag_actions", "projects", "assets", "collections")
	if err != nil {
		return Seed{}, err
	}
	users, err1 := elements[seedUser](top, "users")
	actions, err2 := elements[DagAction](top, "dag_actions")
	projects, err3 := elements[seedProject](top, "projects")
	assets, err4 := elements[seedAsset](top, "assets")
	collections, err5 := elements[seedCollection](top, "collections")
	if err := first(err1, err2, err3, err4, err5); err != nil {
		return Seed{}, err
	}
	seed := Seed{DagActions: actions}
	for _, p := range projects {
		seed.Projects = append(seed.Projects, Project{ID: p.ID, Title: p.Title})
	}
	err = first(c.users(users), c.dagActions(actions), c.projects(seed.Projects), c.assets(assets), c.collections(collections))
	if err != nil {
		return Seed{}, err
	}
	for _, u := range users {
		seed.Users = append(seed.Users, User{u.ID, u.Email, u.FirstName, u.LastName, u.AvatarURL, u.Permissions, nil})
		for _, key := range u.Keys {
			seed.Keys = append(seed.Keys, UserKey{HashKey(key), u.ID})
		}
	}
	for _, a := range assets {
		seed.Assets = append(seed.Assets, Asset{
			ID: a.ID, ExternalID: a.ExternalID, ProjectID: a.ProjectID, Owner: a.Owner, Title: a.Title,
			Description: a.Description, Category: a.Category, Tags: list(a.Tags), MediaType: "placeholder",
		})
	}
	for _, c := range collections {
		seed.Collections = append(seed.Collections, Collection{
			ID: c.ID, Title: c.Title, Description: c.Description, Category: c.Category, Tags: list(c.Tags),
			Owner: c.Owner, IsPublic: c.IsPublic, OriginalTitle: c.Title, AssetIDs: c.AssetIDs,
		})
	}
	return seed, nil
}
