package elastic_test

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"github.com/pocketcheck/pocketcheck/fixtures/containers/containertest"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/elastic"
)

// ask asks the cluster itself.
func ask(t *testing.T, method, path, body string) gjson.Result {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, containertest.Shared(t).ElasticsearchURL()+path, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }() // what was read is all that is needed
	text, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.Less(t, answer.StatusCode, http.StatusMultipleChoices, "%s", text)
	return gjson.ParseBytes(text)
}

func newCollection(t *testing.T) (*elastic.Index, string) {
	t.Helper()
	index, err := elastic.Open(containertest.Shared(t).ElasticsearchURL(), nil)
	require.NoError(t, err)
	return index, "pocketcheck-" + strings.ToLower(rand.Text()) + "-assets"
}

func put(t *testing.T, index *elastic.Index, d reference.Document) {
	t.Helper()
	_, err := index.Put(t.Context(), d)
	require.NoError(t, err)
}

// TestCollectionIsMadeAsItIsToBe, before its first document and after it was lost:
// never by a guess at what a text may be.
func TestCollectionIsMadeAsItIsToBe(t *testing.T) {
	t.Parallel()
	index, collection := newCollection(t)
	for range 2 {
		put(t, index, reference.Document{Collection: collection, ID: "a", Version: 1, Source: []byte(`{"title":"2026/01/02","other":"2026/01/02"}`)})
		put(t, index, reference.Document{Collection: collection, ID: "b", Version: 1, Source: []byte(`{"title":"no date","other":"none"}`)})
		properties := ask(t, http.MethodGet, "/"+collection+"/_mapping", "").Get("*.mappings.properties")
		assert.Equal(t, "text", properties.Get("title.type").String())
		assert.False(t, properties.Get("other").Exists())
		require.NoError(t, index.Prepare(t.Context(), collection), "as it is")
		ask(t, http.MethodDelete, "/"+collection+"-1", "")
	}
}

// TestDeletionMakesNoIndex: a deletion from a collection that was lost makes it as it is to
// be, also where nothing keeps Elasticsearch from making an index by itself.
func TestDeletionMakesNoIndex(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]func(collection string){
		"before":         func(string) {},
		"made by itself": func(collection string) { ask(t, http.MethodPut, "/"+collection, "") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			index, collection := newCollection(t)
			require.NoError(t, index.Prepare(t.Context(), collection))
			ask(t, http.MethodDelete, "/"+collection+"-1", "")
			harm(collection)
			stored, err := index.Put(t.Context(), reference.Document{Collection: collection, ID: "gone", Version: 2})
			require.NoError(t, err)
			assert.Len(t, stored, 1)
			put(t, index, reference.Document{Collection: collection, ID: "a", Version: 3, Source: []byte(`{"title":"2026/01/02"}`)})
			assert.Equal(t, "text", ask(t, http.MethodGet, "/"+collection+"-1/_mapping", "").Get("*.mappings.properties.title.type").String())
		})
	}
}

// TestOtherMappingIsRefused, and made anew.
func TestOtherMappingIsRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ path, want string }{
		"an alias": {"-7", `-7" has another mapping than this version gives it; "pocketcheck reindex" makes it anew`},
		"an index": {"", `" is an index, where the name of one is to be; "pocketcheck reindex" replaces it`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			index, collection := newCollection(t)
			body := `{"mappings": {"properties": {"title": {"type": "date"}}}}`
			if tt.path != "" {
				body = `{"aliases": {"` + collection + `": {}}, ` + body[1:]
			}
			ask(t, http.MethodPut, "/"+collection+tt.path, body)
			ask(t, http.MethodPut, "/"+collection+tt.path+"/_doc/old?refresh=true", "{}")
			err := index.Prepare(t.Context(), collection)
			require.ErrorContains(t, err, tt.want)
			_, isUnfit := errors.AsType[reference.Unfit](err)
			assert.True(t, isUnfit)

			next, err := index.Begin(t.Context(), collection)
			require.NoError(t, err)
			again, err := index.Begin(t.Context(), collection)
			require.NoError(t, err)
			assert.Equal(t, next, again)
			d := reference.Document{Collection: next, ID: "a", Version: 1, Source: []byte(`{"title":"no date"}`)}
			put(t, index, d)
			require.NoError(t, index.Finish(t.Context(), collection, next))
			require.NoError(t, index.Finish(t.Context(), collection, next), "again")
			require.NoError(t, index.Prepare(t.Context(), collection))
			found, err := index.Get(t.Context(), collection, "a")
			require.NoError(t, err)
			d.Collection = collection
			assert.Equal(t, []reference.Document{d}, found)
		})
	}
}

// TestIndexIsWaitedFor: one that another is just making is begun when it can be read.
func TestIndexIsWaitedFor(t *testing.T) {
	t.Parallel()
	index, collection := newCollection(t)
	next, err := index.Begin(t.Context(), collection)
	require.NoError(t, err)
	mapping := ask(t, http.MethodGet, "/"+next+"/_mapping", "").Get("*.mappings").Raw
	ask(t, http.MethodDelete, "/"+next, "")
	ask(t, http.MethodPut, "/"+next+"?wait_for_active_shards=0",
		`{"settings": {"index.routing.allocation.include._name": "not started yet"}, "mappings": `+mapping+`}`)
	limited, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err = index.Begin(limited, collection)
	require.ErrorIs(t, err, context.DeadlineExceeded)

	ask(t, http.MethodPut, "/"+next+"/_settings", `{"index.routing.allocation.include._name": null}`)
	again, err := index.Begin(t.Context(), collection)
	require.NoError(t, err)
	assert.Equal(t, next, again)
	_, err = index.Get(t.Context(), next, "none")
	require.NoError(t, err)
}

// TestScanGivesAll, page by page.
func TestScanGivesAll(t *testing.T) {
	t.Parallel()
	index, collection := newCollection(t)
	require.NoError(t, index.Scan(t.Context(), collection, func([]reference.Document) error { return errors.New("there is none") }))
	want := map[string]int64{}
	var documents []reference.Document
	for n := range int64(2001) {
		id := rand.Text()
		want[id] = n + 1
		documents = append(documents, reference.Document{Collection: collection, ID: id, Version: n + 1, Source: []byte("{}")})
	}
	_, err := index.Put(t.Context(), documents...)
	require.NoError(t, err)
	_, err = index.Put(t.Context(), reference.Document{Collection: collection, ID: documents[0].ID, Version: 5000})
	require.NoError(t, err)
	delete(want, documents[0].ID)
	got, pages := map[string]int64{}, 0
	require.NoError(t, index.Scan(t.Context(), collection, func(page []reference.Document) error {
		pages++
		for _, d := range page {
			got[d.ID] = d.Version
		}
		return nil
	}))
	assert.Equal(t, want, got)
	assert.Equal(t, 2, pages)
	stop := errors.New("stop")
	require.ErrorIs(t, index.Scan(t.Context(), collection, func([]reference.Document) error { return stop }), stop)
}
