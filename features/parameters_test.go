package features_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	messages "github.com/cucumber/messages/go/v34"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/fixtures"
)

// TestParameterErrorsAreWorded holds the refusals of missing and mistyped
// parameters against the document's two patterns and its validations, which are for
// strict wording where no example of the endpoint shows the text.
func TestParameterErrorsAreWorded(t *testing.T) {
	t.Parallel()
	parameters := map[fixtures.Lines]fixtures.Parameter{}
	for _, e := range contract(t).Endpoints {
		for _, p := range e.Parameters {
			parameters[p.Lines], parameters[p.Validation.Lines] = p, p
		}
	}
	of := pickles(t)
	checked := 0
	for _, f := range fixtures.Facts() {
		if f.Status != 422 || (f.Kind != "parameter" && f.Kind != "validation") {
			continue
		}
		p := parameters[f.Lines]
		for _, pickle := range of[f.ID] {
			n := len(pickle.Steps)
			checked++
			if f.SaysAgain != "" { // an example's text
				assertWording(t, f, p, unquote(t, refusal.FindStringSubmatch(pickle.Steps[n-1].Text)[4]))
				continue
			}
			m := worded.FindStringSubmatch(pickle.Steps[n-1].Text)
			require.NotNil(t, m, "%s: %s", f.ID, pickle.Steps[n-1].Text)
			text := m[1]
			if text == "" { // what is in between is the target's
				text = m[2] + "…" + m[3]
			}
			assertWording(t, f, p, unquote(t, text))
			assert.Equal(t, "if the wording is strict", m[4], f.ID)
			m = refusal.FindStringSubmatch(pickle.Steps[n-2].Text)
			require.NotNil(t, m, "%s: %s", f.ID, pickle.Steps[n-2].Text)
			assert.Equal(t, p.Name, m[3], f.ID)
		}
	}
	// 7 missing; mistyped: 13 in three ways, the two tags in two, media_type in one
	assert.Equal(t, 7+13*3+2*2+1, checked)
}

func assertWording(t *testing.T, f fixtures.Fact, p fixtures.Parameter, text string) {
	t.Helper()
	if f.Kind == "parameter" {
		assert.True(t, p.Required, f.ID)
		assert.Equal(t, "Missing parameter "+p.Name, text, f.ID)
		return
	}
	// the examples show the choices of media_type as code
	rule := strings.Replace(p.Validation.Text, "article", "<code>article</code>", 1)
	before, ok := strings.CutSuffix(text, ": "+rule)
	assert.True(t, ok, "%s: %q does not end with %q", f.ID, text, rule)
	value, ok := strings.CutPrefix(before, fmt.Sprintf("Invalid parameter '%s' value ", p.Name))
	assert.True(t, ok, "%s: %s", f.ID, text)
	assert.Contains(t, []string{"…", `"x"`, `"video"`}, value, f.ID)
}

// TestMistypedParameterIsTheOnlyFault wants the value that is wrong in the
// request, and only there.
func TestMistypedParameterIsTheOnlyFault(t *testing.T) {
	t.Parallel()
	of := pickles(t)
	for _, f := range fixtures.Facts() {
		if f.Kind != "validation" || f.Untestable != "" {
			continue
		}
		_, name, _ := strings.Cut(f.ID, ".valid-")
		values := map[string]bool{}
		for _, pickle := range of[f.ID] {
			var body map[string]json.RawMessage
			require.NoError(t, json.Unmarshal([]byte(request(t, pickle)), &body), f.ID)
			values[string(body[name])] = true
		}
		switch name {
		case "tags":
			assert.Equal(t, map[string]bool{`"x"`: true, `[1]`: true}, values, f.ID)
		case "media_type":
			assert.Equal(t, map[string]bool{`"video"`: true}, values, f.ID)
		default:
			assert.Equal(t, map[string]bool{`123`: true, `true`: true, `["x"]`: true}, values, f.ID)
		}
	}
}

// TestTitlesMeetTheLimit counts the characters of the titles about whose
// length the document speaks.
func TestTitlesMeetTheLimit(t *testing.T) {
	t.Parallel()
	var lengths []string
	for _, pickle := range pickles(t)["assets.update.title-too-long"] {
		var body struct{ Title string }
		require.NoError(t, json.Unmarshal([]byte(request(t, pickle)), &body))
		then := strings.TrimPrefix(pickle.Steps[len(pickle.Steps)-1].Text, "the request ")
		lengths = append(lengths, fmt.Sprintf("%d characters, %d bytes: %s", utf8.RuneCountInString(body.Title), len(body.Title), then))
	}
	assert.Equal(t, []string{
		`280 characters, 280 bytes: is refused with 400 "Title is too long (maximum is 255 characters)"`,
		`256 characters, 256 bytes: is refused with 400 "Title is too long (maximum is 255 characters)"`,
		"255 characters, 510 bytes: succeeds",
	}, lengths)
}

// pickles returns the scenarios of each fact with their outlines filled in.
func pickles(t *testing.T) map[string][]*messages.Pickle {
	t.Helper()
	of := map[string][]*messages.Pickle{}
	for _, f := range load(t) {
		for _, p := range f.pickles {
			for _, tag := range p.Tags {
				id := strings.TrimPrefix(tag.Name, "@")
				of[id] = append(of[id], p)
			}
		}
	}
	return of
}

// these is a When with the parameters of the Background, where some have another value,
// or one is not there.
var these = regexp.MustCompile(` with these parameters(?:, but (?:no (\w+)|(.+)))?$`)

// other is one value, of one or more of these parameters.
var other = regexp.MustCompile(`("(?:[^"\\]|\\.)*"|\[[^\]]*\]|\w+) as (\w+(?: and \w+)*?)(?: and |$)`)

// request returns the body that a scenario sends.
func request(t *testing.T, p *messages.Pickle) string {
	t.Helper()
	parameters := ""
	for _, step := range p.Steps {
		if step.Text == "these parameters:" {
			parameters = step.Argument.DocString.Content
		}
		if step.Type != messages.PickleStepType_ACTION {
			continue
		}
		if m := these.FindStringSubmatch(step.Text); m != nil {
			return changed(t, parameters, m[1], m[2])
		}
		if m := long.FindStringSubmatch(step.Text); m != nil {
			n, err := strconv.Atoi(m[1])
			require.NoError(t, err)
			return `{"title": "` + strings.Repeat(map[string]string{"": "X", "one byte": "X", "two bytes": "ä"}[m[2]], n) + `"}`
		}
		if step.Argument != nil {
			return step.Argument.DocString.Content
		}
	}
	return ""
}

var long = regexp.MustCompile(` with a title of (\d+) characters(?: of (.*) each)?$`)

// changed gives parameters as a When sends them: as they are, or, on one line, without
// one or with others.
func changed(t *testing.T, parameters, without, others string) string {
	t.Helper()
	if without+others == "" {
		return parameters
	}
	names := keys(parameters)
	var body map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(parameters), &body))
	if without != "" {
		require.Contains(t, body, without)
		delete(body, without)
	}
	for _, m := range other.FindAllStringSubmatch(others, -1) {
		for _, name := range strings.Split(m[2], " and ") {
			if _, is := body[name]; !is {
				names = append(names, name)
			}
			body[name] = json.RawMessage(m[1])
		}
	}
	var members []string
	for _, name := range names {
		if value, is := body[name]; is {
			members = append(members, fmt.Sprintf("%q:%s", name, value))
		}
	}
	return compact(t, "{"+strings.Join(members, ",")+"}")
}

func compact(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, json.Compact(&b, []byte(text)), text)
	return b.String()
}
