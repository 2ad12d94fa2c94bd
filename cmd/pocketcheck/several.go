package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/pocketcheck/pocketcheck/report/plain"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// severalTargets is the key of a configuration that lists targets.
const severalTargets = "targets"

// repeated is a flag that may be given again, for a further run.
type repeated struct {
	one *string
	all *[]string
}

// Set is part of pflag's Value.
func (r repeated) Set(text string) error {
	*r.one, *r.all = text, append(*r.all, text)
	return nil
}
func (r repeated) String() string { return *r.one }

// Type is part of pflag's Value.
func (repeated) Type() string { return "string" }

// runOf is the run against one of several targets.
type runOf struct {
	*runFlags
	cmd *cobra.Command
}

// several gives a run for each --target, or for each of the targets that the configuration
// lists which was named; none where there is one.
func (f *runFlags) several(cmd *cobra.Command) (runs []runOf, err error) {
	if f.own != nil { // it is one of them
		return nil, nil
	}
	path, blocks, err := targetBlocks(cmd)
	switch {
	case err != nil:
		return nil, err
	case len(blocks) > 0 && len(f.targets) > 0:
		return nil, fmt.Errorf("--target beside the %s of %s: give one", severalTargets, path)
	case len(blocks) == 0 && len(f.targets) < 2:
		return nil, nil
	case f.watch != "" || f.image != "" || f.stack:
		return nil, errors.New("several targets: leave --watch, --image and --stack out")
	}
	for _, target := range f.targets {
		run := f.another(cmd)
		if err := run.cmd.Flags().Set("target", target); err != nil {
			return nil, err
		}
		runs = append(runs, run)
	}
	for _, block := range blocks {
		run := f.another(cmd)
		for _, m := range block {
			if keyOf(m) == severalTargets {
				return nil, fmt.Errorf("%s: %s within %s", at(path, m), severalTargets, severalTargets)
			}
			if _, err := apply(run.cmd, path, m, run.own); err != nil {
				return nil, err
			}
		}
		if run.target == "" {
			return nil, fmt.Errorf("%s: one of the %s has no target", at(path, block[0]), severalTargets)
		}
		runs = append(runs, run)
	}
	return runs, nil
}

// another gives a run with the same flags but the target.
func (f *runFlags) another(cmd *cobra.Command) runOf {
	run := runOf{runFlags: &runFlags{targetFlags: targetFlags{known: f.known}, own: settings{}}}
	run.cmd = run.command()
	run.cmd.Annotations = map[string]string{severalTargets: "one of them"}
	run.cmd.SetContext(cmd.Context())
	cmd.Parent().AddCommand(run.cmd) // whose settings its variables are told from
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		texts := []string{flag.Value.String()}
		if list, isList := flag.Value.(pflag.SliceValue); isList {
			texts = list.GetSlice()
		}
		for _, text := range texts {
			if flag.Name != "target" {
				_ = run.cmd.Flags().Set(flag.Name, text) // it was set before
			}
		}
	})
	return run
}

// targetBlocks reads the list of targets of a configuration that was named. One that is found
// in a folder is to send nothing to several, and of a pipe the run itself would miss it:
// [apply] refuses those.
func targetBlocks(cmd *cobra.Command) (path string, blocks [][]*ast.MappingValueNode, err error) {
	path = os.Getenv(environment("config"))
	if cmd.Flags().Changed("config") {
		path, _ = cmd.Flags().GetString("config") // its lookup succeeded
	}
	members, err := membersOf(path, bytes.TrimPrefix(regular(path), []byte(byteOrderMark)))
	if err != nil {
		return path, nil, nil // the run reads it, too, and tells
	}
	for _, m := range members {
		if keyOf(m) != severalTargets {
			continue
		}
		list, isList := m.Value.(*ast.SequenceNode)
		if !isList {
			return path, nil, fmt.Errorf("%s: %s wants a list, of which each has a target", at(path, m), severalTargets)
		}
		for _, n := range list.Values {
			block, err := mapping(path, n)
			if err != nil {
				return path, nil, err
			}
			blocks = append(blocks, block)
		}
	}
	return path, blocks, nil
}

// placeholder stands in the name of a file for the target's.
const placeholder = "{name}"

var unfitForFiles = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// called is what is checked as its reports name it, or else where it is, without what may be
// a secret of its URL.
func (f *runFlags) called() string {
	name := strings.TrimSpace(f.implementation + " " + f.version)
	switch at, err := url.Parse(f.target); {
	case name != "":
	case f.target == "":
		name = f.name()
	case err == nil:
		name = at.Host + at.Path
	}
	return plain.Line(f.known.hide(cmp.Or(name, "a target")))
}

// nameFiles puts the name of what is checked into those of files.
func (f *runFlags) nameFiles() {
	name := strings.Trim(unfitForFiles.ReplaceAllString(f.called(), "-"), "-.")
	for _, file := range []*string{&f.ledger, &f.writeTo} {
		*file = strings.ReplaceAll(*file, placeholder, name)
	}
	for i := range f.reports {
		f.reports[i] = strings.ReplaceAll(f.reports[i], placeholder, name)
	}
}

// readyAll sees to it that all that is asked of several runs is right.
func (f *runFlags) readyAll(runs []runOf) (ready []readyRun, err error) {
	var files []string
	for _, run := range runs {
		r, err := run.ready(run.cmd)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", run.called(), err)
		}
		if r.reports.has("-") {
			return nil, errors.New("a report of several targets can't go to standard output; give files")
		}
		written := slices.DeleteFunc(append(r.reports.paths(), run.ledger), func(file string) bool { return file == "" })
		for _, file := range written {
			if slices.ContainsFunc(files, func(other string) bool { return sameFile(file, other) }) {
				return nil, fmt.Errorf("two targets would write %s; write %s where the name of each is to stand", f.known.hide(file), placeholder)
			}
		}
		files, ready = append(files, written...), append(ready, r)
	}
	return ready, nil
}

// runSeveral checks one target after the other, and ends with a line for each. The exit code
// is the worst: a target that does not conform is worse than one of which that is not known.
func (f *runFlags) runSeveral(cmd *cobra.Command, runs []runOf) error {
	ready, err := f.readyAll(runs)
	if err != nil {
		return err
	}
	var lines strings.Builder
	code := exitConformant
	for i, run := range runs {
		if cmd.Context().Err() != nil {
			fmt.Fprintf(&lines, "%s: not begun\n", run.called())
			code = cmp.Or(code, exitInconclusive)
			continue
		}
		result, err := run.check(run.cmd, ready[i])
		exit, isExit := errors.AsType[exitError](err)
		if err != nil && !isExit {
			return fmt.Errorf("%s: %w", run.called(), err)
		}
		if exit.err != nil {
			fmt.Fprintf(cmd.ErrOrStderr(), "pocketcheck: %s: %s\n", run.called(), oneLine(exit.err.Error()))
		}
		if isExit && code != exitNonConform {
			code = exit.code
		}
		summary := "no result"
		if result != nil {
			summary = strings.TrimPrefix(result.Summary(), "verdict: ")
		}
		fmt.Fprintf(&lines, "%s: %s\n", run.called(), summary)
	}
	if _, err := fmt.Fprintf(cmd.OutOrStdout(), "\n%s", lines.String()); err != nil {
		return exitError{exitInconclusive, err}
	}
	if code == exitConformant {
		return nil
	}
	return exitError{code, nil}
}
