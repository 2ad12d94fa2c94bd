// Command pocketcheck checks whether a server conforms to the Media Pocket API
// v2, and serves a reference that does.
package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"syscall"

	"github.com/pocketcheck/pocketcheck/cmd/pocketcheck/interrupt"
	"github.com/pocketcheck/pocketcheck/cmd/pocketcheck/pathless"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/spf13/cobra"
)

// The exit codes.
const (
	exitConformant   = 0 // or partial
	exitNonConform   = 1
	exitUsage        = 2
	exitInconclusive = 3
)

func main() {
	pathless.Restore()
	signal.Ignore(syscall.SIGPIPE) // a reader that went must not keep a run from its clean-up
	if len(os.Args) > 1 && strings.HasPrefix(os.Args[1], cobra.ShellCompRequestCmd) {
		os.Stderr, _ = os.Open(os.DevNull) // cobra echoes there what a shell wants completed, which no shell shows
	}
	os.Exit(run(os.Args[1:], whileRead(os.Stdout), whileRead(os.Stderr)))
}

// exitError ends the command with a code; the reason, if any, goes to stderr.
type exitError struct {
	code int
	err  error
}

func (e exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit status %d", e.code)
	}
	return e.err.Error()
}
func (e exitError) Unwrap() error { return e.err }

// suggestion is how cobra says which command was meant, on one line.
var suggestion = regexp.MustCompile(`; Did you mean this\?; (\S+).*$`)

// oneLine joins the lines of several errors, and those of cobra's suggestions.
func oneLine(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return suggestion.ReplaceAllString(strings.Join(lines, "; "), `; did you mean "$1"?`)
}

// helpOnCommands makes an error of help on what is no command, which cobra would echo.
func helpOnCommands(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	if help, _, err := root.Find([]string{"help"}); err == nil {
		help.Args = func(_ *cobra.Command, args []string) error {
			_, _, err := root.Find(args)
			return err
		}
	}
}

func run(args []string, stdout, stderr io.Writer) (code int) {
	ctx, stop := interrupt.Context(func() { os.Exit(exitInconclusive) })
	defer stop()
	known := environmentKeys()
	out := outlet{stderr, known}
	stderr = out
	log.SetOutput(out)
	defer out.survive(&code)
	root := &cobra.Command{
		Use:   "pocketcheck",
		Short: "Check a server against the Media Pocket API v2",
		Example: `  pocketcheck run --target http://localhost:8080
  pocketcheck serve`,
		Version:       report.Version,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetArgs(args)
	root.SetIn(&standardInput{Reader: os.Stdin})
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetFlagErrorFunc(meant)
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages", ".FlagUsagesWrapped 80"))
	root.AddCommand(runCommand(known), serveCommand(known), ctlCommand(known), clientCommand(known), factsCommand(), explainCommand(), proveCommand(),
		diffCommand(), verifyCommand(), matrixCommand(), doctorCommand(known), cleanCommand(known), proxyCommand(known), reindexCommand(), checkStoreCommand(), schemaCommand(), openapiCommand(), versionCommand())
	helpOnCommands(root)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitConformant
	}
	exit, ok := errors.AsType[exitError](err)
	if !ok {
		exit = exitError{exitUsage, err} // cobra's own, and every error of what was asked
	}
	if exit.err != nil {
		known.addFiles(args)
		fmt.Fprintln(stderr, "pocketcheck:", oneLine(exit.err.Error()))
	}
	return exit.code
}
