package main

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
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

// targetBlocks reads the list of targets of a configuration that was named: one that is
// found in a folder is to send nothing to several.
func targetBlocks(cmd *cobra.Command) (path string, blocks [][]*ast.MappingValueNode, err error) {
	path = os.Getenv(environment("config"))
	if cmd.Flags().Changed("config") {
		path, _ = cmd.Flags().GetString("config") // its lookup succeeded
	}
	if path == "" || path == "-" {
		return path, nil, nil
	}
	text, err := readText(cmd, "read the configuration", path)
	if err != nil {
		return path, nil, err
	}
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return path, nil, yamlError(path, err)
	}
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		members, err := mapping(path, doc.Body)
		if err != nil {
			return path, nil, err
		}
		for _, m := range members {
			list, isList := m.Value.(*ast.SequenceNode)
			switch {
			case keyOf(m) != severalTargets:
				continue
			case !isList:
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
	}
	return path, blocks, nil
}

// placeholder stands in the name of a file for the target's.
const placeholder = "{name}"

var unfitForFiles = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// called is a target as its reports name it, or else its address.
func (f *runFlags) called() string {
	if name := strings.TrimSpace(f.implementation + " " + f.version); name != "" {
		return name
	}
	_, address, _ := strings.Cut(f.target, "://")
	return address
}

// nameFiles puts the target's name into those of files.
func (f *runFlags) nameFiles() {
	name := strings.Trim(unfitForFiles.ReplaceAllString(f.called(), "-"), "-.")
	for _, file := range []*string{&f.ledger, &f.writeTo} {
		*file = strings.ReplaceAll(*file, placeholder, name)
	}
	for i := range f.reports {
		f.reports[i] = strings.ReplaceAll(f.reports[i], placeholder, name)
	}
}

// runSeveral checks one target after the other, once all that is asked is known to be right.
// The exit code is the worst: a target that does not conform is worse than one of which
// that is not known.
func (f *runFlags) runSeveral(cmd *cobra.Command, runs []runOf) error {
	var files []string
	ready := make([]readyRun, len(runs))
	for i, run := range runs {
		var err error
		if ready[i], err = run.ready(run.cmd); err != nil {
			return fmt.Errorf("%s: %w", f.known.hide(run.called()), err)
		}
		written := slices.DeleteFunc(append(ready[i].reports.paths(), run.ledger), func(file string) bool { return file == "" })
		if ready[i].reports.has("-") {
			return errors.New("a report of several targets can't go to standard output; give files")
		}
		for _, file := range written {
			if slices.ContainsFunc(files, func(other string) bool { return sameFile(file, other) }) {
				return fmt.Errorf("two targets would write %s; write %s where the name of each is to stand", f.known.hide(file), placeholder)
			}
		}
		files = append(files, written...)
	}
	worst, lines := error(nil), ""
	for i, run := range runs {
		err := run.check(run.cmd, ready[i])
		exit, isExit := errors.AsType[exitError](err)
		if err != nil && !isExit {
			return fmt.Errorf("%s: %w", f.known.hide(run.called()), err)
		}
		if exit.err != nil {
			fmt.Fprintf(cmd.ErrOrStderr(), "pocketcheck: %s: %s\n", f.known.hide(run.called()), oneLine(exit.err.Error()))
		}
		if before, _ := errors.AsType[exitError](worst); isExit && before.code != exitNonConform {
			worst = exitError{exit.code, nil}
		}
		lines += fmt.Sprintf("%s: %s\n", f.known.hide(run.called()), strings.TrimPrefix(run.summary, "verdict: "))
		if cmd.Context().Err() != nil {
			break // the others would not begin
		}
	}
	if !f.quiet {
		lines = "\n" + lines
	}
	if _, err := fmt.Fprint(cmd.OutOrStdout(), lines); err != nil {
		return exitError{exitInconclusive, err}
	}
	return worst
}
