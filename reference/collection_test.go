package reference_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCollections(t *testing.T) {
	t.Parallel()
	s := serve(t)
	assert.Equal(t, answer{200, `{"collections":[{"id":"JbuS2l7wxuXQWOx1qfw0","title":"Sample Collection","description":"Sample collection description.",` +
		`"category":null,"tags":[],"owner":"admin@example.com","media_type":"collection","isPublic":false,"created_date":"2023-11-27T09:42:48.538Z",` +
		`"modification_date":"2023-11-27T09:42:48.538Z","original_title":"Sample Collection"}]}`}, s.request("GET "+seeded+"/collections", ""))

	path := s.asset(sample + `}`)
	assert.Equal(t, answer{200, `{"collections":[]}`}, s.request("GET "+path+"/collections", ""))
	made := s.state("a collection with the asset", map[string]string{"asset_id": id(path)})["collection_id"]
	assert.Equal(t, `["`+made+`"]`, s.request("GET "+path+"/collections", "").raw("collections.#.id"))
	assert.Equal(t, "1", s.request("GET "+seeded+"/collections", "").raw("collections.#"))
}
