package postgres

import (
	"crypto/sha256"
	"encoding/json"
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

// kind is what a document is of, by the name of its table.
type kind string

const (
	assets      kind = "assets"
	collections kind = "collections"
)

// document is what the index is to have of an asset or a collection.
type document struct {
	Kind    kind
	ID      string
	Version int64
	Source  []byte // nil: nothing
}

// digest is what a source is known by.
func digest(source []byte) []byte {
	sum := sha256.Sum256(source)
	return sum[:]
}

// source is the document of an asset. Its row has the rest: id, number, version.
func source(a reference.Asset) ([]byte, error) {
	text, err := json.Marshal(assetDocument{
		a.ExternalID, a.ProjectID, a.Owner, a.Title, a.Description, a.Category, a.Tags, a.MediaType, a.OriginalFilename,
		a.CreatedDate, a.ModificationDate, a.Deleted,
	})
	if err != nil {
		return nil, fmt.Errorf("encode the document: %w", err)
	}
	return text, nil
}

func asset(r row) (reference.Asset, error) {
	var a assetDocument
	if err := json.Unmarshal(r.Source, &a); err != nil {
		return reference.Asset{}, fmt.Errorf("decode the document: %w", err)
	}
	return reference.Asset{
		ID: r.ID, Number: r.Number, Version: r.Version, ExternalID: a.ExternalID, ProjectID: a.ProjectID, Owner: a.Owner,
		Title: a.Title, Description: a.Description, Category: a.Category, Tags: a.Tags, MediaType: a.MediaType,
		OriginalFilename: a.OriginalFilename, CreatedDate: a.CreatedDate, ModificationDate: a.ModificationDate, Deleted: a.Deleted,
	}, nil
}

func sourceOfCollection(c reference.Collection) ([]byte, error) {
	text, err := json.Marshal(collectionDocument{
		c.Title, c.Description, c.Category, c.Tags, c.Owner, c.IsPublic,
		utc(c.CreatedDate), utc(c.ModificationDate), c.OriginalTitle,
	})
	if err != nil {
		return nil, fmt.Errorf("encode the document: %w", err)
	}
	return text, nil
}

func collection(r row) (reference.Collection, error) {
	var c collectionDocument
	if err := json.Unmarshal(r.Source, &c); err != nil {
		return reference.Collection{}, fmt.Errorf("decode the document: %w", err)
	}
	return reference.Collection{
		ID: r.ID, Title: c.Title, Description: c.Description, Category: c.Category, Tags: c.Tags, Owner: c.Owner,
		IsPublic: c.IsPublic, CreatedDate: c.CreatedDate, ModificationDate: c.ModificationDate, OriginalTitle: c.OriginalTitle,
	}, nil
}
