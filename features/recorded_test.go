package features_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/fixtures"
)

// recording is an example of the document with its fact and the scenario that
// replays it, which is the first of the fact's.
type recording struct {
	fact string
	fixtures.Example
	scenario scenario
}

func recordings(t *testing.T) []recording {
	t.Helper()
	byLines := map[fixtures.Lines]fixtures.Example{}
	for _, e := range contract(t).Endpoints {
		for _, x := range e.Examples {
			byLines[x.Lines] = x
		}
	}
	of := scenariosOf(load(t))
	var all []recording
	for _, f := range fixtures.Facts() {
		if f.Kind == "example" && !strings.HasSuffix(f.ID, ".effect") {
			require.Contains(t, byLines, f.Lines, f.ID)
			require.Contains(t, of, f.ID)
			all = append(all, recording{f.ID, byLines[f.Lines], of[f.ID][0]})
		}
	}
	require.Len(t, all, len(byLines))
	return all
}

// asset returns the id of the recorded asset, "" where none is in the path.
func (r recording) asset() string {
	id, _, _ := strings.Cut(strings.TrimPrefix(r.Path, "/api/v2/assets"), "?")
	return strings.SplitN(id+"//", "/", 3)[1]
}

// own puts the scenario's own asset for the recorded one.
func (r recording) own(text string) string {
	if r.asset() == "" {
		return text
	}
	return strings.ReplaceAll(text, r.asset(), "${asset id}")
}

// sent maps what can't be sent as recorded to the placeholder that stands for
// it: the ids of a project, and an external id, which is unique on a target.
var sent = map[string][2]string{
	"assets.create.external-id-taken":   {"already_used_id", "${external id}"},
	"assets.update.ok":                  {"modified_external_id", "${external id}"},
	"assets.update.asset-not-found":     {"modified_external_id", "${external id}"},
	"project.assign.ok":                 {"mJebz2r3ck0CTGIExPa4", "${project id}"},
	"project.assign.already-has-parent": {"a7rYTJIBVOpM1qBIdlO6", "${other project id}"},
}

// misspelt are words of the document's titles that it spells wrong.
var misspelt = strings.NewReplacer("Succesful", "Successful", "a owner", "an owner")

func TestRequestsAreAsRecorded(t *testing.T) {
	t.Parallel()
	for _, r := range recordings(t) {
		want := r.own(r.RequestBody)
		if free, ok := sent[r.fact]; ok {
			require.Contains(t, want, free[0], r.fact)
			want = strings.ReplaceAll(want, free[0], free[1])
		}
		var got string
		if body := r.scenario.when[0].DocString; body != nil {
			got = body.Content
		}
		if with := these.FindStringSubmatch(r.scenario.when[0].Text); with != nil {
			require.Equal(t, "these parameters:", r.scenario.given[0].Text, r.scenario.at)
			got = changed(t, r.scenario.given[0].DocString.Content, with[1], with[2])
		}
		if strings.Contains(r.scenario.when[0].Text, " with these parameters, but ") {
			want = compact(t, want)
		}
		assert.Equal(t, want, got, r.scenario.at)
		if _, query, ok := strings.Cut(r.Path, "?"); ok {
			assert.Contains(t, r.scenario.when[0].Text, ` with "`+query+`"`, r.scenario.at)
		}
		if strings.Contains(r.ResponseBody, `"asset not found"`) {
			given := slices.DeleteFunc(texts(r.scenario.given), func(text string) bool { return text == "these parameters:" })
			assert.Equal(t, []string{fmt.Sprintf("no asset has the id %q", r.asset())}, given, r.scenario.at)
		}
		title := misspelt.Replace(r.Title)
		assert.True(t, strings.HasPrefix(r.scenario.title, title), "%s: its title is not the document's %q", r.scenario.at, title)
		assert.Greater(t, len(r.scenario.title), len(title), "%s: its title says nothing of its own", r.scenario.at)
	}
}

// answer returns what a scenario wants of a 200: the body pasted under its
// first Then, with a result of the history, which has a Then of its own, at
// its place.
func answer(t *testing.T, s scenario) string {
	t.Helper()
	require.Equal(t, "the request succeeds with:", s.outcome[0].Text, s.at)
	body := s.outcome[0].DocString.Content
	if len(s.outcome) == 2 {
		require.Equal(t, "the history has a result:", s.outcome[1].Text, s.at)
		require.Contains(t, body, `"results": "#array"`, s.at)
		return strings.Replace(body, `"#array"`, "["+s.outcome[1].DocString.Content+"]", 1)
	}
	require.Len(t, s.outcome, 1, s.at)
	return body
}

// TestAnswersAreAsRecorded walks the recorded body and the scenario's side by
// side. It also wants each freedom to be used, so that the list stays short.
func TestAnswersAreAsRecorded(t *testing.T) {
	t.Parallel()
	used := map[int]bool{}
	for _, r := range recordings(t) {
		recorded := decode(t, r.ResponseBody)
		if text, ok := recorded["error"].(string); ok && len(recorded) == 1 {
			assertRefusal(t, r, text)
			continue
		}
		assert.Equal(t, 200, r.Status, r.fact)
		pattern := answer(t, r.scenario)
		assert.Equal(t, keys(r.ResponseBody), keys(pattern), "%s: other keys, or in another order", r.scenario.at)
		w := walk{r.fact, used}
		if err := w.value("", recorded, decode(t, pattern)); err != nil {
			assert.NoError(t, err, r.scenario.at)
		}
	}
	for i, f := range freed {
		assert.True(t, used[i], "nothing is free by %v", f)
	}
}

// assertRefusal compares the text of a recorded error, to the letter. One that leaks
// the implementer's tools has a step of its own.
func assertRefusal(t *testing.T, r recording, text string) {
	t.Helper()
	m := refusal.FindStringSubmatch(r.scenario.outcome[0].Text)
	require.NotNil(t, m, r.scenario.at)
	if !table()[r.fact].Wording {
		require.Len(t, r.scenario.outcome, 1, r.scenario.at)
		assert.Equal(t, r.own(text), unquote(t, m[4]), r.scenario.at)
		return
	}
	require.Len(t, r.scenario.outcome, 2, r.scenario.at)
	assert.Equal(t, " and a message", m[2], r.scenario.at)
	m = worded.FindStringSubmatch(r.scenario.outcome[1].Text)
	require.NotNil(t, m, r.scenario.at)
	assert.Equal(t, "unless the wording is lenient", m[4], r.scenario.at)
	assert.Equal(t, text, unquote(t, m[1]), r.scenario.at)
}

// unquote reads the text between the quotes of a step, which is JSON's.
func unquote(t *testing.T, inner string) (text string) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(`"`+inner+`"`), &text), inner)
	return text
}

func decode(t *testing.T, body string) map[string]any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(body))
	d.UseNumber()
	var object map[string]any
	require.NoError(t, d.Decode(&object), body)
	return object
}

var key = regexp.MustCompile(`"(\w+)":`)

// keys returns the keys of a body in their order.
func keys(body string) (all []string) {
	for _, m := range key.FindAllStringSubmatch(body, -1) {
		all = append(all, m[1])
	}
	return all
}

// walk compares a recorded answer of a fact with a scenario's pattern, and
// marks the freedoms that the pattern uses.
type walk struct {
	fact string
	used map[int]bool
}

func (w walk) value(at string, recorded, pattern any) error {
	if isPlaceholder(pattern) {
		if !fits(pattern.(string), recorded) {
			return fmt.Errorf("%s: recorded is %v, which is not %s", at, recorded, pattern)
		}
		return w.free(at, pattern.(string))
	}
	switch p := pattern.(type) {
	case map[string]any:
		return w.object(at, recorded, p)
	case []any:
		return w.array(at, recorded, p)
	}
	if recorded != pattern {
		return fmt.Errorf("%s: recorded is %v, the scenario has %v", at, recorded, pattern)
	}
	return nil
}

func (w walk) free(at, placeholder string) error {
	i, ok := isFreed(w.fact, at, placeholder)
	if !ok {
		return fmt.Errorf("%s: nothing lets it be %s", at, placeholder)
	}
	w.used[i] = true
	return nil
}

func (w walk) object(at string, recorded any, pattern map[string]any) error {
	object, ok := recorded.(map[string]any)
	if !ok || !slices.Equal(slices.Sorted(maps.Keys(object)), slices.Sorted(maps.Keys(pattern))) {
		return fmt.Errorf("%s: recorded is %v, the scenario has %v", at, recorded, pattern)
	}
	for k, p := range pattern {
		if err := w.value(strings.TrimPrefix(at+"/"+k, "/"), object[k], p); err != nil {
			return err
		}
	}
	return nil
}

func (w walk) array(at string, recorded any, pattern []any) error {
	elements, ok := recorded.([]any)
	if !ok {
		return fmt.Errorf("%s: recorded is %v, which is no array", at, recorded)
	}
	if n := len(pattern); n == 2 && pattern[0] == "#each" {
		pattern = slices.Repeat(pattern[1:], len(elements))
		if err := w.free(at, "#each"); err != nil {
			return err
		}
	} else if n > 0 && pattern[n-1] == "#and others" {
		pattern = pattern[:n-1]
		if err := w.free(at, "#and others"); err != nil {
			return err
		}
	}
	if len(elements) != len(pattern) {
		return fmt.Errorf("%s: recorded are %d elements, the scenario has %d", at, len(elements), len(pattern))
	}
	for i, p := range pattern {
		if err := w.value(at, elements[i], p); err != nil {
			return err
		}
	}
	return nil
}
