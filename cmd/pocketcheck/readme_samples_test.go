package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/reference/mock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	sampleFault  = "comments.update.not-owner/owner-not-checked"
	sampleReason = "DAM-1234: until 1.2 the author is not checked"

	// sampleConfig is what a target without a states URL can tell of itself.
	sampleConfig = `values:
  other_api_key: pocketcheck-editor-key
  no_actions_view_api_key: pocketcheck-without-actions-view-key
  no_actions_start_api_key: pocketcheck-without-actions-start-key
  dag_action_id: 2
  project_ids: [mJebz2r3ck0CTGIExPa4, a7rYTJIBVOpM1qBIdlO6]
`
)

// readmeFolder is a folder in which the commands of the README run on two servers: the
// reference, and with one fault.
type readmeFolder struct {
	t         *testing.T
	dir       string
	good, bad string
	states    string // of the bad one
}

func newReadmeFolder(t *testing.T) *readmeFolder {
	t.Helper()
	s := &readmeFolder{t: t, dir: t.TempDir()}
	s.write("key", embeddedKey)
	s.write("pocketcheck.yaml", sampleConfig)
	rows, err := reference.ReadSeed(bytes.NewReader(fixtures.Seed()))
	require.NoError(t, err)
	s.good, _ = s.serve("", rows)
	s.bad, s.states = s.serve(sampleFault, rows)
	return s
}

// serve gives the addresses of the API and the states of a server.
func (s *readmeFolder) serve(faultName string, seed reference.Seed) (api, states string) {
	o := mock.Options{Seed: seed}
	if faultName != "" {
		o.Faults = []string{faultName}
	}
	m, err := mock.New(memory.New(), o)
	require.NoError(s.t, err)
	for url, h := range map[*string]http.Handler{&api: m, &states: m.Control()} {
		listener := httptest.NewServer(h)
		s.t.Cleanup(listener.Close)
		*url = listener.URL
	}
	return api, states + "/states"
}

func (s *readmeFolder) path(name string) string { return filepath.Join(s.dir, name) }

func (s *readmeFolder) write(name, text string) {
	require.NoError(s.t, os.WriteFile(s.path(name), []byte(text), 0o600))
}

// run gives what a command prints, with the addresses of the README.
func (s *readmeFolder) run(code int, args ...string) string {
	s.t.Helper()
	var stdout, stderr bytes.Buffer
	require.Equal(s.t, code, run(args, &stdout, &stderr), "%s%s", stdout.String(), stderr.String())
	return s.readable(stdout.String())
}

func (s *readmeFolder) readable(text string) string {
	addresses := strings.NewReplacer(s.good, "http://127.0.0.1:8080", s.bad, "http://127.0.0.1:8080", s.states, "http://127.0.0.1:9191/states")
	return addresses.Replace(text)
}

// check runs the suite on one of the servers.
func (s *readmeFolder) check(code int, target string, args ...string) string {
	s.t.Helper()
	return s.run(code, append([]string{"run", "--target", target, "--api-key-file", s.path("key"), "--timeout=5m"}, args...)...)
}

// excerpt gives the lines of a text from one that begins with a text to the next
// that ends with another.
func excerpt(t *testing.T, text, first, last string) string {
	t.Helper()
	lines := slices.Collect(strings.Lines(text))
	from := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, first) })
	require.NotEqual(t, -1, from, "no line begins with %q in %s", first, text)
	to := slices.IndexFunc(lines[from:], func(l string) bool { return strings.HasSuffix(l, last+"\n") })
	require.NotEqual(t, -1, to, "no line ends with %q in %s", last, text)
	return strings.Join(lines[from:from+to+1], "")
}

// changing is what differs from run to run: addresses, ids, numbers of comments,
// times, and where a long line is cut because of them.
var changing = regexp.MustCompile(`127\.0\.0\.1:\S*|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|latency .*|\d{4}-\d\d-\d\d: |comment_id "\d+"`)

// TestReadmeShowsRealFailures: what the README shows of targets that lack
// something, or break something, is what its commands print.
func TestReadmeShowsRealFailures(t *testing.T) {
	t.Parallel()
	s := newReadmeFolder(t)
	config := []string{"--config", s.path("pocketcheck.yaml")}
	doctor := s.run(0, append([]string{"doctor", "--target", s.good, "--api-key-file", s.path("key")}, config...)...)
	failure := s.check(1, s.bad, "--states-url", s.states)

	list := s.path("deviations.yaml")
	s.check(1, s.bad, append(config, "--write-deviations", list)...)
	written := read(t, list)
	s.write("deviations.yaml", strings.Replace(written, `""`, fmt.Sprintf("%q", sampleReason), 1))
	known := s.check(0, s.bad, append(config, "--deviations", list)...)

	names := []string{"--implementation", "dam", "--implementation-version"}
	s.check(0, s.good, slices.Concat(config, names, []string{"1.0", "--report", "json=" + s.path("old.json")})...)
	s.check(1, s.bad, slices.Concat(config, names, []string{"1.1", "--report", "json=" + s.path("new.json")})...)
	verified := s.run(0, "verify", s.path("new.json"))
	for _, tt := range []struct{ name, first, last, real string }{
		{"doctor", "examining http", "ready, with 4 warnings", doctor},
		{"a failure", "Update comment: If current user", "blocked by comments.update.not-owner", failure},
		{"a list", "# status of POST", "effect]", s.readable(written)},
		{"a known failure", "comments.update.not-owner: known deviation: DAM-1234", "", known},
		{"the verdict with a known failure", "verdict: non-conformant (1 known deviation", " untestable", known},
		{"diff", "old: partial, ", " newly tested", s.run(1, "diff", s.path("old.json"), s.path("new.json"))},
		{"verify", "ok     its form", "can have been so", verified},
		{"matrix", "1  dam 1.0", "FAILED 16 of 18", s.run(0, "matrix", s.path("new.json"), s.path("old.json"))},
		{"what was verified", "verified: ", " untestable", verified},
	} {
		shown, real := excerpt(t, readme(t), tt.first, tt.last), excerpt(t, tt.real, tt.first, tt.last)
		if changing.ReplaceAllString(shown, "") != changing.ReplaceAllString(real, "") {
			shows(t, shown, real)
		}
	}
	assert.NotContains(t, readme(t), s.dir)
}
