package fieldtest_test

import (
	"io/fs"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pocketcheck/pocketcheck/features"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/steps"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	givens     = regexp.MustCompile(`(?m)(?:^ +(?:Given|And) .*\n(?:(?: +""".*\n)(?:.*\n)*?(?: +"""\n))?)+( +When )`)
	aGiven     = regexp.MustCompile(`(?m)^( +)(?:Given|And) (.*\n(?:(?: +""".*\n)(?:.*\n)*?(?: +"""\n))?)`)
	past       = regexp.MustCompile(` (?:was|were) |^<\w+>\n$`) // or a cell that is
	introduced = regexp.MustCompile(`\b(an?|another) (asset|comment|project|DAG action)\b`)
	referred   = regexp.MustCompile(`\bthe ((?:other )?(?:asset|comment|project|DAG action))\b`)
)

// introduces lists the things that a Given speaks of first, by the name under which
// others refer to them.
func introduces(given string) (things []string) {
	for _, m := range introduced.FindAllStringSubmatch(given, -1) {
		name := m[2]
		if m[1] == "another" {
			name = "other " + name
		}
		things = append(things, name)
	}
	return things
}

// orders lists the orders of Givens in which each comes after those that introduce what
// it refers to. What is in the past tense stays where it is, at the end.
func orders(all, before []string) (found [][]string) {
	if len(all) == 0 {
		return [][]string{slices.Clone(before)}
	}
	for i, given := range all {
		rest := slices.Delete(slices.Clone(all), i, i+1)
		waits := slices.ContainsFunc(referred.FindAllStringSubmatch(given, -1), func(m []string) bool {
			return slices.ContainsFunc(rest, func(other string) bool { return slices.Contains(introduces(other), m[1]) })
		})
		if !waits && (i == 0 || !past.MatchString(given)) {
			found = append(found, orders(rest, append(slices.Clone(before), given))...)
		}
	}
	return found
}

// reordered gives a feature with the nth order of the Givens of each scenario, counted
// from 0 and anew where it has fewer. most is how many orders any has.
func reordered(text string, n int) (changed string, most int) {
	changed = givens.ReplaceAllStringFunc(text, func(block string) string {
		when := givens.FindStringSubmatch(block)[1]
		var all []string
		indent := ""
		for _, m := range aGiven.FindAllStringSubmatch(block, -1) {
			indent, all = m[1], append(all, m[2])
		}
		possible := orders(all, nil)
		most = max(most, len(possible))
		return indent + "Given " + strings.Join(possible[n%len(possible)], indent+"And ") + when
	})
	return changed, most
}

// TestOrderOfGivensChangesNothing: what holds when a request is sent does not depend on
// what of it was there first.
func TestOrderOfGivensChangesNothing(t *testing.T) {
	referencetest.Again(t)
	t.Parallel()
	facts := map[string]fixtures.Fact{}
	for _, f := range fixtures.Facts() {
		facts[f.ID] = f
	}
	paths, err := fs.Glob(features.All(), "*.feature")
	require.NoError(t, err)
	for n, most := 0, 1; n < most; n++ {
		other := fstest.MapFS{}
		for _, path := range paths {
			text, err := fs.ReadFile(features.All(), path)
			require.NoError(t, err)
			changed, orders := reordered(string(text), n)
			if n == 0 {
				require.Equal(t, string(text), changed, "the first order is that of the feature")
			}
			most = max(most, orders)
			other[path] = &fstest.MapFile{Data: []byte(changed)}
		}
		target := referencetest.Target()
		server := httptest.NewServer(target.Handler)
		result, err := steps.Run(t.Context(), other, steps.Config{
			URL: server.URL, Key: target.Key, Facts: facts, Concurrency: 4, Timeout: 10 * time.Second, States: steps.StateFunc(target.States),
		})
		server.Close()
		require.NoError(t, err)
		for _, s := range result.Scenarios {
			assert.Equal(t, report.Passed, s.Outcome, "%s in another order: %s", s.ID, s.Reason)
		}
		require.NotEmpty(t, result.Scenarios)
		require.Greater(t, most, 1, "no scenario has another order")
	}
}
