package pocketcheck_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/features"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/fault"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/steps"
	"github.com/stretchr/testify/require"
)

// assertion is a Then of a feature, with the lines that it takes.
type assertion struct {
	file        string
	facts       []string
	scenario    string
	text        string
	first, last int // lines, counted from 0
}

var (
	tagLine      = regexp.MustCompile(`^\s*@`)
	scenarioLine = regexp.MustCompile(`(?m)^\s*Scenario(?: Outline)?: (.*)`)
	inlineJSON   = regexp.MustCompile(` \{.*\}$`) // as a body below
	stepLine     = regexp.MustCompile(`^\s*(Given|When|Then|And) (.*)`)
)

// assertionsOf lists the Thens of a feature, and the Ands that follow them.
func assertionsOf(file, text string) []assertion {
	var all []assertion
	var facts, tags []string // of the scenario; of what comes next
	scenario, kind, quoted := "", "", false
	for i, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), `"""`) {
			quoted = !quoted
			if kind == "Then" {
				all[len(all)-1].last = i
			}
			continue
		}
		if quoted {
			continue
		}
		if tagLine.MatchString(line) {
			for _, tag := range strings.Fields(line) {
				if !strings.HasPrefix(tag, "@needs:") {
					tags = append(tags, strings.TrimPrefix(tag, "@"))
				}
			}
		}
		if m := scenarioLine.FindStringSubmatch(line); m != nil {
			scenario, facts, tags = m[1], tags, nil
		}
		if strings.HasSuffix(strings.TrimSpace(line), "Examples:") {
			for j := range all {
				if all[j].scenario == scenario {
					all[j].facts = append(slices.Clone(all[j].facts), tags...)
				}
			}
			tags = nil
		}
		if m := stepLine.FindStringSubmatch(line); m != nil {
			if m[1] != "And" {
				kind = m[1]
			}
			if kind == "Then" {
				text := inlineJSON.ReplaceAllString(m[2], ":")
				if slices.ContainsFunc(all, func(a assertion) bool { return a.scenario == scenario && a.text == text }) {
					text += " (again)"
				}
				all = append(all, assertion{file, facts, scenario, text, i, i})
			}
		} else if strings.TrimSpace(line) == "" || strings.HasSuffix(strings.TrimSpace(line), "Examples:") {
			kind = ""
		}
	}
	return all
}

// without gives a feature that lacks one assertion. The step after it, if any,
// takes its keyword.
func (a assertion) without(text string) string {
	lines := strings.Split(text, "\n")
	if next := a.last + 1; next < len(lines) && strings.Contains(lines[a.first], "Then ") {
		lines[next] = strings.Replace(lines[next], "    And ", "    Then ", 1)
	}
	return strings.Join(slices.Delete(lines, a.first, a.last+1), "\n")
}

// noticed tells whether the scenarios of a feature fail on a fault.
func noticed(t *testing.T, v fault.Variant, feature fs.FS, facts map[string]fixtures.Fact) bool {
	t.Helper()
	seed, err := reference.ReadSeed(bytes.NewReader(fixtures.Seed()))
	require.NoError(t, err)
	handler, server, err := v.Server(memory.New(), reference.Options{Seed: seed})
	require.NoError(t, err)
	listener := httptest.NewServer(handler)
	defer listener.Close()
	wording := ""
	if v.Strict {
		wording = "strict"
	}
	result, err := steps.Run(t.Context(), feature, steps.Config{
		Wording: wording,
		URL:     listener.URL, Key: pocketcheck.NewKey(referencetest.Key), Facts: facts, Concurrency: 4, Timeout: 10 * time.Second,
		States: func(ctx context.Context, state string, params map[string]string) (map[string]string, error) {
			return server.State(ctx, state, params)
		},
	})
	require.NoError(t, err)
	return slices.ContainsFunc(result.Scenarios, func(s report.Scenario) bool { return s.Outcome == report.Failed })
}

// needless are the assertions whose removal no fault tells, each with the
// reason why they stand there all the same.
var needless = map[string]string{
	"trash.restore.feature: The restored asset is readable and no longer in the trash bin: the asset reads:":    unreadable,
	"comments.create.feature: The new comment is listed: the comment reads:":                                    whose,
	"trash.restore.feature: The restored asset is still in a project: the asset reads:":                         whose,
	"trash.restore.feature: The restored asset still has its media: the asset reads:":                           whose,
	"trash.restore.feature: deleted is null for the restored asset: the asset reads:":                           whose,
	"assets.delete.feature: After a deletion a comment on another asset is still there: the other asset reads:": whose,
	"assets.delete.feature: After a deletion another asset is still in a project: the other asset reads:":       whose,
	"history.get.feature: No event of another asset is in the history: the request succeeds with:":              forReaders,
	"dag_runs.list.feature: A DAG action run on another asset is not listed: the request succeeds with:":        forReaders,
	"comments.list.feature: A comment on another asset is not listed: the request succeeds with:":               forReaders,
	"comments.list.feature: A comment by another user is listed, too: the request succeeds with:":               forReaders,
	"collections.list.feature: A collection with another asset is not listed: the request succeeds with:":       forReaders,
}

// The reasons of what is needless.
const (
	unreadable = "what can't be read after a restore can't be refused with a 400 by another one either"
	whose      = "where the thing itself is not there, or was not restored, that is another fact's failure"
	forReaders = "what is listed or not asks for a 200 and a list too; the line says so to who reads"
)

// forPairs are the scenarios that look again at what another of the same fact does,
// where that one may end with a known failure before it comes to it. No single fault
// needs them: "pocketcheck prove --pairs" does.
var forPairs = []string{
	"assets.create.feature: External ID has already been taken: the error is the same with the other parameters",
	"assets.create.feature: The new article reads as an article",
	"assets.create.feature: A description in several scripts, with a second line, is kept as sent",
	"assets.create.feature: Title and description in several scripts read as sent",
	"assets.get.feature: A description in several scripts, with a second line, reads as created",
	"assets.update.feature: The description reads as updated",
	"assets.update.feature: A description in several scripts, with a second line, is kept as sent",
	"assets.update.feature: Title and description in several scripts read as sent",
	"assets.update.feature: Tags sent in upper case are returned in lower case",
	"comments.create.feature: A comment in several scripts, with a second line, reads as sent",
	"comments.list.feature: All comments are listed, each under its own id",
	"comments.update.feature: A comment in several scripts, with a second line, reads as sent",
	"media.remove.feature: A description in several scripts, with a second line, is answered as created",
}

// withoutPairs blanks these scenarios in a feature. used are those that it has.
func withoutPairs(path, text string) (blanked string, used int) {
	scenarios := strings.Split(text, "\n\n")
	for i, s := range scenarios {
		m := scenarioLine.FindStringSubmatch(s)
		if m != nil && slices.Contains(forPairs, path+": "+m[1]) {
			scenarios[i] = strings.Repeat("\n", strings.Count(s, "\n"))
			used++
		}
	}
	return strings.Join(scenarios, "\n\n"), used
}

// TestEveryAssertionIsNeeded removes each assertion of each feature in turn. At
// least one fault must then go unnoticed that was noticed before.
func TestEveryAssertionIsNeeded(t *testing.T) {
	referencetest.Again(t)
	t.Parallel()
	byFact := map[string][]fault.Variant{}
	for _, v := range fault.Faults() {
		for _, id := range fixtures.SaidAgain(v.Fact) {
			byFact[id] = append(byFact[id], v)
		}
	}
	paths, err := fs.Glob(features.All(), "*.feature")
	require.NoError(t, err)
	pairs, unneeded := 0, 0
	for _, path := range paths {
		whole, err := fs.ReadFile(features.All(), path)
		require.NoError(t, err)
		text, used := withoutPairs(path, string(whole))
		pairs += used
		for i, a := range assertionsOf(path, text) {
			at := fmt.Sprintf("%s: %s: %s", path, a.scenario, a.text)
			_, excused := needless[at]
			if excused {
				unneeded++
			}
			t.Run(fmt.Sprintf("%s/%d %s", path, i, a.facts[0]), func(t *testing.T) {
				t.Parallel()
				facts := map[string]fixtures.Fact{}
				for _, f := range fixtures.Facts() {
					if slices.Contains(a.facts, f.ID) {
						facts[f.ID] = f
					}
				}
				weaker := fstest.MapFS{path: {Data: []byte(a.without(text))}}
				missed := slices.ContainsFunc(byFact[a.facts[0]], func(v fault.Variant) bool {
					return !noticed(t, v, weaker, facts)
				})
				switch {
				case len(byFact[a.facts[0]]) == 0:
					t.Skipf("no fault breaks %s yet, as the tests of reference/fault say", a.facts[0])
				case !missed && !excused:
					t.Errorf("features/%s:%d: all faults of %s are noticed without %q: add one that only this line notices to reference/fault, or give the reason why it stands there in needless",
						path, a.first+1, a.facts[0], a.text)
				case missed && excused:
					t.Errorf("features/%s:%d: %q is needed now: remove it from needless", path, a.first+1, at)
				}
			})
		}
	}
	require.Equal(t, len(forPairs), pairs, "forPairs names what is no scenario")
	require.Equal(t, len(needless), unneeded, "needless names what is no assertion")
}
