package performance

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// module is what a module costs who builds the command on a new machine.
type module struct {
	path, version string
	bytes         int64 // of what is downloaded
	packages      int   // that are compiled
	compiling     time.Duration
}

// built is a package of a build, as -debug-actiongraph tells of it.
type built struct {
	Mode, Package string
	CmdUser       time.Duration
}

// BenchmarkBuild prints what each module costs who runs the command on a new machine.
func BenchmarkBuild(b *testing.B) {
	for b.Loop() {
		graph := filepath.Join(b.TempDir(), "graph.json")
		said, err := exec.Command("go", "build", "-a", "-o", os.DevNull, "-debug-actiongraph="+graph, "../../cmd/pocketcheck").CombinedOutput()
		require.NoError(b, err, "%s", said)
		text, err := os.ReadFile(graph)
		require.NoError(b, err)
		var all []built
		require.NoError(b, json.Unmarshal(text, &all))
		tell(modulesOf(b, all))
	}
	b.ReportMetric(0, "ns/op") // of no interest: compilers share the processors
}

func tell(modules []module) {
	var whole module
	fmt.Print("\n| module | kB | packages | compiling |\n| --- | --: | --: | --: |\n")
	for i, m := range modules {
		whole.bytes, whole.packages, whole.compiling = whole.bytes+m.bytes, whole.packages+m.packages, whole.compiling+m.compiling
		if i < 25 {
			fmt.Printf("| %s %s | %d | %d | %.1f s |\n", m.path, m.version, m.bytes/1000, m.packages, m.compiling.Seconds())
		}
	}
	fmt.Printf("| all %d | %d | %d | %.1f s |\n", len(modules), whole.bytes/1000, whole.packages, whole.compiling.Seconds())
}

// modulesOf gives the modules of a build, the one that takes longest first. The standard
// library is one without a version.
func modulesOf(b *testing.B, all []built) []module {
	b.Helper()
	took := map[string]time.Duration{}
	for _, p := range all {
		if p.Mode == "build" {
			took[p.Package] = p.CmdUser
		}
	}
	const each = "{{.ImportPath}} {{if .Module}}{{.Module.Path}} {{.Module.Version}}{{else}}std{{end}}"
	listed, err := exec.Command("go", "list", "-deps", "-f", each, "../../cmd/pocketcheck").Output()
	require.NoError(b, err)
	byPath := map[string]*module{}
	for line := range strings.Lines(string(listed)) {
		words := append(strings.Fields(line), "")
		m := byPath[words[1]]
		if m == nil {
			m = &module{path: words[1], version: words[2], bytes: download(b, words[1], words[2])}
			byPath[m.path] = m
		}
		m.packages, m.compiling = m.packages+1, m.compiling+took[words[0]]
	}
	var modules []module
	for _, m := range byPath {
		modules = append(modules, *m)
	}
	slices.SortFunc(modules, func(x, y module) int { return cmp.Compare(y.compiling, x.compiling) })
	return modules
}

// download is how many bytes of a module's version are downloaded.
func download(b *testing.B, path, version string) int64 {
	b.Helper()
	if version == "" {
		return 0
	}
	said, err := exec.Command("go", "mod", "download", "-json", path+"@"+version).Output()
	require.NoError(b, err)
	var at struct{ Zip string }
	require.NoError(b, json.Unmarshal(said, &at))
	file, err := os.Stat(at.Zip)
	require.NoError(b, err)
	return file.Size()
}
