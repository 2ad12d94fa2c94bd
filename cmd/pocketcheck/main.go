// Command pocketcheck checks whether a server conforms to the Media Pocket API
// v2, and serves a reference that does.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/pocketcheck/pocketcheck"
	"github.com/spf13/cobra"
)

// The exit codes.
const (
	exitConformant   = 0 // or partial
	exitNonConform   = 1
	exitUsage        = 2
	exitInconclusive = 3
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// exitError ends the command with a code; the reason, if any, goes to stderr.
type exitError struct {
	code int
	err  error
}

func (e exitError) Error() string { return e.err.Error() }
func (e exitError) Unwrap() error { return e.err }

func run(args []string, stdout, stderr io.Writer) int {
	signalled, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-signalled.Done()
		stop() // a second signal ends the process at once, from before the first one shows
		cancel()
	}()
	root := &cobra.Command{
		Use:           "pocketcheck",
		Short:         "Check a server against the Media Pocket API v2",
		Version:       pocketcheck.Version,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages", ".FlagUsagesWrapped 80"))
	root.AddCommand(runCommand(), serveCommand(), factsCommand(), proveCommand())
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitConformant
	}
	exit, ok := errors.AsType[exitError](err)
	if !ok {
		exit = exitError{exitUsage, err} // cobra's own, and every error of what was asked
	}
	if exit.err != nil {
		fmt.Fprintln(stderr, "pocketcheck:", strings.ReplaceAll(exit.err.Error(), "\n", "; "))
	}
	return exit.code
}
