// Package interrupt hears the signals by which a command is ended, from the start of
// the process on. What else a command imports takes a while to initialize, in which a
// signal would end it without a word: this imports so little that it is among the first.
package interrupt

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

var signals = heard()

func heard() <-chan os.Signal {
	c := make(chan os.Signal, 4)
	signal.Notify(c, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	return c
}

// Context gives a context that the first signal cancels, and a function that lets go
// of it. A second signal calls atOnce.
func Context(atOnce func()) (context.Context, func()) {
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan struct{})
	go watch(signals, over, cancel, atOnce)
	return ctx, func() {
		close(over)
		cancel()
	}
}

// echoes is how long a second signal may be the first one again: what ends a process
// group, as timeout and a CI do, signals some of it twice.
const echoes = time.Second

func watch(signals <-chan os.Signal, over <-chan struct{}, cancel, atOnce func()) {
	var first time.Time
	for {
		select {
		case <-over:
			return
		case <-signals:
			switch {
			case first.IsZero():
				first = time.Now()
				cancel()
			case time.Since(first) > echoes:
				atOnce()
			}
		}
	}
}
