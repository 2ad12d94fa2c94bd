package features_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/pocketcheck/pocketcheck/fixtures"
)

// TestEachEndpointHasAFile also holds the feature's head against the document
// and its name against the facts within.
func TestEachEndpointHasAFile(t *testing.T) {
	t.Parallel()
	documented, written := map[string]string{}, map[string]string{}
	for _, e := range contract(t).Endpoints {
		documented[e.Method+" "+e.Path] = e.Title
	}
	facts := table()
	for _, f := range load(t) {
		if f.isCommon() {
			continue
		}
		written[f.title] = f.description
		prefix := strings.TrimSuffix(f.name, "feature")
		for _, s := range f.scenarios {
			for _, id := range s.facts {
				assert.True(t, strings.HasPrefix(id, prefix), "%s: %s belongs to another file", s.at, id)
				if fact, ok := facts[id]; ok { // TestTagsAreFacts tells of others
					assert.Equal(t, f.title, fact.Endpoint, "%s: the endpoint of %s is not that of the feature", s.at, id)
				}
			}
		}
	}
	assert.Equal(t, documented, written)
}

func TestEachTestableFactHasAScenario(t *testing.T) {
	t.Parallel()
	of := scenariosOf(load(t))
	for _, f := range fixtures.Facts() {
		if f.Untestable == "" {
			assert.NotEmpty(t, of[f.ID], "no scenario is tagged @%s: add one to features/%s.feature, or say in fixtures/facts.csv why it is untestable",
				f.ID, f.Operation())
		}
	}
}

// TestTagsAreFacts also wants one fact a scenario, beside those that say the
// same again.
func TestTagsAreFacts(t *testing.T) {
	t.Parallel()
	facts := table()
	for _, f := range load(t) {
		for _, s := range f.scenarios {
			var own []string
			for _, id := range s.facts {
				fact, ok := facts[id]
				assert.True(t, ok, "%s: the tag @%s is no fact: add a row to fixtures/facts.csv, or mend the tag", s.at, id)
				assert.Empty(t, fact.Untestable, "%s: %s has a scenario, so empty its cell untestable in fixtures/facts.csv", s.at, id)
				if fact.SaysAgain == "" {
					own = append(own, id)
				}
			}
			assert.Len(t, own, 1, "%s: a scenario checks one fact, beside those that say it again (says_again in fixtures/facts.csv)", s.at)
		}
	}
}

func TestFactsSaidAgainShareScenarios(t *testing.T) {
	t.Parallel()
	of := scenariosOf(load(t))
	for _, f := range fixtures.Facts() {
		if f.SaysAgain != "" {
			assert.Equal(t, of[f.SaysAgain], of[f.ID], "%s and %s", f.ID, f.SaysAgain)
		}
	}
}

func TestScenariosHaveOneWhen(t *testing.T) {
	t.Parallel()
	for _, f := range load(t) {
		for _, s := range f.scenarios {
			assert.Len(t, s.when, 1, s.at)
			assert.NotEmpty(t, s.outcome, s.at)
		}
	}
}

// TestPastComesLast: the Givens before it hold in whichever order.
func TestPastComesLast(t *testing.T) {
	t.Parallel()
	past := regexp.MustCompile(` (was|were) `)
	for _, f := range load(t) {
		for _, s := range f.scenarios {
			given := texts(s.given)
			if first := slices.IndexFunc(given, past.MatchString); first >= 0 {
				for _, text := range given[first:] {
					assert.Regexp(t, past, text, "%s: what was done stands after what there is", s.at)
				}
			}
		}
	}
}

func TestTitlesAreUnique(t *testing.T) {
	t.Parallel()
	for _, f := range load(t) {
		written := map[string]string{} // by title: where
		for _, s := range f.scenarios {
			at, twice := written[s.title]
			assert.False(t, twice, "%s: %q stands at %s, too", s.at, s.title, at)
			written[s.title] = s.at
		}
		seen := map[string]bool{}
		for _, p := range f.pickles {
			assert.False(t, seen[p.Name], "%s: %q stands twice", f.name, p.Name)
			seen[p.Name] = true
		}
	}
}

// rule is a part of a feature.
type rule struct {
	title string
	facts *regexp.Regexp
}

// rules are the parts of a feature about an endpoint, in the order in which it has
// them, and the facts that each is about.
var rules = []rule{
	{"What it does", regexp.MustCompile(`^(ok(-\w+)?|already-has-parent)$`)},
	{"Parameters", regexp.MustCompile(`^(param-\w+|valid-\w+|missing-title|invalid-media-type)$`)},
	{"Refusals", regexp.MustCompile(`^(err-4\d\d|[a-z-]*not-found|external-id-taken|title-too-long|bad-cursor|invalid-url|self|no-parent|not-in-trash)$`)},
	{"Who may ask", regexp.MustCompile(`^(not-owner|no-permission)$`)},
	{"Effects", regexp.MustCompile(`\.effect$`)},
}

// TestRules: what a feature says of an endpoint is found at the same place in each.
func TestRules(t *testing.T) {
	t.Parallel()
	for _, f := range load(t) {
		last := 0
		for _, s := range f.scenarios {
			if f.isCommon() {
				assert.Empty(t, s.rule, s.at)
				continue
			}
			at := slices.IndexFunc(rules[last:], func(r rule) bool { return r.title == s.rule })
			if assert.GreaterOrEqual(t, at, 0, "%s: the rule %q is out of order", s.at, s.rule) {
				last += at
				_, of, _ := strings.Cut(strings.TrimPrefix(s.facts[0], fixtures.FactOf(s.facts[0]).Operation()), ".")
				assert.Regexp(t, rules[last].facts, of, "%s stands below the rule %q", s.at, s.rule)
			}
		}
	}
}

var (
	operation = regexp.MustCompile(`^I ([^"]+?)( "[^"]*")?( (?:<key>|without an|with an unknown|with another user's) API key)?(,? with "[^"]*"|,? with:|,? with these parameters.*| with a title of .*| without a body)?$`)
	states    = map[*regexp.Regexp]string{
		regexp.MustCompile(`^another user$`):            "another user",
		regexp.MustCompile(`by another user$`):          "another user's comment",
		regexp.MustCompile(`lacks the "ACTIONS_VIEW"`):  "a caller without ACTIONS_VIEW",
		regexp.MustCompile(`lacks the "ACTIONS_START"`): "a caller without ACTIONS_START",
		regexp.MustCompile(`^a DAG action$`):            "a DAG action",
		regexp.MustCompile(`^(a|another) project$`):     "a project",
		regexp.MustCompile(`^a collection with `):       "a collection with the asset",
		regexp.MustCompile(`^a media file on `):         "a media file on the asset",
		regexp.MustCompile(`^an internal failure$`):     "an internal failure",
	}
)

// TestFilesUseTheirOperation notices a When pasted from another file.
func TestFilesUseTheirOperation(t *testing.T) {
	t.Parallel()
	owner, files := map[string]string{}, load(t)
	for _, f := range files {
		if f.isCommon() {
			continue
		}
		operations := map[string]bool{}
		for _, s := range f.scenarios {
			m := operation.FindStringSubmatch(s.when[0].Text)
			if assert.NotNil(t, m, "%s: %q is no sentence of steps/vocabulary.go", s.at, s.when[0].Text) {
				operations[m[1]] = true
				assert.Contains(t, []string{"", f.name}, owner[m[1]], "%s: %q is what another file asks for", s.at, m[1])
				owner[m[1]] = f.name
			}
		}
		assert.Len(t, operations, 1, "%s: its scenarios ask for one operation, in a sentence of steps/vocabulary.go", f.name)
	}
	for _, f := range files {
		for _, s := range f.scenarios {
			if m := operation.FindStringSubmatch(s.when[0].Text); f.isCommon() && assert.NotNil(t, m, s.at) {
				assert.Equal(t, owner[m[1]], fixtures.FactOf(s.facts[0]).Operation()+".feature", "%s: %q is not what %s is about", s.at, m[1], s.facts[0])
			}
		}
	}
}

// needTag writes a provider state as a tag: "another user's comment" is
// @needs:another-users-comment.
func needTag(state string) string {
	return strings.NewReplacer("'", "", " ", "-").Replace(article.ReplaceAllString(state, ""))
}

var article = regexp.MustCompile(`^an? `)

// TestGivensAreTheNeeds holds the provider states that a scenario asks for
// against those that the table says its facts need.
func TestGivensAreTheNeeds(t *testing.T) {
	t.Parallel()
	facts := table()
	for _, f := range load(t) {
		for _, s := range f.scenarios {
			needs := map[string]bool{}
			for _, step := range s.given {
				for pattern, state := range states {
					if pattern.MatchString(step.Text) {
						needs[state] = true
					}
				}
			}
			for _, id := range s.facts {
				want := map[string]bool{}
				for _, need := range facts[id].Needs {
					want[need] = true
				}
				assert.Equal(t, want, needs, "%s: facts.csv has the first needs for %s, the scenario's Givens ask for the second", s.at, id)
				tags := map[string]bool{}
				for need := range want {
					tags[needTag(need)] = true
				}
				assert.Equal(t, tags, s.needs, "%s: the first are the needs of %s, the second its tags", s.at, id)
			}
		}
	}
}

var refusal = regexp.MustCompile(`^the request is (?:refused with|answered) (\d{3})( and a message(?: that names "(\w+|<parameter>)")?| (?:with the error )?"(.*)")?$`)

// worded is a Then about a text, or its two ends, that not every level of wording asserts.
var worded = regexp.MustCompile(`^the message (?:is "(.*)"|begins "(.*)" and ends "(.*)"), (unless the wording is lenient|if the wording is strict)$`)

// status returns what a Then says of the request's status, 0 if nothing.
func status(s scenario) int {
	for _, step := range s.outcome {
		if strings.HasPrefix(step.Text, "the request succeeds") {
			return 200
		}
		if m := refusal.FindStringSubmatch(step.Text); m != nil {
			code, _ := strconv.Atoi(m[1])
			return code
		}
	}
	return 0
}

// TestStatusIsTheFacts: an effect says nothing of the status, all others do.
func TestStatusIsTheFacts(t *testing.T) {
	t.Parallel()
	facts := table()
	for id, scenarios := range scenariosOf(load(t)) {
		assert.Equal(t, facts[id].Status, status(scenarios[0]),
			"%s: facts.csv has the first status for %s, the scenario the second; 0 where it says none in a sentence of steps/vocabulary.go", scenarios[0].at, id)
	}
}

// TestBodiesAreJSON looks at them with the outlines filled in.
func TestBodiesAreJSON(t *testing.T) {
	t.Parallel()
	for _, f := range load(t) {
		for _, p := range f.pickles {
			for _, step := range p.Steps {
				body := step.Argument != nil
				assert.Equal(t, strings.HasSuffix(step.Text, ":"), body, "%s: %s: %s", f.name, p.Name, step.Text)
				if body {
					assert.Equal(t, "json", step.Argument.DocString.MediaType, "%s: %s", f.name, p.Name)
					assert.True(t, json.Valid([]byte(step.Argument.DocString.Content)), "%s: %s", f.name, p.Name)
				}
			}
		}
	}
}
