package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck"
)

// formats are the reports that --report knows.
var formats = map[string]func(*pocketcheck.Report, io.Writer) error{
	"json":  (*pocketcheck.Report).WriteJSON,
	"junit": (*pocketcheck.Report).WriteJUnit,
}

// reports are files that are made before a run, so that an unwritable path is
// known then, and take their names once they are whole.
type reports struct{ all []*reportFile }

type reportFile struct {
	write func(*pocketcheck.Report, io.Writer) error
	path  string // "-": standard output
	out   io.Writer
	file  *os.File // nil for standard output
	whole string   // the name that a temporary file takes
}

func openReports(specs []string, stdout io.Writer) (*reports, error) {
	r := &reports{}
	for _, spec := range specs {
		f, err := openReport(spec, stdout)
		if f != nil && r.has(f.path) {
			err = fmt.Errorf("--report %q: only one report can go to %s", spec, f.path)
		}
		if f != nil {
			r.all = append(r.all, f)
		}
		if err != nil {
			r.discard()
			return nil, err
		}
	}
	return r, nil
}

func openReport(spec string, stdout io.Writer) (*reportFile, error) {
	format, path, ok := strings.Cut(spec, "=")
	write := formats[format]
	if !ok || path == "" || write == nil {
		return nil, fmt.Errorf("--report %q: want json=FILE or junit=FILE", spec)
	}
	f := &reportFile{write: write, path: path, out: stdout}
	if path == "-" {
		return f, nil
	}
	var err error
	info, statErr := os.Stat(path)
	switch {
	case statErr == nil && info.IsDir():
		return nil, fmt.Errorf("--report %q: %s is a folder; name a file", spec, path)
	case statErr == nil && !info.Mode().IsRegular(): // a device or a pipe has no name to take
		f.file, err = os.OpenFile(path, os.O_WRONLY, 0)
	default:
		f.whole = path
		if statErr == nil { // what may not be written must not be replaced either
			var old *os.File
			if old, err = os.OpenFile(path, os.O_WRONLY, 0); err == nil {
				err = old.Close()
			}
		}
		if err == nil {
			f.file, err = os.CreateTemp(filepath.Dir(path), ".pocketcheck-*.tmp")
		}
	}
	if err != nil {
		return nil, fmt.Errorf("--report %q can't be written: %w", spec, err)
	}
	f.out = f.file
	return f, nil
}

func (r *reports) has(path string) bool {
	return slices.ContainsFunc(r.all, func(f *reportFile) bool { return f.path == path })
}

// text gives where the report for a person goes: standard output, unless another
// report is there.
func (r *reports) text(stdout, stderr io.Writer) io.Writer {
	if r.has("-") {
		return stderr
	}
	return stdout
}

func (r *reports) write(report *pocketcheck.Report) error {
	var problems []error
	for _, f := range r.all {
		if err := f.finish(report); err != nil {
			problems = append(problems, fmt.Errorf("write report %s: %w", f.path, err))
		}
	}
	return errors.Join(problems...)
}

func (f *reportFile) finish(report *pocketcheck.Report) error {
	if err := f.write(report, f.out); err != nil || f.file == nil {
		return err
	}
	if f.whole != "" {
		// A temporary file is its owner's alone; a report is for all.
		if err := f.file.Chmod(0o644); err != nil {
			return err
		}
	}
	if err := f.file.Close(); err != nil || f.whole == "" {
		return err
	}
	if err := os.Rename(f.file.Name(), f.whole); err != nil {
		return err
	}
	f.whole = ""
	return nil
}

// discard removes what did not become a report.
func (r *reports) discard() {
	for _, f := range r.all {
		if f.file == nil {
			continue
		}
		_ = f.file.Close() // it may be closed
		if f.whole != "" {
			_ = os.Remove(f.file.Name()) // nothing more can be done about it
		}
	}
}
