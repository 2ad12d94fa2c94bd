package reference

import (
	"bytes"
	"context"
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
func ReadSeed(r io.Reader) (Seed, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return Seed{}, fmt.Errorf("read seed: %w", err)
	}
	seed, err := parseSeed(bytes.TrimPrefix(text, []byte("\ufeff"))) // a byte order mark is none of it
	if err != nil {
		return Seed{}, fmt.Errorf("read seed: %w", err)
	}
	return seed, nil
}

func parseSeed(text []byte) (Seed, error) {
	top, err := topMembers(text, "the seed", "users", "dag_actions", "projects", "assets", "collections")
	if err != nil {
		return Seed{}, err
	}
	users, err1 := elements[seedUser](top, "users")
	actions, err2 := elements[DagAction](top, "dag_actions")
	projects, err3 := elements[Project](top, "projects")
	assets, err4 := elements[seedAsset](top, "assets")
	collections, err5 := elements[seedCollection](top, "collections")
	if err := first(err1, err2, err3, err4, err5); err != nil {
		return Seed{}, err
	}
	c := checked{map[string]string{}, map[string]string{}, map[string]string{}}
	err = first(c.users(users), c.dagActions(actions), c.projects(projects), c.assets(assets), c.collections(collections))
	if err != nil {
		return Seed{}, err
	}
	seed := Seed{DagActions: actions, Projects: projects}
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

// plant gives the store what it lacks of the seed, dated now. Assets and
// collections only go into a store that knows none of the seed's users: what
// was deleted since must not come back.
func (s *Server) plant(ctx context.Context, seed Seed) error {
	var ids []int64
	byEmail := map[string]int64{}
	for _, u := range seed.Users {
		ids = append(ids, u.ID)
		byEmail[u.Email] = u.ID
	}
	known, err := s.store.Users(ctx, ids)
	if err != nil {
		return err
	}
	assets, collections := seed.Assets, seed.Collections
	seed.Assets, seed.Collections, seed.Events = nil, nil, nil
	if len(known) > 0 {
		return s.store.Insert(ctx, seed)
	}
	now := s.now()
	for _, a := range assets {
		a.CreatedDate, a.ModificationDate = now, now
		seed.Assets = append(seed.Assets, a)
		seed.Events = append(seed.Events, Event{AssetID: a.ID, UserID: byEmail[a.Owner], Type: "ASSET_ADDED", CreatedAt: now})
	}
	for _, c := range collections {
		c.CreatedDate, c.ModificationDate = now, now
		seed.Collections = append(seed.Collections, c)
	}
	return s.store.Insert(ctx, seed)
}
