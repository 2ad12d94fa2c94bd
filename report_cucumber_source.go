package pocketcheck

import (
	"io/fs"
	"regexp"
	"strings"

	"github.com/pocketcheck/pocketcheck/features"
)

// cucumberSource is a feature file, by line.
type cucumberSource []string

// sourceOf reads a feature file. One that is not there has no lines.
func sourceOf(file string) cucumberSource {
	text, _ := fs.ReadFile(features.All(), file)
	return strings.Split(string(text), "\n")
}

var (
	cucumberTitle  = regexp.MustCompile(`^\s*Scenario(?: Outline)?: (.*)$`)
	cucumberPhrase = regexp.MustCompile(`^\s*(?:Given|When|Then|And|But) `)
	cucumberHole   = regexp.MustCompile(`<[^<>]+>`) // what the rows of an outline fill
)

// feature gives what stands above the first scenario.
func (c cucumberSource) feature(file string) *cucumberFeature {
	f := &cucumberFeature{
		URI: "features/" + file, ID: strings.TrimSuffix(file, ".feature"), Keyword: "Feature", Name: file, Line: 1, Tags: []cucumberTag{},
	}
	if name, ok := strings.CutPrefix(c[0], "Feature: "); ok && len(c) > 1 {
		f.Name, f.Description = name, strings.TrimSpace(c[1])
	}
	return f
}

// element gives a scenario, with the lines at which its file has it.
func (c cucumberSource) element(feature string, s Scenario, end cucumberResult) cucumberElement {
	e := cucumberElement{
		ID: feature + ";" + strings.Join(s.Facts, ";"), Keyword: "Scenario", Type: "scenario", Name: s.Name,
		Tags: []cucumberTag{}, Steps: cucumberSteps(s, end),
	}
	at := c.find(s)
	for _, id := range s.Facts {
		tag := cucumberTag{Name: "@" + id}
		if at > 1 {
			tag.Line = at - 1
		}
		e.Tags = append(e.Tags, tag)
	}
	if at > 0 {
		e.Line = at
		c.number(e.Steps, at)
	}
	return e
}

// find gives the line of a scenario's title, counted from 1: below its tags. 0
// if the file has none.
func (c cucumberSource) find(s Scenario) int {
	tags := "@" + strings.Join(s.Facts, " @")
	for i, line := range c {
		title := cucumberTitle.FindStringSubmatch(line)
		if title == nil || i == 0 || strings.TrimSpace(c[i-1]) != tags {
			continue
		}
		outline := cucumberHole.ReplaceAllLiteralString(regexp.QuoteMeta(title[1]), ".*")
		if ok, err := regexp.MatchString("^"+outline+"$", s.Name); ok && err == nil {
			return i + 1
		}
	}
	return 0
}

// number gives steps, and the texts below them, the lines that follow a title.
func (c cucumberSource) number(steps []cucumberStep, title int) {
	next, quoted := 0, false
	for i := title; i < len(c); i++ {
		switch {
		case strings.HasPrefix(strings.TrimSpace(c[i]), `"""`):
			quoted = !quoted
			if quoted && next > 0 && steps[next-1].DocString != nil {
				steps[next-1].DocString.Line = i + 1
			}
		case quoted:
		case cucumberTitle.MatchString(c[i]):
			return
		case cucumberPhrase.MatchString(c[i]) && next < len(steps):
			steps[next].Line = i + 1
			next++
		}
	}
}
