package reference

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
)

// mediaBody is a media file in a list. The document records none, so its
// members are ours; locations are there on request only.
type mediaBody struct {
	ID          int64     `json:"id"`
	Filename    string    `json:"filename"`
	MediaType   string    `json:"media_type"`
	CreatedDate timestamp `json:"created_date"`
	Locations   *[]string `json:"locations,omitempty"`
}

// listMedia answers "Get asset media and preview URLs".
func (s *Server) listMedia(r *call) (any, error) {
	id, err := s.assetID(r)
	if err != nil {
		return nil, err
	}
	media, err := s.store.Media(r.Context(), id)
	if err != nil {
		return nil, err
	}
	withLocations := r.URL.Query().Get("include_locations") == "true"
	return listOf("media", media, func(m Media) mediaBody {
		b := mediaBody{ID: m.ID, Filename: m.Filename, MediaType: m.MediaType, CreatedDate: at(m.CreatedDate)}
		if withLocations {
			b.Locations = &[]string{}
			if m.FileURL != nil {
				b.Locations = &[]string{*m.FileURL}
			}
		}
		return b
	}), nil
}

// getDownloadURL answers "Get media download URL": where the file was said to
// lie, since we never fetch it.
func (s *Server) getDownloadURL(r *call) (any, error) {
	id, err := s.assetID(r)
	if err != nil {
		return nil, err
	}
	if !r.URL.Query().Has("filename") {
		return nil, missing("filename")
	}
	media, err := s.store.Media(r.Context(), id)
	if err != nil {
		return nil, err
	}
	text := r.PathValue("media_id")
	i := slices.IndexFunc(media, func(m Media) bool { return m.ID == number(text) })
	if i < 0 {
		return nil, &refusal{http.StatusNotFound,
			"Couldn't find Media with 'id'=" + text + ` [WHERE "media"."asset_id" = $1]`}
	}
	return struct {
		URL *string `json:"url"`
	}{media[i].FileURL}, nil
}

// addMedia answers "Add media to asset". It never fetches the file.
func (s *Server) addMedia(r *call) (any, error) {
	a, err := s.asset(r)
	if err != nil {
		return nil, err
	}
	p, err := parameters(r, required("file_url", aString), required("filename", aString))
	if err != nil {
		return nil, err
	}
	location := p.text("file_url")
	u, err := url.Parse(*location)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, &refusal{http.StatusBadRequest, "not a valid HTTP URL"}
	}
	m := Media{Filename: *p.text("filename"), FileURL: location, UserID: r.caller.ID}
	if _, err := s.storeMedia(r.Context(), a, m, s.event(r, a.ID, "MEDIA_ADDED")); err != nil {
		return nil, err
	}
	return okBody{"ok"}, nil
}

// storeMedia adds a file to an asset, which takes its name for original.
func (s *Server) storeMedia(ctx context.Context, a Asset, m Media, events ...Event) (Media, error) {
	m.AssetID, m.MediaType, m.CreatedDate = a.ID, mediaType(m.Filename), s.now()
	a.OriginalFilename, a.ModificationDate = &m.Filename, m.CreatedDate
	return s.store.CreateMedia(ctx, a, m, events...)
}

// mediaType tells by its name what a file probably is.
func mediaType(filename string) string {
	switch strings.ToLower(path.Ext(filename)) {
	case ".jpg", ".jpeg", ".png", ".gif", ".webp", ".tif", ".tiff", ".svg":
		return "image"
	case ".mp4", ".mov", ".avi", ".mkv", ".webm":
		return "video"
	case ".mp3", ".wav", ".aac", ".flac", ".ogg":
		return "audio"
	}
	return "document"
}

type mediaErrors struct {
	Error  string `json:"error"`
	Status int    `json:"status"`
}

// removeMedia answers "Remove media from asset". Without media it is a 200
// that holds errors, as documented. The asset keeps its original_filename, as
// the recorded one without media has.
func (s *Server) removeMedia(r *call) (any, error) {
	a, err := s.asset(r)
	if err != nil {
		return nil, err
	}
	media, err := s.store.Media(r.Context(), a.ID)
	if err != nil {
		return nil, err
	}
	if len(media) == 0 {
		return struct {
			oneAsset
			Errors mediaErrors `json:"errors"`
		}{oneAsset{bodyOfAsset(a)}, mediaErrors{"No media found on this asset.", http.StatusBadRequest}}, nil
	}
	a.ModificationDate = s.now()
	a, err = s.store.DeleteMedia(r.Context(), a, s.event(r, a.ID, "MEDIA_REMOVED"))
	if err != nil {
		return nil, err
	}
	return oneAsset{bodyOfAsset(a)}, nil
}

// getFileMetadata answers "Get file metadata for asset's original file". The
// document records no answer; without the file there is nothing to tell.
func (s *Server) getFileMetadata(r *call) (any, error) {
	if _, err := s.assetID(r); err != nil {
		return nil, err
	}
	return struct {
		FileMetadata struct{} `json:"file_metadata"`
	}{}, nil
}
