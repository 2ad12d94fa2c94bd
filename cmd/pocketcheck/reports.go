package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/pocketcheck/pocketcheck/fixtures"
)

// formats are the reports that a command can write of a result.
type formats[T any] map[string]func(T, io.Writer) error

// reports are where the --report flags want a result written. Each path is tried
// before the run, so that an unwritable one is known then.
type reports[T any] struct {
	all    []reportFile[T]
	stdout io.Writer
}

type reportFile[T any] struct {
	write func(T, io.Writer) error
	path  string // "-": standard output
}

func openReports[T any](specs []string, known formats[T], stdout io.Writer) (*reports[T], error) {
	r := &reports[T]{stdout: stdout}
	for _, spec := range specs {
		format, path, ok := strings.Cut(spec, "=")
		write := known[format]
		if !ok || path == "" || write == nil {
			names := slices.Sorted(maps.Keys(known))
			return nil, fmt.Errorf("--report %q: want %s=FILE%s", spec, strings.Join(names, "=FILE or "), meantOf(format, names))
		}
		if isSeveral(path, known) {
			return nil, fmt.Errorf("--report %q: this is more than one; %s", spec, oneALine("report"))
		}
		if err := r.add(fmt.Sprintf("--report %q", spec), path, write); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// meantOf asks for one of several names that was meant; "" where it is one, or none is
// like it.
func meantOf(name string, names []string) string {
	if hint := fixtures.Meant(name, "", names...); hint != "" && !slices.Contains(names, name) {
		return "; " + hint
	}
	return ""
}

// isSeveral tells whether further reports follow the path, behind a comma or a blank
// as some other tools have them.
func isSeveral[T any](path string, known formats[T]) bool {
	parts := strings.FieldsFunc(path, func(c rune) bool { return strings.ContainsRune(",; \n", c) })
	return slices.ContainsFunc(parts, func(part string) bool {
		format, _, ok := strings.Cut(part, "=")
		return ok && known[format] != nil
	})
}

func (r *reports[T]) add(flag, path string, write func(T, io.Writer) error) error {
	if slices.Contains([]string{"/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"}, path) {
		path = "-" // the text must not go there, too
	}
	if r.has(path) {
		return fmt.Errorf("%s: only one report can go to %s", flag, path)
	}
	if path != "-" {
		if err := tryPath(path); err != nil {
			return fmt.Errorf("%s can't be written: %w", flag, err)
		}
	}
	r.all = append(r.all, reportFile[T]{write, path})
	return nil
}

func (r *reports[T]) has(path string) bool {
	return slices.ContainsFunc(r.all, func(f reportFile[T]) bool { return sameFile(f.path, path) })
}

// sameFile tells whether two paths lead to one file, which need not be there.
func sameFile(a, b string) bool {
	if a == "-" || b == "-" {
		return a == b
	}
	statA, errA := os.Stat(a)
	statB, errB := os.Stat(b) // #nosec G703 -- whoever runs the command names it
	return errA == nil && errB == nil && os.SameFile(statA, statB) || placeOf(a) == placeOf(b)
}

// placeOf gives where a path leads, by links too, whether there is a file or not.
func placeOf(path string) string {
	full, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	const most = 40 // links, as systems have it
	for range most {
		link, err := os.Readlink(full)
		if err != nil {
			break
		}
		if !filepath.IsAbs(link) {
			link = filepath.Join(filepath.Dir(full), link)
		}
		full = link
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(full)); err == nil {
		return filepath.Join(dir, filepath.Base(full))
	}
	return filepath.Clean(full)
}

// text gives where the report for a person goes: standard output, unless another
// report is there.
func (r *reports[T]) text(stderr io.Writer) io.Writer {
	if r.has("-") {
		return stderr
	}
	return r.stdout
}

// paths are the files, for who looks for more.
func (r *reports[T]) paths() (all []string) {
	for _, f := range r.all {
		if f.path != "-" {
			all = append(all, f.path)
		}
	}
	return all
}

// write makes the reports side by side, and stores one after the other.
func (r *reports[T]) write(result T) error {
	texts, problems := make([]bytes.Buffer, len(r.all)), make([]error, len(r.all))
	var made sync.WaitGroup
	for i, f := range r.all {
		made.Go(func() { problems[i] = caught(func() error { return f.write(result, &texts[i]) }) })
	}
	made.Wait()
	for i, f := range r.all {
		err := problems[i]
		switch {
		case err != nil:
		case f.path == "-":
			_, err = texts[i].WriteTo(r.stdout)
		default:
			err = replace(f.path, texts[i].Bytes())
		}
		if err != nil {
			problems[i] = fmt.Errorf("write report %s: %w", f.path, err)
		}
	}
	return errors.Join(problems...)
}
