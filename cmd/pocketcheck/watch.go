package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/report/plain"
	"github.com/pocketcheck/pocketcheck/steps/wire"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"
)

// watch checks a target again and again, as what it is made of changes.
type watch struct {
	*progress
	target  pocketcheck.Target
	options pocketcheck.Options
	changed <-chan string  // what did
	last    *report.Report // of all facts; nil before the first
}

func (f *runFlags) addWatch(fs *pflag.FlagSet) {
	fs.StringVar(&f.watch, "watch", "", "run again when a file below a folder changes, this one without a name, or the target is there again")
	fs.Lookup("watch").NoOptDefVal = "."
}

// arguments takes the folder of --watch, which may stand apart from it.
func (f *runFlags) arguments(cmd *cobra.Command, args []string) error {
	if cmd.Flags().Changed("watch") && f.watch == "." && len(args) == 1 {
		f.watch = args[0]
		return nil
	}
	return noArguments(cmd, args)
}

// checkWatch refuses what a watch has no end to write at.
func (f *runFlags) checkWatch(cmd *cobra.Command) error {
	if f.watch == "" {
		return nil
	}
	if f.target == "" {
		return errors.New("--watch needs the target that you work on; give --target")
	}
	for _, name := range []string{"report", "ledger", "write-deviations", "verbose", "quiet", "complete", "failures"} {
		if cmd.Flags().Changed(name) {
			return fmt.Errorf("--watch shows what changes from run to run; leave --%s out", name)
		}
	}
	return nil
}

// watchRuns checks the target whenever a file below the folder changes, or the target is
// there again, until it is interrupted.
func (f *runFlags) watchRuns(cmd *cobra.Command, target pocketcheck.Target) error {
	ctx := cmd.Context()
	changed := make(chan string, 1)
	if err := watchFolder(ctx, f.watch, changed); err != nil {
		return fmt.Errorf("--watch %s: %w", f.watch, err)
	}
	w := &watch{progress: newProgress(cmd.OutOrStdout(), f.known.hide(f.name()), false), target: target, options: f.options, changed: changed}
	w.options.Wait = 24 * time.Hour
	if wire.Via(target.URL) == "" { // else its own address may be out of reach
		go watchTarget(ctx, target.URL, changed, func() { w.print("it is away\n") })
	}
	w.print("checking %s, and again when a file below %s changes or it is there again\n", w.progress.target, plain.Line(f.known.hide(f.watch)))
	for why := ""; ctx.Err() == nil; {
		next, err := w.check(ctx, why)
		if errors.Is(err, pocketcheck.ErrUsage) {
			return err
		}
		if err != nil {
			fmt.Fprintf(cmd.ErrOrStderr(), "pocketcheck: %v\n", err)
		}
		if why = next; why != "" {
			continue
		}
		select {
		case <-ctx.Done():
		case why = <-changed:
		}
	}
	return nil
}

// check runs the facts that did not hold, and then all. A change in the middle ends it, and
// is given.
func (w *watch) check(ctx context.Context, why string) (change string, err error) {
	ctx, end := context.WithCancel(ctx)
	defer end()
	interrupted := make(chan string, 1)
	go func() {
		defer close(interrupted)
		select {
		case <-ctx.Done():
		case change := <-w.changed:
			interrupted <- change
			end()
		}
	}()
	over := func() string { end(); return <-interrupted }
	if first := w.broken(); len(first) > 0 {
		options := w.options
		options.Facts = first
		r, err := w.run(ctx, options)
		if err != nil || ctx.Err() != nil {
			return over(), err
		}
		w.show(r, why, fmt.Sprintf("the %d that did not hold, first", len(first)))
	}
	r, err := w.run(ctx, w.options)
	if err != nil || ctx.Err() != nil {
		return over(), err
	}
	w.show(r, why, "")
	w.last = r
	return over(), nil
}

// run shows on a terminal how far it is.
func (w *watch) run(ctx context.Context, options pocketcheck.Options) (*report.Report, error) {
	if w.live {
		p := newProgress(w.w, w.progress.target, false)
		p.begun = true // it was said
		options.Planned, options.Progress = p.planned, p.scenario
		defer p.clear()
	}
	return pocketcheck.Run(ctx, w.target, options)
}

// broken are the facts that did not hold when all were checked.
func (w *watch) broken() (ids []string) {
	if w.last == nil {
		return nil
	}
	for _, f := range w.last.Facts {
		if f.Outcome == report.Failed || f.Outcome == report.Blocked || f.Outcome == report.Errored {
			ids = append(ids, f.Fact.ID)
		}
	}
	return ids
}

// usualLines is how many lines are shown where there is no terminal.
const usualLines = 24

// show fills one screen. What changed is a file's name, which anybody may have given it.
func (w *watch) show(r *report.Report, why, which string) {
	lines := usualLines
	var screen strings.Builder
	if w.live {
		screen.WriteString("\x1b[2J\x1b[H")
		if f, ok := w.w.(*os.File); ok {
			if _, height, err := term.GetSize(int(f.Fd())); err == nil {
				lines = height
			}
		}
	}
	screen.WriteString(time.Now().Format(time.TimeOnly))
	for _, part := range []string{plain.Line(why), which} {
		if part != "" {
			screen.WriteString(", " + part)
		}
	}
	screen.WriteString("\n")
	_ = r.WriteScreen(&screen, w.last, report.TextOptions{Colour: w.colour, Width: w.width()}, lines-2) // it is memory
	w.print("%s", screen.String())
}

// look is how often a target is asked whether it is there: each time it may log that nothing
// came of a connection.
const look = time.Second

// watchTarget tells when a target goes away, and when it is there again.
func watchTarget(ctx context.Context, address string, changed chan<- string, away func()) {
	u, err := url.Parse(address)
	if err != nil {
		return // a run refuses it
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	dialer := net.Dialer{Timeout: look}
	for wasAway := false; wire.Sleep(ctx, look); {
		c, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
		if err == nil {
			_ = c.Close() // that it is there is all
		}
		switch isAway := err != nil; {
		case ctx.Err() != nil:
		case isAway && !wasAway:
			away()
			wasAway = true
		case wasAway && !isAway:
			tell(changed, "it is there again")
			wasAway = false
		}
	}
}

// tell leaves a change to who looks next; one that is not looked at yet says enough.
func tell(changed chan<- string, what string) {
	select {
	case changed <- what:
	default:
	}
}
