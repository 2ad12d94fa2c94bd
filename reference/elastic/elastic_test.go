package elastic_test

import (
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/fixtures/containers/containertest"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/elastic"
)

func TestMain(m *testing.M) { os.Exit(containertest.NewM(m).Run()) }

// TestNewestStays: of two documents the one with the higher version stays,
// whichever comes first, also when it is a deletion.
func TestNewestStays(t *testing.T) {
	t.Parallel()
	index, err := elastic.Open(containertest.Shared(t).ElasticsearchURL(), nil)
	require.NoError(t, err)
	collection := "pocketcheck-" + strings.ToLower(rand.Text()) + "-assets"
	document := func(id string, version int64, source string) reference.Document {
		d := reference.Document{Collection: collection, ID: id, Version: version}
		if source != "" {
			d.Source = []byte(source)
		}
		return d
	}
	found, err := index.Get(t.Context(), collection, "kept")
	require.NoError(t, err, "a collection that nothing was put into")
	assert.Empty(t, found)

	kept, gone := document("kept", 7, `{"title":"a\u0000b","tags":["x"]}`), document("gone", 8, "")
	for _, batch := range [][]reference.Document{
		{document("kept", 3, `{"title":"old"}`), document("gone", 4, `{"title":"old"}`)},
		{kept, gone, document("never there", 1, "")},
		{document("kept", 6, `{"title":"late"}`), document("gone", 7, `{"title":"late"}`), kept},
		{document("kept", 5, "")},
	} {
		stored, err := index.Put(t.Context(), batch...)
		require.NoError(t, err)
		assert.Equal(t, batch, stored, "none needs to be put again")
	}
	found, err = index.Get(t.Context(), collection, "kept", "gone", "never there")
	require.NoError(t, err)
	assert.Equal(t, []reference.Document{kept}, found)
}

// TestOneRefusedDocument keeps none of the others back.
func TestOneRefusedDocument(t *testing.T) {
	t.Parallel()
	index, err := elastic.Open(containertest.Shared(t).ElasticsearchURL(), nil)
	require.NoError(t, err)
	collection := "pocketcheck-" + strings.ToLower(rand.Text()) + "-assets"
	good := reference.Document{Collection: collection, ID: "good", Version: 1, Source: []byte(`{"title":"a"}`)}
	bad := reference.Document{Collection: collection, ID: "bad", Version: 1, Source: []byte(`{"title":{"no":"text"}}`)}
	stored, err := index.Put(t.Context(), bad, good)
	require.ErrorContains(t, err, `put document "bad": status 400: document_parsing_exception: `)
	assert.Equal(t, []reference.Document{good}, stored)
}

// TestBusyClusterIsAskedAgain: a cluster that has no room for the moment costs
// nobody an answer.
func TestBusyClusterIsAskedAgain(t *testing.T) {
	t.Parallel()
	for _, status := range []int{429, 502, 503, 504} {
		var asked atomic.Int64
		index := open(t, func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			assert.NoError(t, err)
			assert.JSONEq(t, `{"ids": ["a"]}`, string(body), "each time")
			if asked.Add(1) < 3 {
				w.WriteHeader(status)
				_, _ = io.WriteString(w, `{"error":{"type":"circuit_breaking_exception","reason":"too large"}}`)
				return
			}
			_, _ = io.WriteString(w, `{"docs":[{"_id":"a","_version":1,"found":true,"_source":{}}]}`)
		})
		found, err := index.Get(t.Context(), "pocketcheck-x", "a")
		require.NoError(t, err)
		assert.Len(t, found, 1)
		assert.EqualValues(t, 3, asked.Load())
	}
}

// answering is an Elasticsearch that answers with a status and a body.
func answering(t *testing.T, status int, body string) *elastic.Index {
	t.Helper()
	return open(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

// open opens an Elasticsearch whose answers are those of a handler.
func open(t *testing.T, answer http.HandlerFunc) *elastic.Index {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Elastic-Product", "Elasticsearch")
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	index, err := elastic.Open(server.URL, nil)
	require.NoError(t, err)
	return index
}

func TestTroubleIsTold(t *testing.T) {
	t.Parallel()
	d := reference.Document{Collection: "pocketcheck-x", ID: "a", Version: 1, Source: []byte("{}")}
	for _, tt := range []struct {
		status         int
		body, put, get string
	}{
		{429, `{"error":{"type":"circuit_breaking_exception","reason":"too large"}}`,
			"put 1 documents: status 429: circuit_breaking_exception: too large", "get 1 documents: status 429: circuit_breaking_exception: too large"},
		{403, "<html>proxy</html>", "put 1 documents: status 403, and not an answer of Elasticsearch's", "get 1 documents: status 403, and not"},
		{200, `{"items":[]}`, "put 1 documents: the answer has 0", ""},
		{200, `{"items":[{"index":{"status":503,"error":{"type":"unavailable","reason":"no shard"}}}],
			"docs":[{"_id":"a","error":{"type":"unavailable","reason":"no shard"}}]}`,
			`put document "a": status 503: unavailable: no shard`, `get document "a": unavailable: no shard`},
		{200, "{", "put 1 documents: not an answer of Elasticsearch's: unexpected end", "get 1 documents: not an answer of Elasticsearch's: unexpected end"},
	} {
		index := answering(t, tt.status, tt.body)
		stored, err := index.Put(t.Context(), d)
		require.ErrorContains(t, err, tt.put)
		require.ErrorContains(t, err, "Elasticsearch at http://127.0.0.1:")
		assert.Empty(t, stored)
		if _, err = index.Get(t.Context(), "pocketcheck-x", "a"); tt.get != "" {
			require.ErrorContains(t, err, tt.get)
			require.ErrorContains(t, err, "Elasticsearch at http://127.0.0.1:")
		}
	}
}

// TestPrepareTellsWhatToDo, without the password of an address.
func TestPrepareTellsWhatToDo(t *testing.T) {
	t.Parallel()
	serve := func(h http.HandlerFunc) string {
		server := httptest.NewServer(h)
		t.Cleanup(server.Close)
		return server.URL
	}
	says := func(text string) string {
		return serve(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) })
	}
	for _, address := range []string{"", "localhost:9200", "http://a:canary%zz@host"} {
		_, err := elastic.Open(address, nil)
		require.EqualError(t, err, "not an address of Elasticsearch; write http://host:9200", address)
	}
	unavailable := func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "<html>busy</html>", http.StatusServiceUnavailable)
	}
	for address, tt := range map[string]struct {
		want    string
		isUnfit bool
	}{
		"http://a:canary@127.0.0.1:1": {"connection refused; check that it runs, and its address", false},
		serve(unavailable):            {"status 503, and not an answer of Elasticsearch's; check that it runs", false},
		serve(http.NotFound):          {"status 404, and not an answer of Elasticsearch's; check that it runs", true},
		says("<html>a page</html>"):   {"not an answer of Elasticsearch's: invalid character '<' looking for beginning of value; check", true},
		says("{}"):                    {"what answers there is something else; check that it runs, and its address", true},
		says(`{"version":{"number":"7.17.9"}}`): {
			"it is Elasticsearch 7.17.9, and 8 is the oldest that will do; check that it runs, and its address", true},
	} {
		index, err := elastic.Open(address, nil)
		require.NoError(t, err)
		err = index.Prepare(t.Context(), "pocketcheck-x")
		require.ErrorContains(t, err, "Elasticsearch at http://127.0.0.1:", address)
		require.ErrorContains(t, err, tt.want, address)
		_, isUnfit := errors.AsType[reference.Unfit](err)
		assert.Equal(t, tt.isUnfit, isUnfit, address)
		assert.NotContains(t, err.Error(), "canary")
	}
}
