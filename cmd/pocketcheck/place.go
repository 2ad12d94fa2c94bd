package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const temporary = ".pocketcheck-*.tmp"

// tryPath tells whether a file can be written, and leaves nothing behind: neither
// the file nor the folders that are made for it.
func tryPath(path string) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return errors.New("it is a folder; name a file")
	case err == nil && !info.Mode().IsRegular():
		return nil // a device or a pipe: to open it may wait for a reader
	case err == nil: // what may not be written must not be replaced either
		old, err := os.OpenFile(path, os.O_WRONLY, 0) // #nosec G304 -- whoever runs the command names it
		if err != nil {
			return reason(err)
		}
		return reason(old.Close())
	case strings.HasSuffix(path, string(filepath.Separator)):
		return errors.New("it is a folder; name a file")
	}
	f, err := os.CreateTemp(standing(filepath.Dir(path)), temporary)
	if err != nil {
		return reason(err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// standing is the folder itself or, where it is to be made, the nearest one above
// it that is there.
func standing(folder string) string {
	for {
		_, err := os.Lstat(folder)
		above := filepath.Dir(folder)
		if !errors.Is(err, fs.ErrNotExist) || above == folder {
			return folder
		}
		folder = above
	}
}

// reason is an error without the path of a temporary file, which nobody knows.
func reason(err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		return at.Err
	}
	if at, ok := errors.AsType[*os.LinkError](err); ok {
		return at.Err
	}
	return err
}

// replace writes a file, with its folders, so that nobody ever reads a half of it:
// under another name first. What can't be replaced is written where it is: a device,
// a pipe, a file that is mounted or stands in a folder of others.
func replace(path string, text []byte) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && (!info.Mode().IsRegular() || isDescriptor(path)):
		return write(path, text)
	case err == nil:
		if path, err = filepath.EvalSymlinks(path); err != nil {
			return err
		}
	default:
		path = filepath.Clean(path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { // #nosec G301 -- a report is for all, and has no key; the umask narrows it
			return err
		}
	}
	mayNot, err := swap(path, text)
	if mayNot && info != nil {
		return write(path, text)
	}
	return err
}

// swap puts a new file in the place of an old one. It tells whether that is what may
// not be done: of a disk that is full, the old one is not to be spoilt, too.
func swap(path string, text []byte) (mayNot bool, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), temporary)
	if err != nil {
		return true, reason(err)
	}
	_, err = f.Write(text)
	// A temporary file is its owner's alone; a report is for all.
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
		mayNot = err != nil
	}
	if err != nil {
		err = errors.Join(reason(err), os.Remove(f.Name()))
	}
	return mayNot, err
}

// write writes into what is there. What a shell has open goes on behind what was
// written to it before.
func write(path string, text []byte) error {
	how := os.O_WRONLY | os.O_TRUNC
	if isDescriptor(path) {
		how = os.O_WRONLY | os.O_APPEND
	}
	f, err := os.OpenFile(path, how, 0) // #nosec G304 -- whoever runs the command names it
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

// isDescriptor tells whether a path is a file that this process has open, such as
// /dev/stdout: behind it may be a regular one.
func isDescriptor(path string) bool {
	for range 8 { // links at most
		path = filepath.Clean(path)
		folder := filepath.Dir(path)
		if folder == "/dev/fd" || strings.HasPrefix(folder, "/proc/") && filepath.Base(folder) == "fd" {
			return true
		}
		target, err := os.Readlink(path)
		if err != nil {
			return false
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(folder, target)
		}
		path = target
	}
	return false
}
