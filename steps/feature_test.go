package steps

import (
	"bytes"
	"strconv"
	"testing"

	"github.com/cucumber/gherkin/go/v42"
	"github.com/cucumber/godog"
	messages "github.com/cucumber/messages/go/v34"
	"github.com/pocketcheck/pocketcheck/features"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pickles gives the scenarios of a feature: their places, tags and steps.
func pickles(t *testing.T, f godog.Feature) (all []string) {
	t.Helper()
	last := 0
	newID := func() string { last++; return strconv.Itoa(last) }
	document, err := gherkin.ParseGherkinDocument(bytes.NewReader(f.Contents), newID)
	require.NoError(t, err, string(f.Contents))
	for _, p := range gherkin.Pickles(*document, f.Name, newID) {
		all = append(all, toldOf(p))
	}
	return all
}

func toldOf(p *messages.Pickle) string {
	told := scenarioID(p) + " " + p.Name
	for _, id := range factsOf(p) {
		told += " @" + id
	}
	for _, s := range p.Steps {
		told += "\n" + s.Text
		if s.Argument != nil && s.Argument.DocString != nil {
			told += "\n" + s.Argument.DocString.Content
		}
	}
	return told
}

// TestFeatureWithOneScenario: what runs alone is the scenario as it is written, on
// its line, and no other.
func TestFeatureWithOneScenario(t *testing.T) {
	t.Parallel()
	read, err := readFeatures(features.All())
	require.NoError(t, err)
	read = append(read, godog.Feature{Name: "all.feature", Contents: []byte(`# language: en
@every
Feature: one of each kind
  words

  Background:
    Given a

  @first
  @second
  Scenario: the first
    Then b

  # of the outline
  @third
  Scenario Outline: <x>
    Then <x>
      """
      Scenario: in a text
      """
    @of-a-table
    Examples:
      | x |
      | 1 |

      | 2 |
    Examples: more
      | x |
      | 3 |

  @rule
  Rule: a rule
    Background:
      Given c
    Example: in a rule
      Then d
  Rule: without a tag
    Scenario: the last
      Then e`)})
	for _, f := range read {
		all := pickles(t, f)
		o := outlineOf(f)
		require.Len(t, o.all, len(all), f.Name)
		for i, p := range o.all {
			alone := among(map[string]bool{o.ids[i]: true}).of(read)
			require.Len(t, alone, 1)
			assert.Equal(t, []string{toldOf(p)}, pickles(t, alone[0]))
		}
		every := wanted(func(string, *messages.Pickle) bool { return true }).of([]godog.Feature{f})
		assert.Equal(t, all, pickles(t, every[0]))
		assert.Equal(t, string(f.Contents), string(every[0].Contents))
	}
}

// TestScenariosOfFacts: a fact selects all that check it.
func TestScenariosOfFacts(t *testing.T) {
	t.Parallel()
	read, err := readFeatures(features.All())
	require.NoError(t, err)
	byID := map[string]fixtures.Fact{}
	for _, f := range fixtures.Facts() {
		if f.Untestable != "" {
			continue
		}
		byID[f.ID] = f
		want := 0
		for _, feature := range read {
			for _, p := range outlineOf(feature).all {
				for _, id := range factsOf(p) {
					if id == f.ID {
						want++
					}
				}
			}
		}
		some := checking(map[string]fixtures.Fact{f.ID: f}).of(read)
		require.Len(t, some, 1, f.ID)
		assert.Len(t, pickles(t, some[0]), want, f.ID)
	}
	assert.Equal(t, read, checking(byID).of(read))
	assert.Empty(t, among(nil).of(read))
}

// TestFeatureThatIsNone: godog says what is wrong with it.
func TestFeatureThatIsNone(t *testing.T) {
	t.Parallel()
	broken := []godog.Feature{{Name: "broken.feature", Contents: []byte("Feature: x\n  Scenario: z\n  Given y\n  no keyword")}}
	assert.Equal(t, broken, among(map[string]bool{"broken.feature:2": true}).of(broken))
}
