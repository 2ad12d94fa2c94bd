package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

const ofVersions = "goose_db_version"

// first are tables that are there from the first version on.
var first = []string{"api_keys", "assets", "identity", "pending"}

// ground is what the tables are in, or are to be made in.
type ground struct {
	Schema                           string // "" without one
	IsStandby, IsReadOnly, MayCreate bool
	Tables                           []string // those of extensions left out
}

func (s *Store) ground(ctx context.Context) (ground, error) {
	const query = `
		SELECT coalesce(current_schema(), ''), pg_is_in_recovery(), current_setting('transaction_read_only') = 'on',
			coalesce(has_schema_privilege(current_schema(), 'CREATE'), false),
			ARRAY(SELECT relname::text FROM pg_class c
				WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND relkind IN ('r', 'p')
				AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
				ORDER BY relname)`
	g, err := one(ctx, s, pgx.RowToStructByPos[ground], query)
	if err != nil {
		return ground{}, fmt.Errorf("look which tables there are: %w", err)
	}
	return g, nil
}

func (g ground) has(tables ...string) bool {
	return !slices.ContainsFunc(tables, func(table string) bool { return !slices.Contains(g.Tables, table) })
}

// isForeign tells that the tables are another application's, which may have named some as
// we do. Just its table of versions is what remains of a first start that was broken off.
func (g ground) isForeign() bool {
	return !g.has(first...) && len(g.Tables) > 0 && !slices.Equal(g.Tables, []string{ofVersions})
}

// checkOwn refuses the tables of others, before anything is done to them.
func (g ground) checkOwn() error {
	const toDo = "give a database of its own (CREATE DATABASE pocketcheck), or a schema by ?search_path=NAME"
	switch {
	case g.Schema == "":
		return errors.New("no schema of the search_path is there; create it, or give another database")
	case g.isForeign():
		return fmt.Errorf("schema %s has tables of another application (%s); %s", g.Schema, some(g.Tables), toDo)
	case g.has(first...) && !g.has(ofVersions):
		return fmt.Errorf("schema %s has pocketcheck's tables without %s, which tells their version; restore the database", g.Schema, ofVersions)
	}
	return nil
}

// checkWritable refuses where nothing can be written, or made that is to be made.
func (g ground) checkWritable() error {
	switch {
	case g.IsStandby:
		return errors.New("it is a standby, which takes no writes; give the address of the primary")
	case g.IsReadOnly:
		return errors.New("the database or the role is read-only (default_transaction_read_only); give a role that writes")
	case !g.has(first...) && !g.MayCreate:
		return fmt.Errorf("the role may not create tables in schema %s; its owner grants that by GRANT CREATE ON SCHEMA %[1]s TO the role", g.Schema)
	}
	return nil
}

// some names a few of many.
func some(names []string) string {
	const few = 3
	if len(names) > few {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
	}
	return strings.Join(names, ", ")
}
