package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// whole are the settings that are told with their values, where a configuration has them
// that nobody named: where the key goes, and which it is. Of the others, values may be
// secret.
var whole = []string{"target", "states-url", "api-key-file"}

// namingFiles are the settings that name files of which a run writes some.
var namingFiles = []string{"report", "ledger", "deviations", "write-deviations"}

// tellFound tells what a configuration set that was found in the working directory, before
// anything is sent: whoever gave the folder gave no order. Nor is it to name files
// elsewhere.
func tellFound(cmd *cobra.Command, path string, names []string) error {
	if len(names) == 0 {
		return nil
	}
	for _, name := range names {
		if slices.Contains(namingFiles, name) {
			if file := stray(cmd.Flags().Lookup(name)); file != "" {
				return fmt.Errorf("%s: %s names %s, which is outside of its folder; give --%s, or --config %s", path, name, file, name, path)
			}
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	for i, name := range names {
		if slices.Contains(whole, name) {
			value, _, _ := strings.Cut(cmd.Flags().Lookup(name).Value.String(), "?") // a query may have a token
			names[i] = name + " " + value
		}
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "pocketcheck: %s in this folder sets %s\n", path, strings.Join(names, ", "))
	return nil
}

// rank puts what is told whole first.
func rank(name string) int {
	if i := slices.Index(whole, name); i >= 0 {
		return i
	}
	return len(whole)
}

// stray gives the first file of a flag that is not in the working directory; "" where
// all are.
func stray(f *pflag.Flag) string {
	files := []string{f.Value.String()}
	if list, isList := f.Value.(pflag.SliceValue); isList {
		files = list.GetSlice()
	}
	for _, file := range files {
		if _, named, isReport := strings.Cut(file, "="); isReport && f.Name == "report" {
			file = named
		}
		if file != "-" && !isWithin(file) {
			return file
		}
	}
	return ""
}

// isWithin tells whether a file is in the working directory, wherever links lead. What is
// not there yet is where the folder is that it would be in.
func isWithin(file string) bool {
	if !filepath.IsLocal(file) {
		return false
	}
	here, err := filepath.EvalSymlinks(".")
	if err != nil {
		return false
	}
	for path := file; ; path = filepath.Dir(path) {
		if _, err := os.Lstat(path); err != nil && path != "." { // #nosec G703 -- nothing is opened: this is what refuses a path elsewhere
			continue
		}
		resolved, err := filepath.EvalSymlinks(path)
		if err != nil {
			return false
		}
		inside, err := filepath.Rel(here, resolved)
		return err == nil && filepath.IsLocal(inside)
	}
}
