package crashtest

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference/postgres"
)

// harms are what can happen to an index. All of them leave the database as it is.
var harms = map[string]func(s *site){
	"deleted": func(s *site) {
		s.elasticsearch(http.MethodDelete, "/"+s.indices()+"assets-1,"+s.indices()+"collections-1", "")
	},
	"in a cluster that has nothing, as with its volume lost": func(s *site) {
		s.elasticsearch(http.MethodDelete, "/_index_template/pocketcheck", "")
		s.elasticsearch(http.MethodDelete, "/"+s.indices()+"assets-1,"+s.indices()+"collections-1", "")
	},
	"emptied": func(s *site) {
		s.rewrite("assets", "assets", func(version int64, _ string) (int64, string) { return version, "" })
		s.rewrite("collections", "collections", func(version int64, _ string) (int64, string) { return version, "" })
	},
	"without its name": func(s *site) { s.elasticsearch(http.MethodDelete, "/"+s.indices()+"assets-1/_alias/*", "") },
	"closed":           func(s *site) { s.elasticsearch(http.MethodPost, "/"+s.indices()+"assets-1/_close", "") },
	"read-only": func(s *site) {
		s.elasticsearch(http.MethodPut, "/"+s.indices()+"assets-1/_settings", `{"index.blocks.read_only_allow_delete": true}`)
	},
	"other": func(s *site) {
		s.rewrite("assets", "assets", func(version int64, _ string) (int64, string) { return version, `{"title":"of another database"}` })
	},
	"later": func(s *site) {
		s.rewrite("assets", "assets", func(version int64, _ string) (int64, string) { return version + 1000, `{"title":"of a later time"}` })
	},
	"guessed": func(s *site) { // by a first document with a title that looks like a date
		s.close()
		s.elasticsearch(http.MethodDelete, "/"+s.indices()+"assets-1", "")
		s.elasticsearch(http.MethodPut, "/"+s.indices()+"assets-1", `{"mappings": {"properties": {"title": {"type": "date"}}}}`)
		s.elasticsearch(http.MethodPost, "/_aliases", `{"actions": [{"add": {"index": "`+s.indices()+`assets-1", "alias": "`+s.indices()+`assets"}}]}`)
		require.ErrorContains(s.t, s.tryOpen(), `has another mapping than this version gives it; "pocketcheck reindex" makes it anew`)
		s.isPutRight(postgres.Reindexing{})
		s.open()
	},
}

// TestIndexIsNoLoss: whatever happens to the index, what was acknowledged is there, and
// the reference conforms. Then the index can be put right.
func TestIndexIsNoLoss(t *testing.T) {
	t.Parallel()
	for name, harm := range harms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.open()
			defer func() { s.close() }()
			kept, changed, deleted := s.create("kept"), s.create("2026/01/02"), s.create("deleted")
			s.isPutRight(postgres.Reindexing{Missing: true})
			harm(s)
			s.isConformant()
			s.update(changed, "no date")
			s.ask(http.MethodDelete, "/"+deleted, "", http.StatusOK)
			created := s.create("created")
			for range 2 {
				s.is(kept, "kept")
				s.is(changed, "no date")
				s.is(created, "created")
				s.is(seeded[0], "Sample Asset")
				s.ask(http.MethodGet, "/"+deleted, "", http.StatusNotFound)
				s.isPutRight(postgres.Reindexing{})
			}
			s.create("deleted") // its external id is free
		})
	}
}

// isSeenAsCopy: to look changes nothing, also where a database has no identity of its own.
func (s *site) isSeenAsCopy() {
	s.t.Helper()
	db := connect(s.t, s.database)
	before := db.text(`SELECT identity::text FROM identity`)
	i := s.inspect()
	defer i.Close()
	_, err := i.Check(s.t.Context())
	require.ErrorContains(s.t, err, "the database is a copy of another, or was restored")
	require.Equal(s.t, before, db.text(`SELECT identity::text FROM identity`))
}

// TestIndexHasADatabaseOfItsOwn: of two databases, one of which is a copy of the other,
// none reads or spoils what the other has.
func TestIndexHasADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.open()
	both, gone := s.create("both"), s.create("gone")
	s.close()
	copied := &site{t: t, log: s.log, database: s.newDatabase(nameOf(s.database))}
	copied.isSeenAsCopy()
	s.open()
	defer func() { s.close() }()
	copied.open()
	defer func() { copied.close() }()
	require.NotEqual(t, s.indices(), copied.indices())

	s.update(both, "of the first")
	for range 5 { // its version is far higher
		copied.update(both, "of the copy")
	}
	copied.ask(http.MethodDelete, "/"+gone, "", http.StatusOK)
	for range 2 {
		s.is(both, "of the first")
		s.is(gone, "gone")
		copied.is(both, "of the copy")
		copied.ask(http.MethodGet, "/"+gone, "", http.StatusNotFound)
		s.isPutRight(postgres.Reindexing{Missing: true})
		copied.isPutRight(postgres.Reindexing{Missing: true})
	}
	copied.isConformant()

	// Of a copy of the files, nothing shows that it is one. By order, it goes its way.
	connect(t, copied.database).do(`UPDATE identity SET id = $1`, connect(t, s.database).text(`SELECT id::text FROM identity`))
	s.update(both, "of the first again")
	copied.isPutRight(postgres.Reindexing{NewIdentity: true})
	assert.NotEqual(t, s.indices(), copied.indices())
	s.is(both, "of the first again")
	copied.is(both, "of the copy")
	s.isPutRight(postgres.Reindexing{Missing: true})
}

// TestRestoredDatabase: the index knows of a later time, which has not been.
func TestRestoredDatabase(t *testing.T) {
	t.Parallel()
	for name, reopens := range map[string]bool{"while it is served": false, "in between": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.open()
			defer func() { s.close() }()
			kept, changed, deleted := s.create("kept"), s.create("before"), s.create("deleted later")
			db := connect(t, s.database)
			db.do(backup)
			later := s.create("later")
			for range 3 {
				s.update(changed, "after")
			}
			s.ask(http.MethodDelete, "/"+deleted, "", http.StatusOK)
			s.isPutRight(postgres.Reindexing{Missing: true})
			if reopens {
				s.close()
			}
			db.do(restore)
			if reopens {
				s.open()
			}
			for range 2 {
				s.is(kept, "kept")
				s.is(changed, "before")
				s.is(deleted, "deleted later")
				s.ask(http.MethodGet, "/"+later, "", http.StatusNotFound)
				s.isPutRight(postgres.Reindexing{Missing: true})
			}
			s.update(changed, "anew")
			s.update(deleted, "anew")
			s.create("later")
			s.is(changed, "anew")
			s.isPutRight(postgres.Reindexing{Missing: true})
			s.isConformant()
		})
	}
}

// backup keeps all rows and where the sequences are; restore goes back to that.
const (
	backup = `
		CREATE SCHEMA backup;
		DO $$ DECLARE name text; BEGIN
			FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
				EXECUTE format('CREATE TABLE backup.%I AS TABLE public.%1$I', name);
			END LOOP;
		END $$;
		CREATE TABLE backup.sequences AS SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'`
	restore = `
		SET session_replication_role = replica;
		DO $$ DECLARE name text; BEGIN
			FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
				EXECUTE format('DELETE FROM public.%I', name);
				EXECUTE format('INSERT INTO public.%I OVERRIDING SYSTEM VALUE SELECT * FROM backup.%1$I', name);
			END LOOP;
		END $$;
		SELECT setval(format('public.%I', sequencename)::regclass, coalesce(last_value, 1), last_value IS NOT NULL) FROM backup.sequences`
)

// TestSchemas: an earlier one is brought up to date with all that the index alone had,
// and a later one refused.
func TestSchemas(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.open()
	kept, gone := s.create("kept"), s.create("gone")
	s.isPutRight(postgres.Reindexing{Missing: true})
	s.close()
	db := connect(t, s.database)
	s.makeEarlier(db)
	s.elasticsearch(http.MethodDelete, "/"+s.indices()+"assets/_doc/"+gone, "")

	s.open()
	s.is(kept, "kept")
	s.is(seeded[0], "Sample Asset")
	s.ask(http.MethodGet, "/"+gone, "", http.StatusInternalServerError)
	i := s.inspect()
	d, err := i.Check(t.Context())
	i.Close()
	require.NoError(t, err)
	assert.Equal(t, []string{gone}, d.Lost)
	db.do(`DELETE FROM assets WHERE source IS NULL`)
	s.isConformant()
	s.isPutRight(postgres.Reindexing{Missing: true})
	s.close()

	db.do(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, true)`)
	require.ErrorContains(t, s.tryOpen(), "the tables are of version 99, and this program knows those up to ")
}

// makeEarlier takes back what the migrations from the fourth on have done, with the documents in the
// index alone.
func (s *site) makeEarlier(db database) {
	s.t.Helper()
	for _, k := range []string{"assets", "collections"} { // an index, where this version has a name of one
		old := "/" + s.indices() + k
		as := func(version int64, source string) (int64, string) { return version, source }
		s.rewrite(k, "old-"+k, as)
		s.elasticsearch(http.MethodDelete, old+"-1", "")
		s.rewrite("old-"+k, k, as)
	}
	db.do(`
		ALTER TABLE assets DROP COLUMN source, DROP COLUMN digest, DROP COLUMN project_id;
		ALTER TABLE collections DROP COLUMN source, DROP COLUMN digest, DROP COLUMN until;
		ALTER TABLE projects DROP COLUMN until;
		DROP INDEX assets_of_collection, comments_of_author;
		ALTER TABLE identity DROP COLUMN former, DROP COLUMN sign, DROP COLUMN indexed;
		ALTER TABLE pending ADD COLUMN source json;
		DELETE FROM goose_db_version WHERE version_id > 3`)
}
