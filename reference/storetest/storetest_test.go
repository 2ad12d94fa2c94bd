package storetest

import (
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
)

// shared is a store in memory as several processes see it that never end.
func shared(s reference.Store) Opened {
	same := func(*testing.T) reference.Store { return s }
	return Opened{Store: s, Another: same, Restart: same}
}

func TestContractHolds(t *testing.T) {
	t.Parallel()
	Run(t, func(*testing.T) Opened {
		opened := shared(memory.New())
		opened.Within = func(_ *testing.T, capacity reference.Capacity) reference.Store { return memory.Within(capacity) }
		return opened
	})
}

// TestEachDefectIsNoticed: a contract that can't be broken promises nothing. A
// defect has a process of its own, since it fails the tests there.
func TestEachDefectIsNoticed(t *testing.T) {
	t.Parallel()
	for name, d := range defects {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var promises []string
			for _, p := range d.breaks {
				promises = append(promises, regexp.QuoteMeta(underscored(p)))
			}
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.v",
				"-test.run=^TestDefective$/^("+strings.Join(promises, "|")+")$")
			child.Env = append(os.Environ(), "STORETEST_DEFECT="+name)
			out, err := child.CombinedOutput()
			require.IsType(t, &exec.ExitError{}, err, "%s", out)
			for _, p := range d.breaks {
				assert.Contains(t, string(out), "--- FAIL: TestDefective/"+underscored(p)+" (")
			}
		})
	}
}

// underscored is a promise as the name of its subtest.
func underscored(promise string) string { return strings.ReplaceAll(promise, " ", "_") }

// TestDefective is what TestEachDefectIsNoticed runs in another process.
func TestDefective(t *testing.T) {
	d, ok := defects[os.Getenv("STORETEST_DEFECT")]
	if !ok {
		t.Skip("STORETEST_DEFECT names no defect; TestEachDefectIsNoticed runs this with each")
	}
	Run(t, func(*testing.T) Opened { return d.open(memory.New()) })
}

func TestEachPromiseAndMethodHasADefect(t *testing.T) {
	t.Parallel()
	broken, spoilt := map[string]bool{}, map[string]bool{}
	for name, d := range defects {
		method, _, _ := strings.Cut(name, " ")
		spoilt[method] = true
		for _, p := range d.breaks {
			broken[p] = true
		}
	}
	for _, c := range contract {
		assert.True(t, broken[c.promise], "no defect breaks the promise that %s", c.promise)
		delete(broken, c.promise)
	}
	assert.Empty(t, broken, "there is no such promise")
	methods := reflect.TypeFor[reference.Store]()
	for i := range methods.NumMethod() {
		assert.True(t, spoilt[methods.Method(i).Name], "%s has no defect", methods.Method(i).Name)
	}
}
