package features_test

import (
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	gherkin "github.com/cucumber/gherkin/go/v42"
	messages "github.com/cucumber/messages/go/v34"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/features"
	"github.com/pocketcheck/pocketcheck/fixtures"
)

// file is one feature file, as written (scenarios) and with its outlines
// filled in (pickles).
type file struct {
	name, title, description string
	scenarios                []scenario
	pickles                  []*messages.Pickle
	tags                     []*messages.Tag
}

// scenario is one as it is written. It lists the steps of each kind with their
// Ands, and the ids of its facts.
type scenario struct {
	at, title, rule      string
	facts                []string
	needs                map[string]bool // what its tags say that a target must be provisioned with
	given, when, outcome []*messages.Step
	outline              bool
}

func load(t *testing.T) []file {
	t.Helper()
	names, err := fs.Glob(features.All(), "*")
	require.NoError(t, err)
	var files []file
	for _, name := range names {
		files = append(files, loadFile(t, name))
	}
	return files
}

func loadFile(t *testing.T, name string) file {
	t.Helper()
	r, err := features.All().Open(name)
	require.NoError(t, err)
	defer r.Close()
	last := 0
	newID := func() string { last++; return strconv.Itoa(last) }
	document, err := gherkin.ParseGherkinDocument(r, newID)
	require.NoError(t, err, name)
	pickles := gherkin.Pickles(*document, name, newID)
	for _, p := range pickles {
		for _, step := range p.Steps {
			setOut(&step.Text, func(body string) {
				step.Argument = &messages.PickleStepArgument{DocString: &messages.PickleDocString{MediaType: "json", Content: body}}
			})
		}
	}
	f := file{
		tags: document.Feature.Tags, name: name, title: document.Feature.Name, description: strings.TrimSpace(document.Feature.Description),
		pickles: pickles,
	}
	var shared []*messages.Step // by all scenarios
	for _, child := range document.Feature.Children {
		switch {
		case child.Background != nil:
			shared = child.Background.Steps
		case child.Rule != nil:
			f.scenarios = append(f.scenarios, f.scenariosIn(child.Rule, shared)...)
		default:
			f.scenarios = append(f.scenarios, f.newScenarios(child.Scenario, shared)...)
		}
	}
	return f
}

// inline is a sentence with its JSON at its end.
var inline = regexp.MustCompile(`^(.*?) (\{.*\})$`)

// setOut makes of such a sentence one with its JSON below, which says the same.
func setOut(text *string, add func(body string)) {
	if m := inline.FindStringSubmatch(*text); m != nil {
		*text = m[1] + ":"
		add(m[2])
	}
}

// scenariosIn gives those of a rule, whose background adds to that of the feature.
func (f file) scenariosIn(rule *messages.Rule, shared []*messages.Step) (all []scenario) {
	for _, child := range rule.Children {
		if child.Background != nil {
			shared = slices.Concat(shared, child.Background.Steps)
			continue
		}
		for _, s := range f.newScenarios(child.Scenario, shared) {
			s.rule = rule.Name
			all = append(all, s)
		}
	}
	return all
}

// isCommon tells of a feature about all endpoints.
func (f file) isCommon() bool { return !strings.Contains(strings.TrimSuffix(f.name, ".feature"), ".") }

// newScenarios gives one for each table of an outline, since these have facts of
// their own, with the texts of the table's first row.
func (f file) newScenarios(m *messages.Scenario, shared []*messages.Step) (all []scenario) {
	if len(m.Examples) < 2 {
		return []scenario{f.newScenario(m, shared)}
	}
	for _, table := range m.Examples {
		first := table.TableBody[0].Id
		at := slices.IndexFunc(f.pickles, func(p *messages.Pickle) bool { return slices.Contains(p.AstNodeIds, first) })
		filled := *m
		filled.Name, filled.Location, filled.Tags, filled.Steps = f.pickles[at].Name, table.Location, slices.Concat(m.Tags, table.Tags), nil
		for i, step := range m.Steps {
			filled.Steps = append(filled.Steps, fill(step, f.pickles[at].Steps[len(shared)+i]))
		}
		all = append(all, f.newScenario(&filled, shared))
	}
	return all
}

// fill gives a step of an outline as a row has it.
func fill(step *messages.Step, row *messages.PickleStep) *messages.Step {
	filled := *step
	filled.Text = row.Text
	if row.Argument != nil {
		filled.DocString = &messages.DocString{Content: row.Argument.DocString.Content}
	}
	return &filled
}

func (f file) newScenario(m *messages.Scenario, shared []*messages.Step) scenario {
	s := scenario{
		at: f.name + ":" + strconv.FormatInt(m.Location.Line, 10), title: m.Name, outline: len(m.Examples) > 0, needs: map[string]bool{},
	}
	for _, tag := range slices.Concat(m.Tags, f.tags) {
		name := strings.TrimPrefix(tag.Name, "@")
		if need, ok := strings.CutPrefix(name, "needs:"); ok {
			s.needs[need] = true
		} else {
			s.facts = append(s.facts, name)
		}
	}
	var list *[]*messages.Step
	for _, step := range slices.Concat(shared, m.Steps) {
		setOut(&step.Text, func(body string) { step.DocString = &messages.DocString{Content: body} })
		switch step.KeywordType {
		case messages.StepKeywordType_CONTEXT:
			list = &s.given
		case messages.StepKeywordType_ACTION:
			list = &s.when
		case messages.StepKeywordType_OUTCOME:
			list = &s.outcome
		}
		*list = append(*list, step)
	}
	return s
}

// scenariosOf returns the scenarios of each fact, in the order of their file:
// the first is the recorded one where the fact is an example.
func scenariosOf(files []file) map[string][]scenario {
	of := map[string][]scenario{}
	for _, f := range files {
		for _, s := range f.scenarios {
			for _, id := range s.facts {
				of[id] = append(of[id], s)
			}
		}
	}
	return of
}

// table returns the facts of the table by their id.
func table() map[string]fixtures.Fact {
	byID := map[string]fixtures.Fact{}
	for _, f := range fixtures.Facts() {
		byID[f.ID] = f
	}
	return byID
}

func contract(t *testing.T) *fixtures.Contract {
	t.Helper()
	c, err := fixtures.ParseContract(fixtures.Document())
	require.NoError(t, err)
	return c
}
