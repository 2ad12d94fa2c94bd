package pocketcheck_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/pocketcheck/pocketcheck"

// TestWhoImportsWhom holds the layers apart: the library pulls in no server, the
// reference shares nothing with the suite, and the data knows of nobody.
func TestWhoImportsWhom(t *testing.T) {
	t.Parallel()
	direct := map[string][]string{ // "": the standard library alone
		"":                                  {"features", "fixtures", "report", "steps", "steps/wire"},
		"features":                          {},
		"fieldtest":                         {},
		"fieldtest/performance":             {},
		"fixtures":                          {},
		"report":                            {"features", "fixtures", "report/plain"},
		"report/plain":                      {},
		"report/traffic":                    {"fixtures", "fixtures/openapi", "report", "report/plain", "steps/wire"},
		"report/traffic/proxy":              {"report/traffic", "steps/wire"},
		"steps":                             {"fixtures", "report", "report/plain", "steps/match", "steps/wire"},
		"steps/match":                       {},
		"steps/wire":                        {"report"},
		"reference":                         {},
		"reference/memory":                  {"reference"},
		"reference/fault":                   {"reference"},
		"reference/control":                 {"report", "report/traffic"},
		"reference/mock":                    {"fixtures", "reference", "reference/control", "reference/fault", "report", "report/traffic"},
		"reference/postgres":                {"reference", "reference/internal/address"},
		"reference/postgres/crashtest":      {},
		"reference/elastic":                 {"reference", "reference/internal/address"},
		"reference/internal/address":        {},
		"reference/mocktest":                {"fixtures", "reference", "reference/control", "reference/memory", "reference/mock", "report/plain", "report/traffic"},
		"reference/sample":                  {"reference"},
		"reference/storetest":               {"reference"},
		"reference/referencetest":           {"", "fixtures", "reference", "reference/memory"},
		"fixtures/openapi":                  {"fixtures"},
		"fixtures/containers":               {"report/plain"},
		"fixtures/containers/containertest": {"fixtures/containers"},
		"cmd/pocketcheck/interrupt":         {},
		"cmd/pocketcheck/pathless":          {},
		"cmd/pocketcheck/health":            {},
		"cmd/pocketcheck/metrics":           {"reference/postgres"},
		"cmd/pocketcheck/tracing":           {},
		"cmd/pocketcheck": {
			"", "cmd/pocketcheck/interrupt", "cmd/pocketcheck/pathless", "cmd/pocketcheck/health", "cmd/pocketcheck/metrics", "cmd/pocketcheck/tracing", "fixtures", "fixtures/containers", "fixtures/openapi", "report", "report/plain", "steps/wire", "reference", "reference/memory", "reference/fault", "reference/postgres", "reference/elastic",
			"reference/control", "reference/mock", "reference/sample", "report/traffic", "report/traffic/proxy",
		},
	}
	libraries := map[string][]string{
		"report":                            {"github.com/cucumber/gherkin", "github.com/cucumber/messages"},
		"report/traffic":                    {"github.com/santhosh-tekuri/jsonschema", "github.com/tidwall/gjson", "golang.org/x/text"},
		"report/traffic/proxy":              {"github.com/andybalholm/brotli", "github.com/klauspost/compress"},
		"steps":                             {"github.com/cucumber/gherkin", "github.com/cucumber/godog", "github.com/cucumber/messages", "github.com/gavv/httpexpect", "github.com/tidwall/gjson", "github.com/tidwall/sjson", "golang.org/x/sync"},
		"steps/match":                       {"github.com/tidwall/gjson"},
		"steps/wire":                        {"github.com/tidwall/gjson", "golang.org/x/net", "golang.org/x/sync", "golang.org/x/time"},
		"reference":                         {"github.com/tidwall/gjson"},
		"reference/postgres":                {"github.com/jackc/pgx", "github.com/pressly/goose", "golang.org/x/sync"},
		"reference/elastic":                 {"github.com/elastic/elastic-transport-go", "go.opentelemetry.io/otel/trace"},
		"reference/mock":                    {"github.com/tidwall/gjson", "golang.org/x/net"},
		"reference/storetest":               {"github.com/stretchr/testify"},
		"cmd/pocketcheck/health":            {"golang.org/x/sync"},
		"cmd/pocketcheck/tracing":           {"go.opentelemetry.io", "github.com/exaring/otelpgx", "github.com/jackc/pgx", "github.com/elastic/elastic-transport-go"},
		"cmd/pocketcheck/metrics":           {"github.com/jackc/pgx", "github.com/prometheus/client_golang"},
		"fixtures/containers":               {"github.com/testcontainers/testcontainers-go", "github.com/moby/moby", "github.com/containerd/errdefs", "github.com/jackc/pgx"},
		"fixtures/containers/containertest": {"github.com/moby/moby"},
		"cmd/pocketcheck":                   {"github.com/spf13", "github.com/goccy/go-yaml", "github.com/santhosh-tekuri/jsonschema", "golang.org/x/term", "github.com/fsnotify/fsnotify", "github.com/rs/cors", "go.opentelemetry.io/otel"},
	}
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "./...").Output()
	require.NoError(t, err)
	seen := 0
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		pkg := strings.TrimPrefix(strings.TrimPrefix(words[0], module), "/")
		allowed, known := direct[pkg]
		require.True(t, known, "%q is a package that no rule names", pkg)
		seen++
		for _, imported := range words[1:] {
			first, _, _ := strings.Cut(imported, "/")
			if own, isOwn := strings.CutPrefix(imported, module); isOwn {
				require.Contains(t, allowed, strings.TrimPrefix(own, "/"), "imported by %q", pkg)
			} else if strings.Contains(first, ".") {
				require.True(t, slices.ContainsFunc(libraries[pkg], func(l string) bool { return strings.HasPrefix(imported, l) }),
					"%q imports %s", pkg, imported)
			}
		}
	}
	require.Len(t, direct, seen, "a rule names a package that is not there")
}

// TestReportsStandAlone: who only reads, compares or verifies reports brings along
// nothing that drives a target.
func TestReportsStandAlone(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "./report").Output()
	require.NoError(t, err)
	for _, driver := range []string{"godog", "httpexpect", "pocketcheck/steps", "pocketcheck/reference", "testing"} {
		for imported := range strings.Lines(string(out)) {
			require.NotContains(t, imported, driver)
		}
	}
}

// TestModulesOfTheLibrary: whoever imports the root package for a test of their own
// gets these modules to trust and to update. A new one has its reason where the
// number is raised.
func TestModulesOfTheLibrary(t *testing.T) {
	t.Parallel()
	const atMost = 44
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", ".")
	list.Env = append(list.Environ(), "GOOS=linux", "GOARCH=amd64") // some are for one system alone
	out, err := list.Output()
	require.NoError(t, err)
	paths := strings.Fields(string(out))
	slices.Sort(paths)
	paths = slices.Compact(paths)
	t.Logf("a user of the root package gets %d modules", len(paths))
	require.NotEmpty(t, paths)
	require.LessOrEqual(t, len(paths), atMost, "a module more for each user of the library: %s", strings.Join(paths, " "))
}
