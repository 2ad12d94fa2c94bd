package reference

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

// assetBody is an asset as the document records it.
type assetBody struct {
	ID               string     `json:"id"`
	ExternalID       *string    `json:"external_id"`
	ParentID         *string    `json:"parent_id"`
	ProjectID        *string    `json:"project_id"`
	Owner            string     `json:"owner"`
	Title            string     `json:"title"`
	Description      *string    `json:"description"`
	Category         *string    `json:"category"`
	Tags             []string   `json:"tags"`
	AITags           []string   `json:"ai_tags"`
	Status           string     `json:"status"`
	MediaType        string     `json:"media_type"`
	OriginalFilename *string    `json:"original_filename"`
	DropFolderID     *string    `json:"drop_folder_id"`
	MD5Sum           *string    `json:"md5_sum"`
	CreatedDate      timestamp  `json:"created_date"`
	ModificationDate timestamp  `json:"modification_date"`
	Deleted          *timestamp `json:"deleted"`
}

func bodyOfAsset(a Asset) assetBody {
	var deleted *timestamp
	if a.Deleted != nil {
		deleted = new(at(*a.Deleted))
	}
	return assetBody{
		ID: a.ID, ExternalID: a.ExternalID, ProjectID: a.ProjectID, Owner: a.Owner,
		Title: a.Title, Description: a.Description, Category: a.Category,
		Tags: list(a.Tags), AITags: []string{}, Status: "open",
		MediaType: a.MediaType, OriginalFilename: a.OriginalFilename,
		CreatedDate:      at(a.CreatedDate),
		ModificationDate: at(a.ModificationDate),
		Deleted:          deleted,
	}
}

type oneAsset struct {
	Asset assetBody `json:"asset"`
}

// list encodes as [] when there is nothing in it.
func list[T any](rows []T) []T {
	if rows == nil {
		return []T{}
	}
	return rows
}

// documentedID is an id such as the document shows: 20 characters of base64url.
func documentedID() string {
	var id [15]byte
	_, _ = rand.Read(id[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(id[:])
}

// isID tells ids from text that no row can have, and no store need be asked.
func isID(text string) bool {
	for i := range len(text) {
		c := text[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-') {
			return false
		}
	}
	return text != "" && len(text) <= 64
}

// asset is the asset in the path.
func (s *Server) asset(r *call) (Asset, error) {
	a, err := s.assetByID(r.Context(), r.PathValue("asset_id"))
	return a, assetNotFound(err)
}

func assetNotFound(err error) error {
	if errors.Is(err, ErrNotFound) {
		return &refusal{http.StatusNotFound, "asset not found"}
	}
	return err
}

// assetID is the id of the asset in the path, for what needs no more than that it is
// there.
func (s *Server) assetID(r *call) (string, error) {
	id := r.PathValue("asset_id")
	glancer, canGlance := offers[Glancer](s.store)
	if !canGlance {
		a, err := s.asset(r)
		return a.ID, err
	}
	if !isID(id) {
		return "", assetNotFound(ErrNotFound)
	}
	deleted, err := glancer.Glance(r.Context(), id)
	if err == nil && s.isDue(deleted) {
		err = ErrNotFound
	}
	return id, assetNotFound(err)
}

// isDue tells that an asset, by when it was moved to the trash bin, is to be purged.
func (s *Server) isDue(deleted *time.Time) bool {
	return deleted != nil && !deleted.After(s.purgeUntil())
}

// assetByID finds an asset due for the purge gone already, whether or not the
// purge has run.
func (s *Server) assetByID(ctx context.Context, id string) (Asset, error) {
	if !isID(id) {
		return Asset{}, ErrNotFound
	}
	a, err := s.store.Asset(ctx, id)
	if err == nil && s.isDue(a.Deleted) {
		err = ErrNotFound
	}
	return a, err
}

// getAsset answers "Get asset".
func (s *Server) getAsset(r *call) (any, error) {
	a, err := s.asset(r)
	if err != nil {
		return nil, err
	}
	return oneAsset{bodyOfAsset(a)}, nil
}

// createAsset answers "Create asset".
func (s *Server) createAsset(r *call) (any, error) {
	p, err := parameters(r,
		required("title", aString, notEmpty), optional("description", aString),
		optional("category", aString), optional("tags", arrayOfString),
		optional("media_type", article), optional("external_id", aString))
	if err != nil {
		return nil, err
	}
	a := Asset{ID: s.newID(), Owner: r.caller.Email, MediaType: "placeholder", CreatedDate: s.now()}
	if p.text("media_type") != nil {
		a.MediaType = *p.text("media_type")
	}
	tags, err := p.tags()
	if err != nil {
		return nil, err
	}
	a.Tags = list(tags)
	if err := a.set(p, a.CreatedDate); err != nil {
		return nil, err
	}
	created, err := s.store.CreateAsset(r.Context(), a, s.event(r, a.ID, "ASSET_ADDED"))
	if err != nil {
		return nil, s.noPlace(r.Context(), a.ExternalID, err)
	}
	return oneAsset{bodyOfAsset(created)}, nil
}

// updateAsset answers "Update asset". What is not given stays as it is. The
// document lower-cases tags here and not in "Create asset".
func (s *Server) updateAsset(r *call) (any, error) {
	a, err := s.asset(r)
	if err != nil {
		return nil, err
	}
	p, err := parameters(r,
		optional("title", aString, notEmpty), optional("description", aString),
		optional("category", aString), optional("tags", arrayOfString),
		optional("external_id", aString))
	if err != nil {
		return nil, err
	}
	tags, err := p.tags()
	if err != nil {
		return nil, err
	}
	if tags != nil {
		for i, tag := range tags {
			tags[i] = strings.ToLower(tag)
		}
		a.Tags = tags
	}
	if err := a.set(p, s.now()); err != nil {
		return nil, err
	}
	updated, err := s.store.UpdateAsset(r.Context(), a, s.event(r, a.ID, "ASSET_UPDATED"))
	if err != nil {
		return nil, s.noPlace(r.Context(), a.ExternalID, err)
	}
	return oneAsset{bodyOfAsset(updated)}, nil
}

// set takes over the texts that are given.
func (a *Asset) set(p values, at time.Time) error {
	if title := p.text("title"); title != nil {
		if utf8.RuneCountInString(*title) > 255 {
			return &refusal{http.StatusBadRequest, "Title is too long (maximum is 255 characters)"}
		}
		a.Title = *title
	}
	if description := p.text("description"); description != nil {
		a.Description = description
	}
	if category := p.text("category"); category != nil {
		lower := strings.ToLower(*category)
		a.Category = &lower
	}
	if id := p.text("external_id"); id != nil {
		a.ExternalID = id
	}
	a.ModificationDate = at
	return nil
}

// noPlace is the answer to a write that met its external id in use, or a full store.
// The place of an asset that is due for the purge is free: purge the one that has the
// external id, or some, and let the write start over.
func (s *Server) noPlace(ctx context.Context, externalID *string, err error) error {
	isTaken := errors.Is(err, ErrTaken)
	if !isTaken && !errors.Is(err, ErrFull) {
		return err
	}
	if !isTaken {
		externalID = nil
	}
	switch n, purging := s.store.DeleteTrashed(ctx, s.purgeUntil(), externalID); {
	case purging != nil:
		return purging
	case n > 0:
		return ErrConflict
	case !isTaken:
		return err
	}
	return &refusal{http.StatusBadRequest, "External id has already been taken"}
}

// deleteAsset answers "Permanently delete asset". The asset need not be in the
// trash bin. Its external id is free from then on.
func (s *Server) deleteAsset(r *call) (any, error) {
	a, err := s.asset(r)
	if err != nil {
		return nil, err
	}
	if err := s.store.DeleteAsset(r.Context(), a.ID); err != nil {
		return nil, err
	}
	return okBody{"ok"}, nil
}
