package crashtest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// fault is one thing that happens to one suspect, and ends.
type fault struct {
	*suspect
	action  action
	lasting time.Duration
}

// action begins a fault and ends it. A silent one breaks no connection.
type action struct {
	name       string
	silent     bool
	begin, end func(*suspect, context.Context) error
}

// kinds are what happens to a suspect. Of the ways to cut it off, one is drawn.
var kinds = [][]action{
	{{"killed", false, (*suspect).Kill, (*suspect).Start}},
	{{"paused", true, (*suspect).Pause, (*suspect).Unpause}},
	{
		{"cut off, then delivered", true, cut((*proxy).hold), cut((*proxy).mend)},
		{"cut off, then lost", true, cut((*proxy).hold), cut((*proxy).drop)},
		{"cut off by resets", false, cut((*proxy).refuse), cut((*proxy).mend)},
	},
}

func cut(how func(*proxy)) func(*suspect, context.Context) error {
	return func(s *suspect, _ context.Context) error {
		how(s.proxy)
		return nil
	}
}

const (
	killedFor         = time.Second // at most
	shortest, longest = time.Second, 3 * time.Second
	// hopeless is longer than the reference waits for anything.
	hopeless = 11 * time.Second
)

// plan draws n faults: all kinds in turn, in any order. Once PostgreSQL and once
// Elasticsearch is silent for hopelessly long.
func plan(random *rand.Rand, suspects []*suspect, n int) []fault {
	var faults []fault
	for len(faults) < n {
		var round []fault
		for _, s := range suspects {
			for _, k := range kinds {
				f := fault{s, k[random.IntN(len(k))], shortest + time.Duration(random.Int64N(int64(longest-shortest)))}
				if f.action.name == "killed" {
					f.lasting = time.Duration(random.Int64N(int64(killedFor)))
				}
				round = append(round, f)
			}
			for _, loss := range s.losses {
				round = append(round, fault{s, loss, shortest})
			}
		}
		random.Shuffle(len(round), func(i, j int) { round[i], round[j] = round[j], round[i] })
		faults = append(faults, round...)
	}
	faults = faults[:n]
	for _, dependency := range suspects[:2] {
		silent := slices.IndexFunc(faults, func(f fault) bool { return f.suspect == dependency && f.action.silent })
		if silent >= 0 {
			faults[silent].lasting = hopeless
		}
	}
	return faults
}

func (f fault) String() string {
	return fmt.Sprintf("%s %s for %s", f.name, f.action.name, f.lasting.Round(time.Millisecond))
}

// happen begins the fault and ends it.
func (f fault) happen(ctx context.Context) error {
	err := f.action.begin(f.suspect, ctx)
	if err == nil {
		err = errors.Join(wait(ctx, f.lasting), f.action.end(f.suspect, ctx))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", f, err)
	}
	return nil
}

// summary counts faults by suspect and action.
func summary(faults []fault) string {
	counts := map[string]int{}
	for _, f := range faults {
		action, _, _ := strings.Cut(f.action.name, ",")
		action, _, _ = strings.Cut(action, " by")
		counts[f.name+" "+action]++
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%s %d", name, counts[name]))
	}
	return strings.Join(parts, ", ")
}

func TestPlan(t *testing.T) {
	t.Parallel()
	var suspects []*suspect
	for _, name := range []string{"PostgreSQL", "Elasticsearch", "reference 1", "reference 2"} {
		suspects = append(suspects, &suspect{name: name})
	}
	suspects[1].losses = []action{{name: "lost its index"}}
	seeded := func(n uint64) []fault { return plan(rand.New(rand.NewPCG(n, n)), suspects, 26) }
	assert.Equal(t, "Elasticsearch cut off 2, Elasticsearch killed 2, Elasticsearch lost its index 2, Elasticsearch paused 2, "+
		"PostgreSQL cut off 2, PostgreSQL killed 2, PostgreSQL paused 2, "+
		"reference 1 cut off 2, reference 1 killed 2, reference 1 paused 2, "+
		"reference 2 cut off 2, reference 2 killed 2, reference 2 paused 2", summary(seeded(1)))
	assert.Equal(t, fmt.Sprint(seeded(1)), fmt.Sprint(seeded(1)))
	assert.NotEqual(t, fmt.Sprint(seeded(1)), fmt.Sprint(seeded(2)))
	hopelessly := 0
	for _, f := range seeded(1) {
		if f.lasting == hopeless {
			hopelessly++
			assert.Contains(t, suspects[:2], f.suspect)
			assert.True(t, f.action.silent)
		}
	}
	assert.Equal(t, 2, hopelessly)
}
