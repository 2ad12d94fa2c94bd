package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/pocketcheck/pocketcheck/report"
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
	p.live = isTerminal(w)
	p.colour = p.live && os.Getenv("NO_COLOR") == ""
	return p
}

func isTerminal(w io.Writer) bool {
	f, ok := through(w).(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

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
		line := fmt.Sprintf("%d scenarios, %d failed; slowest: %s, %.1f s", p.done, p.counts[report.Failed], p.slow, p.took.Seconds())
		fmt.Fprintf(p.w, "\r\x1b[K%.79s", line) // a longer one would leave its beginning behind
	case p.done%100 == 0, time.Since(p.shown) >= longestSilence:
		p.shown = time.Now()
		fmt.Fprintf(p.w, "%d scenarios, %d failed\n", p.done, p.counts[report.Failed])
	}
}
