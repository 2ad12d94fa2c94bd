package postgres

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// settings of each session, whatever the database or the role has. A connection that
// can't be made, or whose other end is gone, must not keep callers or row locks for
// long.
var settings = map[string]string{
	"default_transaction_isolation": "read committed",
	"lock_timeout":                  "5s",
	"statement_timeout":             "30s",
	// To plan a statement for its values takes longer than to run it.
	"plan_cache_mode":                     "force_generic_plan",
	"idle_in_transaction_session_timeout": "15s",
}

// checkSettings warns where sessions have others, as behind a pooler that leaves out what
// a client asks for.
func (s *Store) checkSettings(ctx context.Context) error {
	const query = `SELECT current_setting(name) FROM unnest($1::text[]) WITH ORDINALITY AS wanted (name, n) ORDER BY n`
	names := slices.Sorted(maps.Keys(settings))
	is, err := list(ctx, s, pgx.RowTo[string], query, names)
	if err != nil {
		return fmt.Errorf("look which settings a session has: %w", err)
	}
	asked := s.writes.Config().ConnConfig.RuntimeParams
	var lacks []string
	for i, name := range names {
		if asked[name] == settings[name] && is[i] != settings[name] { // the address may ask for another
			lacks = append(lacks, fmt.Sprintf("SET %s = '%s'", name, settings[name]))
		}
	}
	if len(lacks) > 0 {
		s.log.WarnContext(ctx, "sessions have other settings than they are asked for, as behind a pooler; ALTER ROLE … each of these for the role",
			"lacks", strings.Join(lacks, "; "))
	}
	return nil
}
