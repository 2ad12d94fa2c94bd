package main

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// shell runs a script as a CI does, with pocketcheck and the tools of this
// machine on its path. It returns the exit code and what the script printed.
func shell(t *testing.T, dir, script string, env ...string) (int, string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "bash", "-eo", "pipefail", "-c", script)
	cmd.Dir = dir
	cmd.Env = slices.Concat(os.Environ(), quick, []string{"POCKETCHECK_API_KEY=" + apiKey}, env)
	said, err := cmd.CombinedOutput()
	if err != nil {
		require.NotNil(t, cmd.ProcessState, err)
	}
	assert.NotContains(t, string(said), secret)
	return cmd.ProcessState.ExitCode(), string(said)
}

// ciTarget is the reference, and with a broken fact.
func ciTarget(t *testing.T) (good, bad, states string) {
	t.Helper()
	ref, err := newReference()
	require.NoError(t, err)
	for _, server := range []struct {
		url *string
		s   *httptest.Server
	}{
		{&good, httptest.NewServer(ref)}, {&bad, httptest.NewServer(rewords(ref, `"status":"open"`, `"status":"closed"`))},
		{&states, httptest.NewServer(ref.Control())},
	} {
		t.Cleanup(server.s.Close)
		*server.url = server.s.URL
	}
	return good, bad, states + "/states"
}

func recipe(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile("../../" + name)
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(text, into))
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

// gitHubAction is what action.yml has.
type gitHubAction struct {
	Inputs map[string]struct{ Default string }
	Runs   struct {
		Steps []struct {
			If, Run   string
			Env, With map[string]string
		}
	}
}

// TestGitHubAction runs the script of action.yml as GitHub's runner would, one
// job after the other: what the first has built is up to date for the rest.
func TestGitHubAction(t *testing.T) {
	t.Parallel()
	var action gitHubAction
	recipe(t, "action.yml", &action)
	upload := action.Runs.Steps[2]
	assert.Equal(t, "always() && steps.check.outcome != 'skipped'", upload.If, "what an earlier use left is not this one's")
	assert.Equal(t, "${{ inputs.artifact }}", upload.With["name"], "a name is taken once in a workflow")
	assert.Equal(t, "pocketcheck", action.Inputs["artifact"].Default)
	good, bad, states := ciTarget(t)
	gateway, err := url.Parse(good)
	require.NoError(t, err)
	server := httptest.NewServer(gate{http.Header{"X-Gate": {gateHeader}}, httputil.NewSingleHostReverseProxy(gateway)})
	t.Cleanup(server.Close)
	gated := server.URL
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	runner := t.TempDir()
	reports := filepath.Join(runner, "pocketcheck-reports")
	for _, tt := range []struct {
		name, target, states, args, verdict string
		code                                int
		env                                 []string // of the step
	}{
		{"conformant", good, states, "--complete", "conformant", 0, nil},
		{"non-conformant", bad, states, "", "non-conformant", 1, nil},
		{"partial", good, "", "", "partial", 0, nil},
		{"globs and blanks", good, "", "--fact 'comments.*'\n--endpoint \"POST /api/v2/assets/:asset_id/comments\"", "partial", 0, nil},
		{"through a gateway", gated, "", "--wait 1m", "partial", 0, []string{"POCKETCHECK_HEADER=X-Gate: " + gateHeader}},
		{"wrong usage", good, "", "--fact none", "", 2, nil},
		{"no target", "", "", "", "", 2, nil}, // an input that was not set
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			inputs := strings.NewReplacer("${{ inputs.target }}", tt.target, "${{ inputs.states-url }}", tt.states,
				"${{ inputs.args }}", tt.args, "${{ inputs.api-key }}", apiKey)
			env := []string{
				"GITHUB_ACTION_PATH=" + root, "RUNNER_TEMP=" + runner,
				"GITHUB_STEP_SUMMARY=" + filepath.Join(dir, "summary"), "GITHUB_OUTPUT=" + filepath.Join(dir, "output"),
			}
			for name, value := range action.Runs.Steps[1].Env {
				env = append(env, name+"="+inputs.Replace(value))
			}
			code, said := shell(t, dir, action.Runs.Steps[1].Run, append(env, tt.env...)...)
			require.Equal(t, tt.code, code, said)
			if tt.verdict == "" {
				assert.NoFileExists(t, filepath.Join(dir, "output"))
				assert.NoFileExists(t, filepath.Join(dir, "summary"))
				left, err := os.ReadDir(reports)
				require.NoError(t, err)
				assert.Empty(t, left, "of an earlier use, which would be kept as this one's")
				return
			}
			assert.Equal(t, "verdict="+tt.verdict+"\n", read(t, filepath.Join(dir, "output")))
			assert.Contains(t, read(t, filepath.Join(dir, "summary")), tt.verdict)
			for _, name := range []string{"junit.xml", "report.json", "report.html"} {
				assert.FileExists(t, filepath.Join(reports, name))
			}
		})
	}
}

// TestGitHubActionArguments runs the script with a stand-in for go, which builds
// a stand-in for pocketcheck, in a folder whose files a shell would take for stars.
func TestGitHubActionArguments(t *testing.T) {
	t.Parallel()
	var action gitHubAction
	recipe(t, "action.yml", &action)
	for args, want := range map[string][]string{
		"":                                 {},
		" \n\n":                            {},
		"--complete":                       {"--complete"},
		"--complete\n--wait 1m\n":          {"--complete", "--wait", "1m"},
		"--fact 'comments.*'":              {"--fact", "comments.*"},
		"--fact comments.*":                {"--fact", "comments.*"},
		"--fact=comments.*":                {"--fact=comments.*"},
		"--fact\ncomments.*":               {"--fact", "comments.*"},
		`--endpoint "POST /api/v2/assets"`: {"--endpoint", "POST /api/v2/assets"},
		"--endpoint POST /api/v2/assets":   {"--endpoint", "POST /api/v2/assets"},
		"--endpoint='POST *'":              {"--endpoint=POST *"},
		"--endpoint\n\"POST *\"\n":         {"--endpoint", "POST *"},
		"\t--header X: \"a\", $HOME\t":     {"--header", `X: "a", $HOME`},
		`--header X: $(id) \n`:             {"--header", `X: $(id) \n`},
		"--header X: `id`; id & id":        {"--header", "X: `id`; id & id"},
		"--report json=-":                  {"--report", "json=-"},
		"--key-file -":                     {"--key-file", "-"},
		"--complete --wait 1m":             nil,
		"--fact 'a' --fact 'b'":            nil,
		"--header 'X-A: it''s'":            nil,
		`--header="X`:                      nil,
		"-h":                               {"-h"},
		"-n":                               {"-n"},
		`["--fact", "comments.*"]`:         {"--fact", "comments.*"},
		"\n [\"--header\",\n\"X: 'a b' \\\"*\\\" \\\\\", \"\"]\n": {"--header", "X: 'a b' \"*\" \\", ""},
		`["ü*"]`:        {"ü*"},
		"[]":            {},
		`["--fact"`:     nil,
		`["--seed", 5]`: nil,
		`["a"] ["b"]`:   nil,
		`[comments.*]`:  nil,
		`["a", ["b"]]`:  nil,
		`["a\u0000b"]`:  nil,
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for name, text := range map[string]string{
				"go": "#!/bin/sh\ncp stand-in \"$5\"\n", "stand-in": "#!/bin/sh\nprintf '%s\\0' \"$@\" >arguments\n", "comments.files": "", "POST x": "",
			} {
				require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755))
			}
			code, said := shell(t, dir, action.Runs.Steps[1].Run, "PATH="+dir+":"+os.Getenv("PATH"), "RUNNER_TEMP="+dir,
				"GITHUB_ACTION_PATH=.", "TARGET=http://dam.example.com", "STATES_URL=", "ARGS="+args)
			if want == nil {
				assert.Equal(t, 2, code, said)
				assert.Contains(t, said, "args: ")
				assert.NoFileExists(t, filepath.Join(dir, "arguments"))
				return
			}
			require.Zero(t, code, said)
			_, given, found := strings.Cut(read(t, filepath.Join(dir, "arguments")), "html="+filepath.Join(dir, "pocketcheck-reports", "report.html\x00"))
			require.True(t, found)
			assert.Equal(t, want, strings.Split(given, "\x00")[:len(want)])
			assert.Equal(t, len(want), strings.Count(given, "\x00"))
		})
	}
}

// TestGitLabTemplate runs the script of the template, with a stand-in for what
// fetches the release.
func TestGitLabTemplate(t *testing.T) {
	t.Parallel()
	var template struct {
		Pocketcheck struct {
			Script    []string
			Artifacts struct {
				Paths   []string
				Reports struct{ JUnit string }
			}
		}
	}
	recipe(t, "pocketcheck.gitlab-ci.yml", &template)
	good, bad, _ := ciTarget(t)
	job := template.Pocketcheck
	require.Regexp(t, `^go install github.com/pocketcheck/pocketcheck/cmd/pocketcheck@v[0-9.]+$`, job.Script[0])
	code, said := shell(t, t.TempDir(), strings.Join(job.Script[1:], "\n"))
	assert.Equal(t, 2, code, "without a target: %s", said)
	for target, want := range map[string]int{good: 0, bad: 1} {
		dir := t.TempDir()
		code, said := shell(t, dir, strings.Join(job.Script[1:], "\n"), "POCKETCHECK_TARGET="+target)
		assert.Equal(t, want, code, said)
		for _, name := range append(job.Artifacts.Paths, job.Artifacts.Reports.JUnit) {
			assert.FileExists(t, filepath.Join(dir, name))
		}
	}
}

// TestJenkinsSnippet runs the shell step of the README's stage.
func TestJenkinsSnippet(t *testing.T) {
	t.Parallel()
	found := regexp.MustCompile(`steps \{ sh '(.*)' \}`).FindStringSubmatch(readme(t))
	require.NotNil(t, found)
	good, bad, _ := ciTarget(t)
	for target, want := range map[string]int{good: 0, bad: 1} {
		dir := t.TempDir()
		code, said := shell(t, dir, strings.Replace(found[1], "https://dam.example.com", target, 1))
		assert.Equal(t, want, code, said)
		require.NoError(t, readJUnit(read(t, filepath.Join(dir, "pocketcheck.xml"))))
	}
}
