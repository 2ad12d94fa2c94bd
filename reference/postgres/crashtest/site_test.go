package crashtest

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures/containers/containertest"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/elastic"
	"github.com/pocketcheck/pocketcheck/reference/postgres"
	"github.com/pocketcheck/pocketcheck/report"
)

// site is one reference, on a database of its own and an index that it shares.
type site struct {
	t        *testing.T
	database string
	store    *postgres.Store
	server   *reference.Server
	log      *slog.Logger
}

// newSite makes a database.
func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, log: slog.New(slog.NewTextHandler(t.Output(), nil))}
	s.database = s.newDatabase("")
	return s
}

// newDatabase makes an empty database, or a copy of another, to which nobody is
// connected meanwhile.
func (s *site) newDatabase(template string) string {
	s.t.Helper()
	address, err := url.Parse(containertest.Shared(s.t).DatabaseURL())
	require.NoError(s.t, err)
	name := "site_" + strings.ToLower(rand.Text())
	statement := "CREATE DATABASE " + name
	if template != "" {
		statement += " TEMPLATE " + template
	}
	connect(s.t, address.String()).do(statement)
	address.Path = name
	return address.String()
}

func nameOf(database string) string {
	name, _, _ := strings.Cut(database[strings.LastIndex(database, "/")+1:], "?")
	return name
}

// open opens the reference.
func (s *site) open() {
	s.t.Helper()
	require.NoError(s.t, s.tryOpen())
}

func (s *site) tryOpen() error {
	index, err := elastic.Open(containertest.Shared(s.t).ElasticsearchURL(), nil)
	require.NoError(s.t, err)
	if s.store, err = postgres.Open(s.t.Context(), s.database, index, postgres.Options{Capacity: reference.DefaultCapacity, Log: s.log}); err != nil {
		return err
	}
	seed, err := defaultSeed()
	require.NoError(s.t, err)
	s.server, err = reference.New(s.store, reference.Options{Seed: seed, Log: s.log})
	return err
}

// close closes it, if it is open.
func (s *site) close() {
	if s.store != nil {
		s.store.Close()
		s.store = nil
	}
}

// ask sends a request, and wants an answer of a status.
func (s *site) ask(method, path, body string, status int) gjson.Result {
	s.t.Helper()
	r := httptest.NewRequest(method, "/api/v2/assets"+path, strings.NewReader(body))
	r.Header.Set("X-API-KEY", key)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	require.Equal(s.t, status, w.Code, "%s %s: %s", method, path, w.Body)
	return gjson.ParseBytes(w.Body.Bytes())
}

// create makes an asset, whose title is also its external id.
func (s *site) create(title string) (id string) {
	s.t.Helper()
	return s.ask(http.MethodPost, "", fmt.Sprintf(`{"title": %q, "external_id": %[1]q}`, title), http.StatusOK).Get("asset.id").String()
}

func (s *site) update(id, title string) {
	s.t.Helper()
	s.ask(http.MethodPut, "/"+id, fmt.Sprintf(`{"title": %q}`, title), http.StatusOK)
}

// is wants an asset to be there with a title, to the last of its comments and its
// history.
func (s *site) is(id, title string) {
	s.t.Helper()
	assert.Equal(s.t, title, s.ask(http.MethodGet, "/"+id, "", http.StatusOK).Get("asset.title").String())
	for _, of := range []string{"/comments", "/history/0", "/collections", "/media"} {
		s.ask(http.MethodGet, "/"+id+of, "", http.StatusOK)
	}
}

// isConformant has the whole suite check the reference.
func (s *site) isConformant() {
	s.t.Helper()
	r, err := pocketcheck.Run(s.t.Context(), pocketcheck.Target{
		Handler: s.server, Key: pocketcheck.NewKey(key), States: s.server.State,
	}, pocketcheck.Options{})
	require.NoError(s.t, err)
	assert.Equal(s.t, report.Conformant, r.Verdict)
}

// isPutRight puts the index right, and has no difference then.
func (s *site) isPutRight(how postgres.Reindexing) {
	s.t.Helper()
	i := s.inspect()
	defer i.Close()
	_, err := i.Reindex(s.t.Context(), how)
	require.NoError(s.t, err)
	assert.EventuallyWithT(s.t, func(c *assert.CollectT) { // the worker has some to do, too
		d, err := i.Check(s.t.Context())
		assert.NoError(c, err)
		assert.True(c, d.IsNone() && d.Pending == 0, "%+v", d)
	}, time.Minute, 100*time.Millisecond)
}

func (s *site) inspect() *postgres.Inspection {
	s.t.Helper()
	index, err := elastic.Open(containertest.Shared(s.t).ElasticsearchURL(), nil)
	require.NoError(s.t, err)
	i, err := postgres.Inspect(s.t.Context(), s.database, index, slog.New(slog.DiscardHandler))
	require.NoError(s.t, err)
	return i
}

// indices are those of the database's identity in the index.
func (s *site) indices() string {
	return "pocketcheck-" + connect(s.t, s.database).text(`SELECT id::text FROM identity`) + "-"
}

// elasticsearch asks the index itself.
func (s *site) elasticsearch(method, path, body string) gjson.Result {
	s.t.Helper()
	answer, err := ask(s.t.Context(), method, containertest.Shared(s.t).ElasticsearchURL()+path, body)
	require.NoError(s.t, err)
	return answer
}

// rewrite puts the documents of one kind of the site into another, with the versions and
// sources that as gives, past the reference; without a source they are deleted.
func (s *site) rewrite(from, to string, as func(version int64, source string) (int64, string)) {
	s.t.Helper()
	s.elasticsearch(http.MethodPost, "/"+s.indices()+from+"/_refresh", "")
	var lines strings.Builder
	for _, hit := range s.elasticsearch(http.MethodPost, "/"+s.indices()+from+"/_search?size=10000&version=true", "").Get("hits.hits").Array() {
		version, source := as(hit.Get("_version").Int(), hit.Get("_source").Raw)
		action := "index"
		if source == "" {
			action = "delete"
		}
		fmt.Fprintf(&lines, `{%q: {"_id": %q, "version": %d, "version_type": "external_gte"}}`+"\n", action, hit.Get("_id").String(), version)
		if source != "" {
			fmt.Fprintln(&lines, source)
		}
	}
	if from != to { // Elasticsearch does not make it by itself
		s.elasticsearch(http.MethodPut, "/"+s.indices()+to, "")
	}
	done := s.elasticsearch(http.MethodPost, "/"+s.indices()+to+"/_bulk?refresh=true", lines.String())
	require.False(s.t, done.Get("errors").Bool(), "%s", done.Raw)
}

// database is a connection past the reference.
type database struct {
	*pgx.Conn
	t *testing.T
}

func connect(t *testing.T, address string) database {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	return database{conn, t}
}

func (d database) do(statement string, args ...any) {
	d.t.Helper()
	_, err := d.Exec(d.t.Context(), statement, args...)
	require.NoError(d.t, err, statement)
}

func (d database) text(query string, args ...any) (text string) {
	d.t.Helper()
	require.NoError(d.t, d.QueryRow(d.t.Context(), query, args...).Scan(&text))
	return text
}
