package reference

import (
	"bytes"
	"fmt"
	"io"
)

// ReadRows reads rows from JSON as encoding/json writes them: an object of arrays, each
// optional, with times to the microsecond, and hashes in place of keys. It is strict as
// [ReadSeed] is, and checks as [Rows.Check] does.
func ReadRows(r io.Reader) (Rows, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return Rows{}, fmt.Errorf("read rows: %w", err)
	}
	rows, err := parseRows(bytes.TrimPrefix(text, []byte("\ufeff"))) // a byte order mark is none of it
	if err == nil {
		err = rows.Check()
	}
	if err != nil {
		return Rows{}, fmt.Errorf("read rows: %w", err)
	}
	return rows, nil
}

func parseRows(text []byte) (Rows, error) {
	top, err := topMembers(text, "the snapshot", "users", "keys", "dag_actions", "projects", "assets", "collections", "events",
		"comments", "media", "dag_action_runs")
	if err != nil {
		return Rows{}, err
	}
	var r Rows
	err = first(into(&r.Users, top, "users"), into(&r.Keys, top, "keys"), into(&r.DagActions, top, "dag_actions"),
		into(&r.Projects, top, "projects"), into(&r.Assets, top, "assets"), into(&r.Collections, top, "collections"),
		into(&r.Events, top, "events"), into(&r.Comments, top, "comments"), into(&r.Media, top, "media"),
		into(&r.Runs, top, "dag_action_runs"))
	return r, err
}
