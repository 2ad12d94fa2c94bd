package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/pocketcheck/pocketcheck"
	"golang.org/x/term"
)

// progress shows how a run goes: a line that changes on a terminal, a line for
// each scenario that fails elsewhere.
type progress struct {
	w      io.Writer
	live   bool
	colour bool

	mu     sync.Mutex
	done   int
	counts map[pocketcheck.Outcome]int
	quit   chan struct{}
	ended  chan struct{}
}

func newProgress(w io.Writer) *progress {
	p := &progress{w: w, counts: map[pocketcheck.Outcome]int{}, quit: make(chan struct{}), ended: make(chan struct{})}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb" {
		p.live = true
		p.colour = os.Getenv("NO_COLOR") == ""
	}
	return p
}

// start says what is checked, and watches for an interrupt.
func (p *progress) start(ctx context.Context, target string) {
	if target == "" {
		target = "the embedded reference"
	}
	p.print("checking %s\n", target)
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
	if p.live {
		p.print("\r\x1b[K")
	}
}

func (p *progress) scenario(s pocketcheck.Scenario) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	p.counts[s.Outcome]++
	switch {
	case p.live:
		fmt.Fprintf(p.w, "\r\x1b[K%d scenarios, %d failed", p.done, p.counts[pocketcheck.Failed])
	case s.Outcome == pocketcheck.Failed || s.Outcome == pocketcheck.Errored:
		fmt.Fprintf(p.w, "%s: %s\n", s.Outcome, strings.Join(s.Facts, ", "))
	}
}
