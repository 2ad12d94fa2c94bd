package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/pocketcheck/pocketcheck/cmd/pocketcheck/pathless"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/fixtures/containers/containertest"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// secret is in every key and password of these tests, and in no other text: no
// output may have it.
const secret = "canary"

const apiKey = secret + "-api-key"

// quick keeps each of the many processes of these tests from staying for a second
// at its end, which is what the race detector waits for further races, and from
// collecting the garbage of a run that soon ends.
var quick = []string{"GORACE=atexit_sleep_ms=10", "GOGC=400"}

func TestMain(m *testing.M) {
	pathless.Restore() // for the tests themselves
	testscript.Main(tests{containertest.NewM(m)}, map[string]func(){"pocketcheck": main, "measured": measured})
}

// tests end by a signal, unlike the command.
type tests struct{ containertest.M }

func (t tests) Run() int {
	signal.Reset()
	var err error
	if workplace, err = os.MkdirTemp("", "pocketcheck-tests"); err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(workplace) }() // it is a folder for what is temporary
	return t.M.Run()
}

// workplace is a folder for what these tests share, and is removed at their end.
var workplace string

// build makes the command, once: to link it takes as long as many a test.
var build = sync.OnceValues(func() (said []byte, err error) {
	return exec.Command("go", "build", "-o", workplace, ".").CombinedOutput()
})

// installed gives a folder with the command as users have it. That of these tests is
// as slow as what detects races makes it, which is for the packages that have
// goroutines, and for the processes that are started by Go code here.
func installed(t *testing.T) string {
	t.Helper()
	said, err := build()
	require.NoError(t, err, string(said))
	return workplace
}

func TestScripts(t *testing.T) {
	t.Parallel()
	path := installed(t) + string(os.PathListSeparator) + os.Getenv("PATH")
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", path)
			env.Setenv("LF", "\n")
			env.Setenv("CR", "\r")
			env.Setenv("POCKETCHECK_API_KEY", apiKey)
			env.Vars = append(env.Vars, quick...)
			env.Values[targetsKey{}] = targets{}
			testable, untestable := 0, 0
			for _, f := range fixtures.Facts() {
				if f.Untestable == "" {
					testable++
				} else {
					untestable++
				}
			}
			env.Setenv("TESTABLE", strconv.Itoa(testable))
			env.Setenv("UNTESTABLE", strconv.Itoa(untestable))
			env.Setenv("OTHERS", strconv.Itoa(testable-1)) // than a single one
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits, "usage": usage,
			"target": startTarget, "gated": startGate, "received": received,
			"serves": serves, "interrupt": interrupts,
			"report": checkReport, "junit": checkJUnit,
		},
	})
}

// exits CODE [ARG ...] runs pocketcheck and checks its exit code, and what holds
// of every run.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec("pocketcheck", args[1:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	stdout, stderr := ts.ReadFile("stdout"), ts.ReadFile("stderr")
	if got != want {
		ts.Fatalf("exit code is %d, want %d\n%s%s", got, want, stdout, stderr)
	}
	for _, text := range []string{"panic", "goroutine", secret, "\x1b"} {
		if strings.Contains(stdout+stderr, text) {
			ts.Fatalf("the output has %q:\n%s%s", text, stdout, stderr)
		}
	}
	unfinished, err := filepath.Glob(ts.MkAbs(".pocketcheck-*"))
	ts.Check(err)
	if len(unfinished) > 0 {
		ts.Fatalf("left behind: %v", unfinished)
	}
}

// usage [ARG ...] runs pocketcheck in a wrong way: it says so in one line, does
// nothing and exits with 2.
func usage(ts *testscript.TestScript, neg bool, args []string) {
	exits(ts, neg, append([]string{"2"}, args...))
	if stdout := ts.ReadFile("stdout"); stdout != "" {
		ts.Fatalf("stdout is not empty: %s", stdout)
	}
	line, more, whole := strings.Cut(ts.ReadFile("stderr"), "\n")
	if !whole || more != "" || !strings.HasPrefix(line, "pocketcheck: ") {
		ts.Fatalf("stderr is not one line that starts with \"pocketcheck: \"")
	}
}

// answer runs pocketcheck in this process.
func answer(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	require.Zero(t, run(args, &stdout, &stderr), stderr.String())
	require.Empty(t, stderr.String())
	return stdout.String()
}

func TestFactsAsText(t *testing.T) {
	t.Parallel()
	text := answer(t, "facts")
	flat := strings.Join(strings.Fields(text), " ")
	at, endpoint := 0, ""
	for _, f := range fixtures.Facts() { // each in its place, with all that belongs to it
		want := []string{f.ID + " " + f.Lines.String() + " " + f.Tier}
		if f.Endpoint != endpoint {
			endpoint = f.Endpoint
			want = append([]string{endpoint}, want...)
		}
		if len(f.Needs) > 0 {
			want = append(want, "needs "+strings.Join(f.Needs, "; "))
		}
		if f.Untestable != "" {
			want = append(want, "untestable: "+f.Untestable)
		}
		for _, part := range want {
			i := strings.Index(flat[at:], part)
			require.NotEqual(t, -1, i, "%s: %q after %q", f.ID, part, flat[max(at-80, 0):at])
			assert.Less(t, i, 20, "something else is before %q", part)
			at += i + len(part)
		}
	}
}

func TestFactsAsJSON(t *testing.T) {
	t.Parallel()
	var rows []struct {
		ID, Endpoint, Lines, Kind, Tier, Reason, Assertion string
		Needs                                              []string
	}
	text := answer(t, "facts", "--json")
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(&rows))
	assert.NotContains(t, text, `"needs": null`)
	facts, seen := fixtures.Facts(), map[string]bool{}
	require.Len(t, rows, len(facts))
	for i, r := range rows {
		f := facts[i]
		assert.False(t, seen[r.ID], "%s is there twice", r.ID)
		seen[r.ID] = true
		assert.Equal(t, []string{f.ID, f.Endpoint, f.Lines.String(), f.Kind, f.Untestable, f.Assertion},
			[]string{r.ID, r.Endpoint, r.Lines, r.Kind, r.Reason, r.Assertion})
		assert.Equal(t, f.Tier, strings.TrimSuffix(r.Tier, "+wording"))
		assert.Equal(t, f.Wording, strings.HasSuffix(r.Tier, "+wording"), r.ID)
		assert.Equal(t, append([]string{}, f.Needs...), r.Needs)
	}
}

func TestHelpFitsATerminal(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"", "run", "serve", "facts", "explain", "prove", "diff", "verify", "matrix", "doctor", "clean", "proxy", "schema", "openapi", "version", "help"} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			text := answer(t, append(strings.Fields(command), "--help")...)
			assert.Contains(t, text, "Usage:\n  pocketcheck")
			assert.True(t, command == "help" || strings.Contains(text, "\nExamples:\n  pocketcheck "), text)
			for line := range strings.Lines(text) {
				assert.LessOrEqual(t, len(strings.TrimSuffix(line, "\n")), 80, line)
			}
		})
	}
}
