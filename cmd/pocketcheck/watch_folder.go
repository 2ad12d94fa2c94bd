package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"
)

// pause is how long files must be at rest: editors and version control write several at
// once, some in several steps.
const pause = 100 * time.Millisecond

// watchFolder tells of each change of files below a folder, until ctx ends.
func watchFolder(ctx context.Context, folder string, changed chan<- string) error {
	if at, err := os.Stat(folder); err != nil {
		return err
	} else if !at.IsDir() {
		return errors.New("is no folder")
	}
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	if err := addBelow(w, folder); err != nil {
		return errors.Join(err, w.Close())
	}
	go func() {
		defer func() { _ = w.Close() }() // nobody looks any more
		rest, what := time.NewTimer(time.Hour), ""
		for {
			select {
			case <-ctx.Done():
				return
			case <-w.Errors: // of single events; the next change tells
			case <-rest.C:
				if what != "" {
					tell(changed, what)
				}
				what = ""
			case e := <-w.Events:
				if e.Op == fsnotify.Chmod || isPassedOver(filepath.Base(e.Name)) {
					continue
				}
				if e.Has(fsnotify.Create) {
					_ = addBelow(w, e.Name) // it may be gone again
				}
				what = filepath.Base(e.Name) + " changed"
				rest.Reset(pause)
			}
		}
	}()
	return nil
}

// isPassedOver tells of files and folders that are no part of a program: hidden ones, those
// of editors, and what package managers fill.
func isPassedOver(name string) bool {
	return strings.HasPrefix(name, ".") && name != "." && name != ".." || strings.HasSuffix(name, "~") || name == "node_modules" || name == "__pycache__"
}

// addBelow watches a folder, and those below it.
func addBelow(w *fsnotify.Watcher, folder string) error {
	return filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && path == folder:
			return err
		case err != nil, !d.IsDir():
			return nil
		case path != folder && isPassedOver(d.Name()):
			return filepath.SkipDir
		}
		if err := w.Add(path); errors.Is(err, syscall.ENOSPC) {
			return fmt.Errorf("the system watches no more folders; give a smaller one: %w", err)
		} else if err != nil {
			return err
		}
		return nil
	})
}
