package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/report/plain"
	"golang.org/x/term"
)

// progress shows how a run goes: a line that changes on a terminal, elsewhere a line
// every 100 scenarios, and as often as a slow run is not to be taken for one that hangs.
type progress struct {
	w      io.Writer
	target string
	quiet  bool
	live   bool
	colour bool

	mu     sync.Mutex
	begun  bool
	of     int       // scenarios, as far as is known
	since  time.Time // the first was begun
	done   int
	shown  time.Time     // the last line
	took   time.Duration // by the slowest scenario
	slow   string        // its first fact
	counts map[report.Outcome]int
	quit   chan struct{}
	ended  chan struct{}
}

const longestSilence = 30 * time.Second

func newProgress(w io.Writer, target string, quiet bool) *progress {
	p := &progress{w: through(w), target: target, quiet: quiet, counts: map[report.Outcome]int{}, quit: make(chan struct{}), ended: make(chan struct{})}
	p.live, p.colour = isTerminal(w), isColoured(w)
	return p
}

func isTerminal(w io.Writer) bool {
	f, ok := through(w).(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

// width is that of the terminal; 0 where there is none.
func (p *progress) width() int {
	if f, ok := p.w.(*os.File); ok && p.live {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil {
			return width
		}
	}
	return 0
}

// isColoured tells whether words may have colours there.
func isColoured(w io.Writer) bool { return isTerminal(w) && os.Getenv("NO_COLOR") == "" }

// start watches for an interrupt.
func (p *progress) start(ctx context.Context) {
	go func() {
		defer close(p.ended)
		select {
		case <-ctx.Done():
			p.clear()
			p.print("interrupted: cleaning up; once more ends at once\n")
		case <-p.quit:
		}
	}()
}

// begin says, once, what is checked. A run of a target that is refused never
// comes to it: the URL may hold credentials.
func (p *progress) begin() {
	if !p.begun && !p.quiet {
		p.begun, p.shown = true, time.Now()
		fmt.Fprintf(p.w, "checking %s\n", p.target)
	}
}

func (p *progress) stop() {
	close(p.quit)
	<-p.ended
	p.clear()
}

func (p *progress) print(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(p.w, format, args...)
}

func (p *progress) clear() {
	if p.live && !p.quiet {
		p.print("\r\x1b[K")
	}
}

// planned takes in how many scenarios there are.
func (p *progress) planned(scenarios int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.of, p.since = scenarios, time.Now()
}

func (p *progress) scenario(s report.Scenario) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.begin()
	p.done++
	p.counts[s.Outcome]++
	if s.Duration > p.took && len(s.Facts) > 0 {
		p.took, p.slow = s.Duration, s.Facts[0]
	}
	switch {
	case p.quiet:
	case p.live:
		fmt.Fprintf(p.w, "\r\x1b[K%s", p.line(fmt.Sprintf("; slowest: %s, %.1f s", p.slow, p.took.Seconds())))
	case p.done%100 == 0, time.Since(p.shown) >= longestSilence:
		p.shown = time.Now()
		fmt.Fprintln(p.w, p.line(""))
	}
}

// line tells how far the run is. What would not fit a terminal's line is left out: a
// longer one would leave its beginning behind.
func (p *progress) line(slowest string) string {
	p.of = max(p.of, p.done)                                                                // some run again
	broken := p.counts[report.Failed] + p.counts[report.Errored] + p.counts[report.Blocked] // which of them fail, the end shows
	failed := fmt.Sprintf("%d did not hold", broken)
	head := fmt.Sprintf("%d of %d scenarios, ", p.done, p.of)
	rest := p.estimate() + slowest
	if room := cmp.Or(p.width(), plain.Width) - 1 - len(head+failed); len(rest) > room {
		rest = rest[:max(room, 0)]
	}
	if p.colour && broken > 0 {
		failed = "\x1b[31m" + failed + "\x1b[0m"
	}
	return head + failed + rest
}

const (
	enough     = 20               // scenarios tell how long the others take
	worthwhile = 10 * time.Second // to be told of
)

func (p *progress) estimate() string {
	left := time.Since(p.since) / time.Duration(p.done) * time.Duration(p.of-p.done)
	if p.done < enough || left < worthwhile {
		return ""
	}
	return fmt.Sprintf(", about %v left", left.Round(time.Second))
}
