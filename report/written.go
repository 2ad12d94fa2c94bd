package report

import (
	"slices"
	"strings"
	"sync"

	messages "github.com/cucumber/messages/go/v34"
)

// asWritten is what reports show of the features beside the scenarios that ran: the
// rule that a fact stands below, and the outline and the cells of a row, by its id.
type asWritten struct {
	rules    map[string]string
	outlines map[string]*messages.Scenario
	tables   map[string]*messages.Examples
	cells    map[string][]string
}

var written = sync.OnceValue(func() asWritten {
	s := asWritten{map[string]string{}, map[string]*messages.Scenario{}, map[string]*messages.Examples{}, map[string][]string{}}
	for _, file := range featureNames() {
		source := sourceOf(file)
		for _, scenario := range source.written() {
			for _, place := range scenario.places(file) {
				for _, tag := range source.scenarios[place.id].Tags {
					s.rules[strings.TrimPrefix(tag.Name, "@")] = scenario.rule
				}
				if place.row != nil {
					s.outlines[place.id], s.tables[place.id], s.cells[place.id] = scenario.Scenario, place.table, cellsOf(place.row)
				}
			}
		}
	}
	return s
})

// writtenScenario is a scenario, or an outline, and the title of what it stands below.
type writtenScenario struct {
	rule string
	*messages.Scenario
}

// written are the scenarios of a feature as they stand there.
func (c cucumberSource) written() (all []writtenScenario) {
	for _, child := range c.Children {
		if child.Scenario != nil {
			all = append(all, writtenScenario{c.Name, child.Scenario})
		}
		if child.Rule == nil {
			continue
		}
		for _, in := range child.Rule.Children {
			if in.Scenario != nil {
				all = append(all, writtenScenario{child.Rule.Name, in.Scenario})
			}
		}
	}
	return all
}

// place is where a scenario runs: itself, or a row of a table.
type place struct {
	id    string
	table *messages.Examples
	row   *messages.TableRow // nil of one that is no outline
}

func (s writtenScenario) places(file string) (all []place) {
	if len(s.Examples) == 0 {
		return []place{{id: placeOf(file, s.Location)}}
	}
	for _, table := range s.Examples {
		for _, row := range table.TableBody {
			all = append(all, place{placeOf(file, row.Location), table, row})
		}
	}
	return all
}

func cellsOf(row *messages.TableRow) (all []string) {
	for _, cell := range row.Cells {
		all = append(all, cell.Value)
	}
	return all
}

// checks tells whether a scenario has the tag of a fact.
func checks(p *messages.Pickle, fact string) bool {
	return slices.ContainsFunc(p.Tags, func(t *messages.PickleTag) bool { return t.Name == "@"+fact })
}
