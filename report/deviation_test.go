package report_test

import (
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const day = 24 * time.Hour

// listed runs three facts of a target on which the comments can't be created: one
// that fails, one that this blocks, one that passes.
func listed(t *testing.T, list ...report.Deviation) *report.Report {
	t.Helper()
	result, err := pocketcheck.Run(t.Context(), referencetest.Faulty(), pocketcheck.Options{
		Facts: []string{"comments.create.ok", "comments.get.ok", "comments.list.asset-not-found"}, Settle: -1, Deviations: list,
	})
	require.NoError(t, err)
	require.Equal(t, report.NonConformant, result.Verdict)
	return result
}

const ok = "comments.create.ok" // which fails there

func TestDeviations(t *testing.T) {
	t.Parallel()
	today := time.Now().UTC().Truncate(day)
	tests := []struct {
		name     string
		list     []report.Deviation
		beside   report.Verdict
		summary  string
		outdated []string
	}{
		{"none", nil, report.NonConformant, "non-conformant, ", nil},
		{"listed", []report.Deviation{{Fact: ok, Reason: "known"}}, report.Partial, "non-conformant (1 known deviation, 1 fact not checked, because of known deviations), ", nil},
		{"by a glob", []report.Deviation{{Fact: "comments.*", Reason: "known"}}, report.Partial, "non-conformant (1 known deviation, 1 fact not checked, because of known deviations), ", nil},
		{"its last day", []report.Deviation{{Fact: ok, Reason: "known", Until: today}}, report.Partial, "non-conformant (1 known deviation, 1 fact not checked, because of known deviations), ", nil},
		{"the day after", []report.Deviation{{Fact: ok, Reason: "known", Until: today.Add(-day)}}, report.NonConformant, "non-conformant, ",
			[]string{ok + " fails, and its last day was " + today.Add(-day).Format(time.DateOnly) + "; mend the target or renew the date"}},
		{"passes", []report.Deviation{{Fact: ok, Reason: "known"}, {Fact: "comments.list.asset-not-found", Reason: "known", Until: today.Add(-day)}},
			report.Partial, "non-conformant (1 known deviation, 1 fact not checked, because of known deviations), ",
			[]string{"comments.list.asset-not-found passes; remove it from the known deviations"}},
		{"blocked", []report.Deviation{{Fact: ok, Reason: "known"}, {Fact: "comments.get.ok", Reason: "known"}}, report.Partial, "non-conformant (1 known deviation, 1 fact not checked, because of known deviations), ", nil},
		{"deselected", []report.Deviation{{Fact: "assets.get.ok", Reason: "known"}}, report.NonConformant, "non-conformant, ", nil},
		{"over, by a wider one", []report.Deviation{{Fact: ok, Reason: "old", Until: today.Add(-day)}, {Fact: "comments.*", Reason: "known"}},
			report.Partial, "non-conformant (1 known deviation, 1 fact not checked, because of known deviations), ",
			[]string{ok + " fails, and its last day was " + today.Add(-day).Format(time.DateOnly) + "; mend the target or renew the date"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			result := listed(t, tt.list...)
			assert.Equal(t, tt.beside, result.BesideDeviations())
			assert.Equal(t, tt.outdated, result.Outdated)
			text := rendered(t, result, "txt")
			assert.Contains(t, text, "verdict: "+tt.summary)
			isKnown := tt.beside != report.NonConformant
			assert.Equal(t, isKnown, strings.Contains(text, "\n"+ok+": known deviation: known"), text)
			assert.NotEqual(t, isKnown, strings.Contains(text, "    repeat:"), "a known failure needs no script")
			for _, f := range result.Facts {
				assert.Equal(t, isKnown && f.Fact.ID == ok, f.Deviation != nil, f.Fact.ID)
			}
		})
	}
}

// TestAnotherFailureIsNew: what is listed is one failure of a fact, not each.
func TestAnotherFailureIsNew(t *testing.T) {
	t.Parallel()
	const fails = "status is 418, want 200"
	for _, tt := range []struct {
		name  string
		known []string
		isNew bool
	}{
		{"any", nil, false}, {"this one", []string{fails}, false}, {"one of two", []string{"$.comment is missing, want an object", fails}, false},
		{"another", []string{"status is 403, want 200"}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			result := listed(t, report.Deviation{Fact: ok, Reason: "known", Fails: tt.known, Blocks: []string{"comments.get.ok"}})
			if !tt.isNew {
				assert.Equal(t, report.Partial, result.BesideDeviations())
				assert.Empty(t, result.Outdated)
				return
			}
			assert.Equal(t, report.NonConformant, result.BesideDeviations())
			assert.Equal(t, []string{ok + " fails in another way than is known: " + fails + "; known is: status is 403, want 200"}, result.Outdated)
		})
	}
}

// TestWhatDeviationsHideIsTold: a fact that a known failure blocks is named.
func TestWhatDeviationsHideIsTold(t *testing.T) {
	t.Parallel()
	result := listed(t, report.Deviation{Fact: ok, Reason: "known"})
	for _, format := range []string{"txt", "html", "md"} {
		assert.Contains(t, rendered(t, result, format), "1 fact not checked, because of known deviations", format)
	}
	assert.Contains(t, rendered(t, result, "txt"), "because of known deviations: comments.get.ok\n")
}

func TestKnownAndNewFailuresAreToldApart(t *testing.T) {
	t.Parallel()
	result, err := pocketcheck.Run(t.Context(), referencetest.Faulty(), pocketcheck.Options{
		Facts: []string{"comments.create.*"}, Settle: -1,
		Deviations: []report.Deviation{{Fact: "comments.create.ok", Reason: "known"}},
	})
	require.NoError(t, err)
	assert.Regexp(t, `verdict: non-conformant \(1 known deviation, \d new failures, \d facts not checked, because of known deviations\), `, rendered(t, result, "txt"))
	assert.Equal(t, report.NonConformant, result.BesideDeviations())
}

// TestKnownFailuresOfOneKindAreTold tells them once: a list of many is read on every green run.
func TestKnownFailuresOfOneKindAreTold(t *testing.T) {
	t.Parallel()
	result, err := pocketcheck.Run(t.Context(), halfGone(), pocketcheck.Options{
		Facts: []string{"comments.list.*", "media.list.*"}, Settle: -1,
		Deviations: []report.Deviation{{Fact: "media.*", Reason: "not yet"}, {Fact: "comments.*", Reason: "not yet"}},
	})
	require.NoError(t, err)
	text := rendered(t, result, "txt")
	assert.Regexp(t, `(?m)^media\.list\.\S+ and \d+ more: known deviation: not yet: status is 404, want 200$`, text)
	assert.Equal(t, 1, strings.Count(text, "known deviation: not yet: status is 404, want 200"), text)
}

// halfGone is a target without the list of media.
func halfGone() pocketcheck.Target {
	target := referencetest.Target()
	whole := target.Handler
	target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/media") {
			http.NotFound(w, r)
			return
		}
		whole.ServeHTTP(w, r)
	})
	return target
}

func TestWriteDeviations(t *testing.T) {
	t.Parallel()
	write := func(result *report.Report, reason string) string {
		var b strings.Builder
		require.NoError(t, result.WriteDeviations(&b, reason))
		_, list, _ := strings.Cut(b.String(), "\n\n")
		return list
	}
	assert.Regexp(t, `^# status of POST .* is 418 I'm a teapot, want 200 OK\n- fact: comments.create.ok\n  reason: ""\n  fails: "status is 418, want 200"\n  blocks: \[comments.get.ok\]\n$`, write(listed(t), ""))
	assert.Contains(t, write(listed(t), "DAM-2: soon"), "\n  reason: \"DAM-2: soon\"\n")
	assert.Contains(t, write(listed(t, report.Deviation{Fact: ok, Reason: "old", Fails: []string{"status is 500, want 200"}}), ""),
		"- fact: comments.create.ok\n  reason: \"\"\n  fails: \"status is 418, want 200\"\n", "what fails in another way wants another reason")
	until := time.Date(2999, 12, 31, 0, 0, 0, 0, time.UTC)
	list := write(listed(t,
		report.Deviation{Fact: "comments.[a-d]*", Reason: "DAM-1: \"later\"", Until: until}, // still one
		report.Deviation{Fact: "comments.list.asset-not-found", Reason: "mended"},
		report.Deviation{Fact: "assets.get.ok", Reason: "not checked", Fails: []string{"a", "$.b is null"}},
	), "new")
	assert.Regexp(t, `^- fact: assets.get.ok\n  reason: "not checked"\n  fails:\n    - "a"\n    - "\$.b is null"\n
# status of POST .*\n- fact: "comments.\[a-d\]\*"\n  reason: "DAM-1: \\"later\\""\n  until: 2999-12-31\n$`, list)

	var b strings.Builder
	require.NoError(t, everyOutcome().WriteDeviations(&b, ""))
	assertPlain(t, b.String())
	for line := range strings.Lines(b.String()) {
		assert.Regexp(t, `^(# .*|- fact: [a-z.-]+|  reason: ""|  fails: ".*"|  blocks: \[[a-z., -]+\])?\n$`, line, "a target writes no YAML")
	}
}

// TestListed is what TestGoTestKnowsDeviations runs: its facts fail, pass and are
// blocked.
func TestListed(t *testing.T) {
	if os.Getenv("POCKETCHECK_TEST_LISTED") == "" {
		t.Skip("TestGoTestKnowsDeviations runs it")
	}
	target := referencetest.Faulty()
	pocketcheck.Test(t, target.Handler, func(of *pocketcheck.Target, o *pocketcheck.Options) {
		of.Key, o.Settle = target.Key, -1
		o.Deviations = []report.Deviation{
			{Fact: "comments.create.ok", Reason: "known for long"}, {Fact: "comments.list.asset-not-found", Reason: "forgotten"},
		}
	})
}

func TestGoTestKnowsDeviations(t *testing.T) {
	t.Parallel()
	run := func(subtests ...string) (string, error) {
		for i, name := range subtests {
			subtests[i] = "^TestListed$/^" + strings.ReplaceAll(name, "/", "$/^") + "$"
		}
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.run", strings.Join(subtests, "|"))
		cmd.Env = append(os.Environ(), "POCKETCHECK_TEST_LISTED=yes")
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	out, err := run("comments.create/ok", "comments.get/ok")
	require.NoError(t, err, out)
	assert.Contains(t, out, "--- SKIP: TestListed/comments.create/ok ")
	assert.Contains(t, out, "--- SKIP: TestListed/comments.get/ok ")
	assert.Contains(t, out, "known deviation: known for long: status of POST ")

	out, err = run("comments.create/ok", "comments.list/asset-not-found")
	require.Error(t, err, out)
	assert.Contains(t, out, "--- PASS: TestListed/comments.list/asset-not-found ")
	assert.Contains(t, out, "comments.list.asset-not-found passes; remove it from the known deviations")
}
