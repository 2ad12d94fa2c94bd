package report

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"sync"

	gherkin "github.com/cucumber/gherkin/go/v42"
	messages "github.com/cucumber/messages/go/v34"

	"github.com/pocketcheck/pocketcheck/features"
)

// cucumberSource is a feature as its file has it, with its scenarios by id, rules,
// backgrounds and outlines filled in. Of a file that is not there it knows nothing.
type cucumberSource struct {
	*messages.Feature
	scenarios map[string]*messages.Pickle
	lines     map[string]int // of each scenario, tag, step and text, by the id of the node
}

// sources are the features by their files.
var sources = sync.OnceValue(func() map[string]cucumberSource {
	all := map[string]cucumberSource{}
	for _, file := range featureNames() {
		text, _ := fs.ReadFile(features.All(), file) // it is embedded
		all[file] = parsed(file, text)
	}
	return all
})

func sourceOf(file string) cucumberSource {
	if source, known := sources()[file]; known {
		return source
	}
	return parsed(file, nil)
}

// placeOf is what a scenario, or a row of an outline, goes by.
func placeOf(file string, at *messages.Location) string { return fmt.Sprintf("%s:%d", file, at.Line) }

func parsed(file string, text []byte) cucumberSource {
	last := 0
	newID := func() string { last++; return strconv.Itoa(last) }
	document, err := gherkin.ParseGherkinDocument(bytes.NewReader(text), newID)
	if err != nil || document.Feature == nil {
		return cucumberSource{Feature: &messages.Feature{Name: file, Location: &messages.Location{Line: 1}}}
	}
	c := cucumberSource{document.Feature, map[string]*messages.Pickle{}, map[string]int{}}
	for _, p := range gherkin.Pickles(*document, file, newID) {
		c.scenarios[placeOf(file, p.Location)] = p
	}
	for _, child := range document.Feature.Children {
		c.note(child.Background, child.Scenario)
		if child.Rule == nil {
			continue
		}
		c.noteTags(child.Rule.Tags)
		for _, inRule := range child.Rule.Children {
			c.note(inRule.Background, inRule.Scenario)
		}
	}
	c.noteTags(document.Feature.Tags)
	return c
}

// note keeps the lines of a background or of a scenario, whichever there is.
func (c cucumberSource) note(background *messages.Background, scenario *messages.Scenario) {
	var steps []*messages.Step
	if background != nil {
		steps = background.Steps
	}
	if scenario != nil {
		steps = scenario.Steps
		c.lines[scenario.Id] = int(scenario.Location.Line)
		c.noteTags(scenario.Tags)
		for _, examples := range scenario.Examples {
			c.noteTags(examples.Tags)
		}
	}
	for _, step := range steps {
		c.lines[step.Id] = int(step.Location.Line)
		if step.DocString != nil {
			c.lines[textOf(step.Id)] = int(step.DocString.Location.Line)
		}
	}
}

func (c cucumberSource) noteTags(tags []*messages.Tag) {
	for _, tag := range tags {
		c.lines[tag.Id] = int(tag.Location.Line)
	}
}

// textOf is what the text below a step goes by, which has no id of its own.
func textOf(step string) string { return step + " text" }

// feature gives what stands above the first scenario.
func (c cucumberSource) feature(file string) *cucumberFeature {
	return &cucumberFeature{
		URI: "features/" + file, ID: strings.TrimSuffix(file, ".feature"), Keyword: "Feature", Name: c.Name,
		Description: strings.TrimSpace(c.Description), Line: int(c.Location.Line), Tags: []cucumberTag{},
	}
}

// element gives a scenario, with the lines at which its file has it.
func (c cucumberSource) element(s Scenario, end cucumberResult) cucumberElement {
	e := cucumberElement{
		ID: cmp.Or(s.ID, s.Name), Keyword: "Scenario", Type: "scenario", Name: s.Name,
		Tags: []cucumberTag{}, Steps: cucumberSteps(s, end),
	}
	for _, id := range s.Facts {
		e.Tags = append(e.Tags, cucumberTag{Name: "@" + id})
	}
	if at := c.scenarios[s.ID]; at != nil {
		c.number(&e, at)
	}
	return e
}

// number gives a scenario, its tags, its steps and the texts below them their
// lines.
func (c cucumberSource) number(e *cucumberElement, at *messages.Pickle) {
	e.Line = c.lines[at.AstNodeIds[0]] // of an outline the whole, and not the row
	e.Tags = e.Tags[:0]                // those that say what it needs are no facts
	for _, tag := range at.Tags {
		e.Tags = append(e.Tags, cucumberTag{Name: tag.Name, Line: c.lines[tag.AstNodeId]})
	}
	for i, step := range at.Steps[:min(len(e.Steps), len(at.Steps))] {
		node := step.AstNodeIds[0] // the others are the row of an outline
		e.Steps[i].Line = c.lines[node]
		if text := e.Steps[i].DocString; text != nil {
			text.Line = c.lines[textOf(node)]
		}
	}
}
