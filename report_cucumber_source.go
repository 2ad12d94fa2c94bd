package pocketcheck

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"

	gherkin "github.com/cucumber/gherkin/go/v42"
	messages "github.com/cucumber/messages/go/v34"

	"github.com/pocketcheck/pocketcheck/features"
)

// cucumberSource is a feature as its file has it. Of a file that is not there it
// knows nothing.
type cucumberSource struct{ *messages.Feature }

func sourceOf(file string) cucumberSource {
	text, _ := fs.ReadFile(features.All(), file)
	document, err := gherkin.ParseGherkinDocument(strings.NewReader(string(text)), func() string { return "" })
	if err != nil || document.Feature == nil {
		return cucumberSource{&messages.Feature{Name: file, Location: &messages.Location{Line: 1}}}
	}
	return cucumberSource{document.Feature}
}

// feature gives what stands above the first scenario.
func (c cucumberSource) feature(file string) *cucumberFeature {
	return &cucumberFeature{
		URI: "features/" + file, ID: strings.TrimSuffix(file, ".feature"), Keyword: "Feature", Name: c.Name,
		Description: strings.TrimSpace(c.Description), Line: int(c.Location.Line), Tags: []cucumberTag{},
	}
}

// element gives a scenario, with the lines at which its file has it.
func (c cucumberSource) element(feature string, s Scenario, end cucumberResult) cucumberElement {
	e := cucumberElement{
		ID: feature + ";" + strings.Join(s.Facts, ";"), Keyword: "Scenario", Type: "scenario", Name: s.Name,
		Tags: []cucumberTag{}, Steps: cucumberSteps(s, end),
	}
	for _, id := range s.Facts {
		e.Tags = append(e.Tags, cucumberTag{Name: "@" + id})
	}
	if at := c.find(s); at != nil {
		e.number(at)
	}
	return e
}

// find gives a scenario, or the outline that it is a row of; nil if the file has
// none.
func (c cucumberSource) find(s Scenario) *messages.Scenario {
	for _, child := range c.Children {
		var facts []string
		for _, tag := range child.Scenario.Tags {
			facts = append(facts, strings.TrimPrefix(tag.Name, "@"))
		}
		if slices.Equal(facts, s.Facts) && fills(s.Name, child.Scenario.Name) {
			return child.Scenario
		}
	}
	return nil
}

var cucumberHole = regexp.MustCompile(`<[^<>]+>`) // what the rows of an outline fill

func fills(title, outline string) bool {
	pattern := cucumberHole.ReplaceAllLiteralString(regexp.QuoteMeta(outline), ".*")
	ok, err := regexp.MatchString("^"+pattern+"$", title)
	return ok && err == nil
}

// number gives a scenario, its tags, its steps and the texts below them their
// lines.
func (e *cucumberElement) number(at *messages.Scenario) {
	e.Line = int(at.Location.Line)
	for i, tag := range at.Tags {
		e.Tags[i].Line = int(tag.Location.Line)
	}
	for i := range e.Steps[:min(len(e.Steps), len(at.Steps))] {
		step := at.Steps[i]
		e.Steps[i].Line = int(step.Location.Line)
		if text := e.Steps[i].DocString; text != nil && step.DocString != nil {
			text.Line = int(step.DocString.Location.Line)
		}
	}
}
