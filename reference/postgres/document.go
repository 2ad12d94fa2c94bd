package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/pocketcheck/pocketcheck/reference"
)

// assetDocument is an asset in the index, its members named as in the
// document's answers.
type assetDocument struct {
	ExternalID       *string    `json:"external_id"`
	ProjectID        *string    `json:"project_id"`
	Owner            string     `json:"owner"`
	Title            string     `json:"title"`
	Description      *string    `json:"description"`
	Category         *string    `json:"category"`
	Tags             []string   `json:"tags"`
	MediaType        string     `json:"media_type"`
	OriginalFilename *string    `json:"original_filename"`
	CreatedDate      time.Time  `json:"created_date"`
	ModificationDate time.Time  `json:"modification_date"`
	Deleted          *time.Time `json:"deleted"`
}

// collectionDocument is a collection in the index.
type collectionDocument struct {
	Title            string    `json:"title"`
	Description      *string   `json:"description"`
	Category         *string   `json:"category"`
	Tags             []string  `json:"tags"`
	Owner            string    `json:"owner"`
	IsPublic         bool      `json:"isPublic"`
	CreatedDate      time.Time `json:"created_date"`
	ModificationDate time.Time `json:"modification_date"`
	OriginalTitle    string    `json:"original_title"`
}

// utc is a time as a store gives it out.
func utc(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

func utcOrNil(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	return new(utc(*t))
}

// dated is an asset with the times that are kept.
func dated(a reference.Asset) reference.Asset {
	a.CreatedDate, a.ModificationDate, a.Deleted = utc(a.CreatedDate), utc(a.ModificationDate), utcOrNil(a.Deleted)
	return a
}

// document is the document of an asset. Its row has the rest: id, number,
// version.
func (s *Store) document(a reference.Asset) (reference.Document, error) {
	source, err := json.Marshal(assetDocument{
		a.ExternalID, a.ProjectID, a.Owner, a.Title, a.Description, a.Category, a.Tags, a.MediaType, a.OriginalFilename,
		a.CreatedDate, a.ModificationDate, a.Deleted,
	})
	if err != nil {
		return reference.Document{}, fmt.Errorf("encode the document: %w", err)
	}
	return reference.Document{Collection: s.assets, ID: a.ID, Version: a.Version, Source: source}, nil
}

func asset(number int64, d reference.Document) (reference.Asset, error) {
	var a assetDocument
	if err := json.Unmarshal(d.Source, &a); err != nil {
		return reference.Asset{}, fmt.Errorf("decode the document: %w", err)
	}
	return reference.Asset{
		ID: d.ID, Number: number, Version: d.Version, ExternalID: a.ExternalID, ProjectID: a.ProjectID, Owner: a.Owner,
		Title: a.Title, Description: a.Description, Category: a.Category, Tags: a.Tags, MediaType: a.MediaType,
		OriginalFilename: a.OriginalFilename, CreatedDate: a.CreatedDate, ModificationDate: a.ModificationDate, Deleted: a.Deleted,
	}, nil
}

func (s *Store) collectionDocument(c reference.Collection, version int64) (reference.Document, error) {
	source, err := json.Marshal(collectionDocument{
		c.Title, c.Description, c.Category, c.Tags, c.Owner, c.IsPublic,
		utc(c.CreatedDate), utc(c.ModificationDate), c.OriginalTitle,
	})
	if err != nil {
		return reference.Document{}, fmt.Errorf("encode the document: %w", err)
	}
	return reference.Document{Collection: s.collections, ID: c.ID, Version: version, Source: source}, nil
}

func collection(d reference.Document) (reference.Collection, error) {
	var c collectionDocument
	if err := json.Unmarshal(d.Source, &c); err != nil {
		return reference.Collection{}, fmt.Errorf("decode the document: %w", err)
	}
	return reference.Collection{
		ID: d.ID, Title: c.Title, Description: c.Description, Category: c.Category, Tags: c.Tags, Owner: c.Owner,
		IsPublic: c.IsPublic, CreatedDate: c.CreatedDate, ModificationDate: c.ModificationDate, OriginalTitle: c.OriginalTitle,
	}, nil
}

// errOutdated tells that the index has another version than the row that was
// read: the row has changed since, or the index has lost something.
var errOutdated = errors.New("the index has another version")

// fill gives the sources to documents of one collection, of which some were
// pending and have them already.
func (s *Store) fill(ctx context.Context, collection string, documents []reference.Document) error {
	wanted := map[string]int{}
	var ids []string
	for i, d := range documents {
		if d.Source == nil {
			wanted[d.ID] = i
			ids = append(ids, d.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	found, err := s.index.Get(ctx, collection, ids...)
	if err != nil {
		return err
	}
	for _, d := range found {
		if i, ok := wanted[d.ID]; ok && documents[i].Version == d.Version {
			documents[i].Source = d.Source
			delete(wanted, d.ID)
		}
	}
	for id := range wanted {
		return fmt.Errorf("document %q: %w", id, errOutdated)
	}
	return nil
}
