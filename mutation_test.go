package pocketcheck_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// mutation is a recorded response with one thing changed.
type mutation struct {
	name   string // "asset.title retyped"
	path   string // "asset.tags.0"
	kind   string
	status int
	body   any
}

func parse(t *testing.T, text string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	require.NoError(t, d.Decode(&v))
	return v
}

// mutationsOf changes the status, and removes, retypes and rewords every member
// and element, one at a time.
func mutationsOf(t *testing.T, x recorded) []mutation {
	t.Helper()
	body := func() any { return parse(t, x.example.ResponseBody) }
	var all []mutation
	for _, status := range []int{200, 201, 204, 400, 403, 404, 422, 500} {
		if status != x.example.Status && status != http.StatusNoContent {
			all = append(all, mutation{fmt.Sprintf("status %d", status), "", "status", status, body()})
		}
	}
	for _, path := range paths(body(), nil) {
		for _, kind := range []string{"removed", "retyped", "reworded"} {
			changed, ok := change(body(), path, kind)
			if ok {
				at := strings.Join(path, ".")
				all = append(all, mutation{at + " " + kind, at, kind, x.example.Status, changed})
			}
		}
	}
	return all
}

// paths lists the way to every member and element.
func paths(v any, to []string) [][]string {
	var all [][]string
	visit := func(key string, child any) {
		path := append(append([]string{}, to...), key)
		all = append(append(all, path), paths(child, path)...)
	}
	switch v := v.(type) {
	case map[string]any:
		for key, child := range v {
			visit(key, child)
		}
	case []any:
		for i, child := range v {
			visit(fmt.Sprint(i), child)
		}
	}
	return all
}

// change applies one kind of mutation at a path. It gives false where that
// changes nothing.
func change(v any, path []string, kind string) (any, bool) {
	if len(path) == 0 {
		if kind == "retyped" {
			return retyped(v), true
		}
		return reworded(v)
	}
	switch v := v.(type) {
	case map[string]any:
		if kind == "removed" && len(path) == 1 {
			delete(v, path[0])
			return v, true
		}
		child, ok := change(v[path[0]], path[1:], kind)
		v[path[0]] = child
		return v, ok
	case []any:
		var i int
		_, _ = fmt.Sscan(path[0], &i) // paths wrote it
		if kind == "removed" && len(path) == 1 {
			return append(v[:i], v[i+1:]...), true
		}
		child, ok := change(v[i], path[1:], kind)
		v[i] = child
		return v, ok
	}
	return v, false
}

func retyped(v any) any {
	switch v := v.(type) {
	case json.Number:
		return v.String()
	case nil, string:
		return 7
	case bool:
		return fmt.Sprint(v)
	case []any:
		return map[string]any{}
	}
	return []any{}
}

func reworded(v any) (any, bool) {
	switch v := v.(type) {
	case json.Number:
		return json.Number(v.String() + "1"), true
	case nil:
		return "reworded", true
	case string:
		return v + ".", true
	case bool:
		return !v, true
	case []any:
		if len(v) == 0 {
			return []any{"reworded"}, true
		}
	}
	return v, false
}

// swapped gives v with one text in place of another.
func swapped(v any, old, text string) any {
	encoded, _ := json.Marshal(v)
	var changed any
	d := json.NewDecoder(strings.NewReader(strings.ReplaceAll(string(encoded), old, text)))
	d.UseNumber()
	_ = d.Decode(&changed) // it was encoded just before
	return changed
}

// excuses say which changes the document does not make wrong, and why.
var excuses = []struct {
	path, kinds string // regular expressions over "FACT PATH" and the kind
	why         string
}{
	{`.* asset\.(parent_id|project_id|drop_folder_id|deleted)`, `retyped|reworded`, "null in every example: the key is there, whatever its value"},
	{`.*\.user\.(first_name|last_name|avatar_url)`, `retyped|reworded`, "null in every example: the key is there, whatever its value"},
	{`media\.download_url\.ok url`, `retyped|reworded`, "null in every example: the key is there, whatever its value"},
	{`history\.get\.ok history\.next_cursor`, `retyped|reworded`, "null in every example: the key is there, whatever its value"},
	{`collections\.list\.ok collections\.0\.category`, `retyped|reworded`, "null in every example: the key is there, whatever its value"},
	{`.* asset\.(original_filename|md5_sum)`, `reworded`, "a string or null, not set by the request"},
	{`(assets\.(get|create)|media\.remove)\..* asset\.external_id`, `reworded`, "a string or null, not set by the request"},
	{`.*\.(owner|email)`, `reworded`, "an e-mail address is never pinned"},
	{`.*\.user\.id|.*\.user_id`, `reworded`, "the id of a user is never pinned"},
	{`(assets|comments)\.create\.ok(-article)? (asset|comment)\.id`, `reworded`, "the id of what was just created is the target's to choose"},
	{`dag_actions\.start\.ok dag_action_run\.id`, `reworded`, "the id of what was just created is the target's to choose"},
	{`.*dag_action_run_messages\.0\.id`, `reworded`, "the id of a message is never pinned"},
	{`history\.get\.ok history\.results\.0(\.event_targets\.0\.target)?\.id`, `reworded`, "the number of an event or an asset is never pinned"},
	{`.* asset\.ai_tags`, `reworded`, "ai_tags are never pinned beyond their being texts"},
	{`.* asset\.ai_tags\.\d`, `removed|reworded`, "ai_tags are never pinned beyond their being texts"},
	{`.*\.mentioned_users`, `reworded`, "mentioned_users is never pinned beyond its being an array"},
	{`.* (dag_actions\.0|.*\.dag_action)\.(name|description|category)`, `reworded`, "the provider state chooses the DAG action's texts"},
	{`collections\.list\.ok collections\.0\.(title|description|original_title|tags|isPublic)`, `reworded`, "the provider state chooses the collection's texts"},
	{`dag_runs\.list\.ok dag_action_runs\.0\.(status|dag_action_run_messages\.0\.message)`, `reworded`, "how far a listed run has come is free"},
	{`dag_runs\.list\.ok dag_action_runs\.0\.dag_action_run_messages\.0`, `removed`, "how far a listed run has come is free"},
	{`media\.remove\.ok asset\.media_type`, `reworded`, "the recorded asset once had media, the scenario's never has"},
}

// compiledExcuses are the expressions of excuses, in their order.
var compiledExcuses = func() [][2]*regexp.Regexp {
	all := make([][2]*regexp.Regexp, len(excuses))
	for i, e := range excuses {
		all[i] = [2]*regexp.Regexp{regexp.MustCompile(`^(?:` + e.path + `)$`), regexp.MustCompile(`^(?:` + e.kinds + `)$`)}
	}
	return all
}()

func (m mutation) excuse(id string) string {
	for i, e := range compiledExcuses {
		if e[0].MatchString(id+" "+m.path) && e[1].MatchString(m.kind) {
			return excuses[i].why
		}
	}
	return ""
}
