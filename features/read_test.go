package features_test

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	messages "github.com/cucumber/messages/go/v34"
	"github.com/stretchr/testify/assert"

	"github.com/pocketcheck/pocketcheck/fixtures"
)

var (
	refusedCaller = regexp.MustCompile(` my key lacks `)
	readByWhen    = regexp.MustCompile(`^I (?:get|list) (the [a-zA-Z ]+?)( "[^"]*")?( (?:<key>|without an|with an unknown) API key)?(?:,?( with "[^"]*"))?$`)
	readByThen    = regexp.MustCompile(`^(?:reading )?the (?:(asset|comment|comments|media|DAG action runs) (?:reads?:|is refused with 404|is unchanged)|(comment|run|collection) is (?:not )?listed)$`)
	wasRead       = regexp.MustCompile(`^the [a-zA-Z ]+?(?: "[^"]*")? (?:was|were) read`)
	wasDeleted    = regexp.MustCompile(`^the asset was deleted`)
	listOf        = map[string]string{"comment": "comments", "run": "DAG action runs", "collection": "collections"}
)

// unread are effects that are not read before, as patterns of facts, each with the
// reason.
var unread = map[string]string{
	"*.err-401.effect":                    nothing,
	"*.invalid-url.effect":                nothing,
	"*.*-too-long.effect":                 nothing,
	"*.not-owner.effect":                  nothing,
	"*.kept.effect":                       nothing,
	"*.kept-*.effect":                     nothing,
	"*.partial-read.effect":               nothing,
	"*.download_url.deleted-asset.effect": aState,
}

const (
	nothing = "an old answer would hide that something changed that may not"
	aState  = "only a provider state makes a media file"
)

func isUnread(fact string, used map[string]bool) bool {
	for pattern := range unread {
		if ok, _ := path.Match(pattern, fact); ok {
			used[pattern] = true
			return true
		}
	}
	return false
}

func texts(steps []*messages.Step) (all []string) {
	for _, s := range steps {
		all = append(all, s.Text)
	}
	return all
}

// rereads are the Givens that a scenario must have, since it reads the same again: as
// a caller who may not, or after a change. Behind a cache that is set up carelessly,
// and in an application that has one, nothing else shows that it is.
func rereads(isGET bool, s scenario) (wanted []*regexp.Regexp) {
	given := texts(s.given)
	switch when := readByWhen.FindStringSubmatch(s.when[0].Text); {
	case !isGET:
		for _, step := range s.outcome {
			m := readByThen.FindStringSubmatch(step.Text)
			if m != nil && !strings.HasPrefix(s.when[0].Text, "I create an "+m[1]) && !strings.HasPrefix(s.when[0].Text, "I create a "+m[1]+" ") {
				wanted = append(wanted, regexp.MustCompile(`^the `+m[1]+listOf[m[2]]+` (?:is in the trash bin, where it )?(was|were) read$`))
			}
		}
	case when[3] != "", slices.ContainsFunc(given, refusedCaller.MatchString), slices.ContainsFunc(given, wasDeleted.MatchString):
		wanted = append(wanted, regexp.MustCompile(`^(?:the asset was deleted after )?`+when[1]+when[2]+` (was|were) read(?: with another key)?`+when[4]+`$`))
	}
	return wanted
}

// TestWhatIsReadAgainWasReadBefore also wants nothing to be read before where nothing
// may change.
func TestWhatIsReadAgainWasReadBefore(t *testing.T) {
	t.Parallel()
	used, checked := map[string]bool{}, 0
	for _, f := range load(t) {
		for _, s := range f.scenarios {
			given := texts(s.given)
			if isUnread(s.facts[0], used) {
				// What compares needs something to compare with.
				if outcome := s.outcome[0].Text; !strings.HasSuffix(outcome, " is unchanged") && !strings.HasPrefix(outcome, "no further ") {
					assert.False(t, slices.ContainsFunc(given, wasRead.MatchString), "%s: nothing is to be read before: %s", s.at, s.facts[0])
				}
				continue
			}
			for _, want := range rereads(strings.HasPrefix(fixtures.FactOf(s.facts[0]).Endpoint, "GET "), s) {
				checked++
				assert.True(t, slices.ContainsFunc(given, want.MatchString), "%s: it reads what it has not read before: add the Given %s, or the reason why not to unread", s.at, want)
			}
		}
	}
	for pattern := range unread {
		assert.True(t, used[pattern], "no fact is unread by %s", pattern)
	}
	assert.GreaterOrEqual(t, checked, 29)
}
