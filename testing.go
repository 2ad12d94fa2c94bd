package pocketcheck

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// Test checks a handler in a test: a subtest for each fact, below one for its endpoint,
// so that go test -run selects: "TestMediaPocket/comments.update/not-owner". What the
// options leave out has none, and a misspelt one fails the test. Facts that can't be
// checked are skipped, with the reason, and so are failures that the options list as
// deviations, and what only fails because another fact does; a deviation that passes fails
// the test. So does, once, what keeps the run from its end: the subtests that it did not
// reach are skipped. The last line has the verdict.
//
// The run ends, and cleans up, before the deadline of the test.
//
// Requests carry the API key of the environment variable POCKETCHECK_API_KEY, or
// "pocketcheck" without it. configure may change the target, such as its key and
// its provider states, and the options. Reports are written to where Options.Reports
// and the lines of the environment variable POCKETCHECK_REPORT say, as FORMAT=FILE.
func Test(t *testing.T, handler http.Handler, configure ...func(*Target, *Options)) {
	t.Helper()
	target, opts := Target{Handler: handler, Key: NewKey(cmp.Or(os.Getenv(keyVariable), wire.UsualKey))}, Options{}
	for _, c := range configure {
		c(&target, &opts)
	}
	selected, _ := opts.selected() // Check tells why there are none
	files, wrong := reportFiles(append(opts.Reports, strings.Split(os.Getenv(reportVariable), "\n")...))
	if err := errors.Join(Check(target, opts), wrong); err != nil {
		t.Fatal(err)
	}
	target.hints = hints{key: whose(target.Key)}
	opts.Facts, opts.Tiers, opts.Endpoints = nil, nil, nil
	for _, f := range fixtures.Facts() {
		if isIn(selected, f) && chosen(t.Name()+"/"+subtest(f)) {
			opts.Facts = append(opts.Facts, f.ID)
		}
	}
	if len(opts.Facts) == 0 {
		if why := misspelt(asked(), t.Name()); why != "" {
			t.Error(why)
		}
		return // go test was asked for others
	}
	ctx, cancel := untilNear(t)
	defer cancel()
	r, err := Run(ctx, target, opts)
	if err != nil {
		t.Fatal(err)
	}
	subtests(t, r, selected)
	judgeRun(t, r)
	for _, f := range files {
		if err := f.write(r); err != nil {
			t.Error(err)
		}
	}
	if r.Stopped == "" { // which tells it
		t.Log(r.Summary())
	}
}

func isIn(facts map[string]fixtures.Fact, f fixtures.Fact) bool {
	_, is := facts[f.ID]
	return is
}

// subtest is what the test of a fact is called: its endpoint's name and the rest.
func subtest(f fixtures.Fact) string {
	return f.Operation() + "/" + strings.TrimPrefix(f.ID, f.Operation()+".")
}

// wholeInTest is how many failures a test tells whole.
const wholeInTest = 5

// subtests gives each fact that was asked for its subtest, by endpoint.
func subtests(t *testing.T, r *report.Report, selected map[string]fixtures.Fact) {
	t.Helper()
	accounts := r.Accounts(wholeInTest)
	isLeftOut := func(f fixtures.Fact) bool { return f.Untestable == "" && !isIn(selected, f) }
	isWhole := !slices.ContainsFunc(fixtures.Facts(), isLeftOut) // what is untestable is of interest then
	byEndpoint := map[string][]fixtures.Fact{}
	var names []string
	for _, f := range fixtures.Facts() {
		if !isIn(selected, f) && !(isWhole && f.Untestable != "") {
			continue
		}
		name := f.Operation()
		if byEndpoint[name] == nil {
			names = append(names, name)
		}
		byEndpoint[name] = append(byEndpoint[name], f)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			for _, f := range byEndpoint[name] {
				_, rest, _ := strings.Cut(subtest(f), "/")
				t.Run(rest, func(t *testing.T) { judge(t, accounts[f.ID]) })
			}
		})
	}
}

const (
	keyVariable = "POCKETCHECK_API_KEY"

	reportVariable = "POCKETCHECK_REPORT"
)

// whose says where the key of a test comes from.
func whose(key Key) string {
	switch key.Reveal() {
	case os.Getenv(keyVariable):
		return "; it is that of " + keyVariable
	case wire.UsualKey:
		return "; it is the usual one, which the server does not know: give another as " + keyVariable +
			", or as the Target's Key in the function that is the third argument of Test"
	}
	return "; it is the Key that the test gives the Target"
}

// mostTidying is what a run keeps of the time of a test, to clean up in.
const mostTidying = 30 * time.Second

// untilNear gives the context of a run that ends before the deadline of the test: at
// that, go test would end the process, and what the run made would stay.
func untilNear(t *testing.T) (context.Context, context.CancelFunc) {
	deadline, ok := t.Deadline()
	if !ok {
		return context.WithCancel(t.Context())
	}
	left := time.Until(deadline)
	spare := min(left/4, mostTidying)
	return context.WithDeadlineCause(t.Context(), deadline.Add(-spare),
		fmt.Errorf("the test's own deadline is near, and %v are kept for the clean-up; give go test a longer -timeout", spare.Round(time.Second)))
}

// judge lets a subtest end as its fact did.
func judge(t *testing.T, a report.Account) {
	t.Helper()
	switch {
	case a.Fails:
		t.Error(a.Text)
	case a.Text != "":
		t.Skip(a.Text)
	}
}

// judgeRun fails the test for what stopped the run, and for what is no deviation any
// more.
func judgeRun(t *testing.T, r *report.Report) {
	t.Helper()
	if r.Stopped != "" {
		t.Error(r.Stopped)
	}
	for _, problem := range r.Outdated {
		t.Error(problem)
	}
}

// reportFile is where a test writes a report.
type reportFile struct {
	format, path string
}

// reportFiles reads FORMAT=FILE of each.
func reportFiles(specs []string) (files []reportFile, err error) {
	for _, spec := range specs {
		if spec = strings.TrimSpace(spec); spec == "" {
			continue
		}
		format, path, _ := strings.Cut(spec, "=")
		if report.Formats[format] == nil || path == "" {
			return nil, usage("report %q: want FORMAT=FILE; the formats are %s", spec, strings.Join(slices.Sorted(maps.Keys(report.Formats)), ", "))
		}
		files = append(files, reportFile{format, path})
	}
	return files, nil
}

func (f reportFile) write(r *report.Report) error {
	var whole bytes.Buffer
	if err := report.Formats[f.format](r, &whole); err != nil {
		return fmt.Errorf("report %s: %w", f.path, err)
	}
	if err := os.MkdirAll(filepath.Dir(f.path), 0o755); err != nil { // #nosec G301 -- a report is for all, and has no key; the umask narrows it
		return fmt.Errorf("report %s: %w", f.path, err)
	}
	return os.WriteFile(f.path, whole.Bytes(), 0o644) // #nosec G306 -- as its folder
}
