//go:build unix

package performance

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// rounds are how often each is measured, in turn with what it is compared with.
const rounds = 5

// bench is what is measured: the command, and a target for it.
type bench struct {
	*testing.B
	program string
	*target
	rows *strings.Builder // of the table
}

// spent is what a process took.
type spent struct {
	wall, cpu time.Duration
	peak      int64 // bytes
}

// do runs a process to its end.
func (b bench) do(environment []string, program string, args ...string) spent {
	b.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), environment...)
	begin := time.Now()
	said, err := cmd.CombinedOutput()
	wall := time.Since(begin)
	require.NoError(b, err, "%s", said)
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return spent{wall, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), int64(usage.Maxrss) << 10}
}

// run is a whole run against the target.
func (b bench) run(args ...string) spent {
	b.Helper()
	args = append([]string{"run", "--target", b.url, "--states-url", b.states, "--complete"}, args...)
	return b.do([]string{"POCKETCHECK_API_KEY=" + key}, b.program, args...)
}

// row is a line of the table.
func (b bench) row(what, unit string, figures []float64, limit string) {
	slices.Sort(figures)
	span := "measured once"
	if len(figures) > 1 {
		span = fmt.Sprintf("%.2f to %.2f", figures[0], figures[len(figures)-1])
	}
	fmt.Fprintf(b.rows, "| %s | %.2f%s | %s | %s |\n", what, figures[len(figures)/2], unit, span, limit)
}

// leftOut is a line of the table about what could not be measured.
func (b bench) leftOut(what string, reason error) {
	fmt.Fprintf(b.rows, "| %s | left out: %v | | a peer |\n", what, reason)
}

// BenchmarkTable prints what each target of docs/performance.md comes to. A part of it has
// a name of its own, as in -bench Table/reports.
func BenchmarkTable(top *testing.B) {
	program := filepath.Join(top.TempDir(), "pocketcheck")
	built, err := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, "../../cmd/pocketcheck").CombinedOutput()
	require.NoError(top, err, "%s", built)
	var rows strings.Builder
	for _, part := range []struct {
		name    string
		measure func(bench)
	}{
		{"whole", bench.whole}, {"distant", bench.distant}, {"reports", bench.reports},
		{"reference", bench.reference}, {"scale", bench.scale}, {"starts", bench.starts}, {"prove", bench.prove},
	} {
		top.Run(part.name, func(b *testing.B) {
			for b.Loop() {
				part.measure(bench{b, program, newTarget(b), &rows})
			}
			b.ReportMetric(0, "ns/op") // of no interest: all of it together
		})
	}
	fmt.Printf("\n| what | median of %d | from, to | target |\n| --- | --: | --: | --- |\n%s", rounds, &rows)
}

func (b bench) whole() {
	b.Helper()
	file := b.recorded(b.B, func() { b.run("--concurrency", "1") })
	var wall, cpu, peak []float64
	for range rounds {
		run, least := b.run(), b.do([]string{loopMode + "=" + file}, os.Args[0], b.url)
		wall = append(wall, run.wall.Seconds()/least.wall.Seconds())
		cpu = append(cpu, run.cpu.Seconds()/least.cpu.Seconds())
		peak = append(peak, float64(run.peak)/(1<<20))
	}
	b.row("a whole run ÷ a loop that sends the same requests, one after the other", "", wall, "≤ 1.2")
	b.row("the same, processor time", "", cpu, "≤ 2")
	b.floor(file)
	b.row("peak memory of a whole run", " MiB", peak, "≤ 64")
	b.row("requests for each fact", "", []float64{float64(len(b.sent)) / b.facts()}, "≤ 2.8")
	b.hurl()
}

// facts are those that a run tells of.
func (b bench) facts() float64 {
	b.Helper()
	path := filepath.Join(b.TempDir(), "report.json")
	b.run("--report", "json="+path)
	text, err := os.ReadFile(path)
	require.NoError(b, err)
	var report struct {
		Counts map[string]int `json:"counts"`
	}
	require.NoError(b, json.Unmarshal(text, &report))
	return float64(report.Counts["passed"])
}

func (b bench) distant() {
	b.Helper()
	for _, of := range []struct {
		away        time.Duration
		concurrency int
		limit       string
	}{{20 * time.Millisecond, 16, "≤ 1.05"}, {100 * time.Millisecond, 16, "≤ 1.05"}, {100 * time.Millisecond, 64, "≤ 1.2, or as long as the longest scenario"}} {
		b.away.Store(int64(of.away))
		var ratios []float64
		for range rounds {
			before := b.requests.Load()
			took := b.run("--concurrency", fmt.Sprint(of.concurrency)).wall
			n := b.requests.Load() - before
			ratios = append(ratios, took.Seconds()*float64(of.concurrency)/(float64(n)*of.away.Seconds()))
		}
		b.row(fmt.Sprintf("a target %s away, %d at once ÷ requests × %[1]s ÷ %[2]d", of.away, of.concurrency), "", ratios, of.limit)
	}
	b.away.Store(0)
}

func (b bench) reports() {
	b.Helper()
	var args []string
	for _, format := range []string{"badge", "cucumber", "html", "json", "junit", "markdown", "shields"} {
		args = append(args, "--report", format+"="+filepath.Join(b.TempDir(), format))
	}
	var ratios []float64
	for range rounds {
		with, without := b.run(args...), b.run()
		ratios = append(ratios, with.wall.Seconds()/without.wall.Seconds())
	}
	b.row("all reports ÷ none", "", ratios, "≤ 1.15")
}

func (b bench) reference() {
	b.Helper()
	var gets, posts []string
	var text string
	for range clients {
		var path string
		path, text = b.create()
		gets, posts = append(gets, getOf(path)), append(posts, commentOn(path))
	}
	least := bare(b.B, text)
	for _, of := range []struct {
		what, limit string
		requests    []string
	}{{"GET asset", "≥ 0.85", gets}, {"POST comment", "≥ 0.75", posts}} {
		var share, slow []float64
		ours, others := crowdOf(b.B, b.url, of.requests), crowdOf(b.B, least, of.requests)
		for range rounds {
			is, could := turnsOf(b.B, ours, others)
			share, slow = append(share, is.perSecond()/could.perSecond()), append(slow, is.slow()/could.slow())
		}
		b.row(of.what+", the reference in memory ÷ bare net/http", "", share, of.limit)
		b.row("the same, the slowest of 100", "", slow, "≤ 3")
	}
	b.wireMock(least, gets[0], posts[0])
}

// create makes an asset, and returns its path and what was answered.
func (b bench) create() (path, answer string) {
	b.Helper()
	r, err := http.NewRequest(http.MethodPost, b.url+"/api/v2/assets", strings.NewReader(`{"title":"a title","description":"a description","tags":["a","b"]}`))
	require.NoError(b, err)
	r.Header.Set("X-API-KEY", key)
	r.Header.Set("Content-Type", "application/json")
	got, err := http.DefaultClient.Do(r)
	require.NoError(b, err)
	defer func() { _ = got.Body.Close() }() // what was read is all that is needed
	text, err := io.ReadAll(got.Body)
	require.NoError(b, err)
	var made struct{ Asset struct{ ID string } }
	require.NoError(b, json.Unmarshal(text, &made))
	return "/api/v2/assets/" + made.Asset.ID, string(text)
}
