package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/pocketcheck/pocketcheck/report/plain"
)

// ledgerFile is where a run writes down what it makes. It is made by the first line:
// a run that does not begin leaves none.
type ledgerFile struct {
	path string
	file *os.File
	err  error // the first
}

// openLedger refuses what a run can't write to, or what would be of no use then.
func (f *runFlags) openLedger(reports interface{ has(string) bool }) error {
	switch {
	case f.ledger == "":
		return nil
	case f.target == "":
		return errors.New("--ledger belongs to a target, since all others end with the run; give --target too")
	case f.ledger == "-":
		return errors.New("--ledger -: give a file, which is there after the run")
	case reports.has(f.ledger):
		return fmt.Errorf("--ledger %s: a report goes there", f.ledger)
	}
	if err := tryPath(f.ledger); err != nil {
		return fmt.Errorf("--ledger %s can't be written: %w", f.ledger, err)
	}
	if err := f.checkLedger(); err != nil {
		return err
	}
	f.written = &ledgerFile{path: f.ledger}
	f.options.Ledger = f.written
	return nil
}

// checkLedger refuses to write into a file that is something else, or another target's
// ledger, which no clean-up would take.
func (f *runFlags) checkLedger() error {
	info, err := os.Stat(f.ledger)
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return nil // it is made, or can't be read
	}
	text, err := os.ReadFile(f.ledger)
	if err != nil {
		return fmt.Errorf("read --ledger: %w", err)
	}
	isLedger, own := false, f.known.hide(strings.TrimRight(f.target, "/"))
	for line := range bytes.Lines(text) {
		var e struct{ Event, Target string }
		_ = json.Unmarshal(line, &e) // one that breaks off says nothing
		isRun := e.Event == "run"
		switch {
		case !isLedger && !isRun:
			return fmt.Errorf("--ledger %s is something else already; name another file", f.ledger)
		case isRun && e.Target != own:
			return fmt.Errorf("--ledger %s is of the target %q; name another file", f.ledger, plain.Line(e.Target))
		}
		isLedger = isLedger || isRun
	}
	return nil
}

// Write appends lines, behind what another run wrote, which may break off.
func (l *ledgerFile) Write(lines []byte) (n int, err error) {
	if l.file == nil && l.err == nil {
		l.err = l.open()
	}
	if l.err != nil {
		return 0, l.err
	}
	// The system has it then, and keeps it whatever becomes of this process.
	n, l.err = l.file.Write(lines)
	return n, l.err
}

func (l *ledgerFile) open() error {
	if err := os.MkdirAll(filepath.Dir(l.path), 0o755); err != nil { // #nosec G301 -- it has ids and no key; the umask narrows it
		return err
	}
	file, err := os.OpenFile(l.path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o644) // #nosec G302 -- as its folder
	if err != nil {
		return err
	}
	l.file = file
	end, err := file.Seek(0, io.SeekEnd)
	if err != nil || end == 0 {
		return nil // a pipe has no end
	}
	last := make([]byte, 1)
	if _, err := file.ReadAt(last, end-1); err == nil && last[0] != '\n' {
		_, err = io.WriteString(file, "\n")
		return err
	}
	return nil
}

// close tells what could not be written.
func (l *ledgerFile) close() error {
	if l == nil {
		return nil
	}
	err := l.err
	if l.file != nil {
		err = errors.Join(err, l.file.Close())
	}
	if err != nil {
		return fmt.Errorf("write --ledger %s: %w", l.path, reason(err))
	}
	return nil
}
