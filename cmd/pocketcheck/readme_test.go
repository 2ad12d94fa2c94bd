package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the README's outputs and counts anew")

// pages are the README and what it leads to.
func pages(t *testing.T) []string {
	t.Helper()
	further, err := filepath.Glob("../../docs/*.md")
	require.NoError(t, err)
	require.NotEmpty(t, further)
	return append([]string{"../../README.md"}, further...)
}

// readme is the text of all pages.
func readme(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, page := range pages(t) {
		all.WriteString(read(t, page) + "\n")
	}
	return all.String()
}

var writing sync.Mutex // the pages, by tests that run in parallel

// shows wants the README to show what there is, and with -update makes it do so.
func shows(t *testing.T, shown, real string) {
	t.Helper()
	if shown != real && *update {
		writing.Lock()
		defer writing.Unlock()
		for _, page := range pages(t) {
			if text := read(t, page); strings.Contains(text, shown) {
				require.NoError(t, os.WriteFile(page, []byte(strings.Replace(text, shown, real, 1)), 0o600))
				return
			}
		}
	}
	assert.Equal(t, shown, real, "the README is out of date: run go test ./cmd/pocketcheck -run Readme -update")
}

// TestReadmeShowsRealOutput runs the README's first command. On a machine that
// stands still for a while, a request must not be given up and sent again: that
// would be one thing more to remove.
func TestReadmeShowsRealOutput(t *testing.T) {
	t.Parallel()
	_, rest, found := strings.Cut(readme(t), "```sh\ngo run ./cmd/pocketcheck run\n```\n\n```\n")
	require.True(t, found)
	shown, _, _ := strings.Cut(rest, "```\n")
	var stdout, stderr bytes.Buffer
	require.Zero(t, run([]string{"run", "--timeout=5m"}, &stdout, &stderr), "%s", stderr.String())
	left := regexp.MustCompile(`, about .* left\n`) // where the machine is slow
	shows(t, shown, left.ReplaceAllString(stdout.String(), "\n"))
}

// TestReadmeNamesEveryFlag: a flag that nobody reads about is of no use.
func TestReadmeNamesEveryFlag(t *testing.T) {
	t.Parallel()
	text := readme(t)
	for _, c := range []*cobra.Command{runCommand(nil), serveCommand(&keyring{}), factsCommand(), proveCommand(), diffCommand(), verifyCommand(), matrixCommand(), doctorCommand(nil), cleanCommand(nil), clientCommand(nil), proxyCommand(nil)} {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			assert.True(t, f.Hidden || strings.Contains(text, "`--"+f.Name), "the README says nothing of %s --%s", c.Name(), f.Name)
		})
	}
}

// TestReadmeAgreesWithTheProof: the counts that the README gives are those of
// the servers that there are.
func TestReadmeAgreesWithTheProof(t *testing.T) {
	t.Parallel()
	all, err := trials(t.Context())
	require.NoError(t, err)
	for _, trial := range all {
		trial.Holds = true
		trial.Failed = trial.Wanted
	}
	var b bytes.Buffer
	require.NoError(t, sum(all).writeText(&b))
	_, shown, found := strings.Cut(readme(t), "and ends with\n\n```\n")
	require.True(t, found)
	shown, _, _ = strings.Cut(shown, "```\n")
	sums := regexp.MustCompile(`(?m)^(faults|freedoms|null servers|proof): .*\n`)
	shows(t, shown, strings.Join(sums.FindAllString(b.String(), -1), ""))
}

// TestReadmeCountsFacts: what it tells of other runs has the number of facts, too.
func TestReadmeCountsFacts(t *testing.T) {
	t.Parallel()
	testable := 0
	for _, f := range fixtures.Facts() {
		if f.Untestable == "" {
			testable++
		}
	}
	for _, count := range []string{`of (\d+) testable facts`, `conformant (\d+)/\d+`, `conformant \d+/(\d+)`} {
		found := regexp.MustCompile(count).FindStringSubmatch(readme(t))
		require.NotNil(t, found, count)
		shows(t, found[0], strings.ReplaceAll(found[0], found[1], strconv.Itoa(testable)))
	}
}

var leads = regexp.MustCompile(`\]\(([^)#:]*)(#[^)]*)?\)`)

// TestPagesLeadSomewhere: each link of the pages to another, or within one, has its end.
func TestPagesLeadSomewhere(t *testing.T) {
	t.Parallel()
	for _, page := range append(pages(t), "../../features/README.md", "../../CONTRIBUTING.md") {
		for _, link := range leads.FindAllStringSubmatch(read(t, page), -1) {
			end := page
			if link[1] != "" {
				end = filepath.Join(filepath.Dir(page), link[1])
				_, err := os.Stat(end)
				require.NoError(t, err, "%s leads to %s", page, link[1])
			}
			if link[2] != "" {
				assert.Contains(t, anchors(read(t, end)), link[2], "%s leads to %s", page, link[0])
			}
		}
	}
}

// anchors are those of the headings, as GitHub makes them.
func anchors(text string) (all []string) {
	for _, heading := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		plain := regexp.MustCompile(`[^a-z0-9 _-]`).ReplaceAllString(strings.ToLower(heading[1]), "")
		all = append(all, "#"+strings.ReplaceAll(plain, " ", "-"))
	}
	return all
}
