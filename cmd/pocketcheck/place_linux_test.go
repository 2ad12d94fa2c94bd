package main

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// asNobody calls f as somebody who may not do everything, as root may.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	if os.Getuid() != 0 {
		f()
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // for good: the thread goes with its goroutine
		if err := syscall.Setfsuid(65534); err == nil {
			f()
		}
	}()
	<-done
}

// folder is one that others may enter.
func folder(t *testing.T, mode os.FileMode) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pocketcheck-place")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.Chmod(dir, 0o700); assert.NoError(t, os.RemoveAll(dir)) })
	require.NoError(t, os.WriteFile(filepath.Join(dir, "old"), []byte("an old, longer text"), 0o600))
	require.NoError(t, os.Chmod(filepath.Join(dir, "old"), 0o666))
	require.NoError(t, os.Chmod(dir, mode))
	return dir
}

// TestWriteInPlace: where no file can take the place of an old one, the old one is
// written, and nothing is left beside it.
func TestWriteInPlace(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		mode os.FileMode // of the folder
	}{
		{"no file can be made", 0o555},
		// As with a mounted file, a rename is refused, and nothing before it.
		{"a file can be made and not renamed", 0o777 | os.ModeSticky},
		{"a file can be renamed", 0o777},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t, tt.mode)
			path := filepath.Join(dir, "old")
			asNobody(t, func() {
				assert.NoError(t, tryPath(path))
				assert.NoError(t, replace(path, []byte("new")))
			})
			assert.Equal(t, "new", read(t, path))
			files, err := os.ReadDir(dir)
			require.NoError(t, err)
			assert.Len(t, files, 1)
		})
	}
}

// TestUnwritableIsKnownBefore: what can't be written in any way is refused.
func TestUnwritableIsKnownBefore(t *testing.T) {
	t.Parallel()
	dir := folder(t, 0o555)
	locked := filepath.Join(folder(t, 0o777), "old")
	require.NoError(t, os.Chmod(locked, 0o444))
	asNobody(t, func() {
		assert.ErrorIs(t, tryPath(filepath.Join(dir, "new")), syscall.EACCES)
		assert.ErrorIs(t, tryPath(filepath.Join(dir, "a", "b", "new")), syscall.EACCES)
		assert.ErrorIs(t, tryPath(locked), syscall.EACCES)
	})
}

// TestFullDiskSpoilsNothing: an old report is better than half a new one.
func TestFullDiskSpoilsNothing(t *testing.T) {
	t.Parallel()
	dir := folder(t, 0o755)
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("needs a small disk: %v", err)
	}
	t.Cleanup(func() { assert.NoError(t, syscall.Unmount(dir, 0)) })
	path := filepath.Join(dir, "report")
	require.NoError(t, os.WriteFile(path, []byte("old"), 0o600))
	require.ErrorIs(t, replace(path, make([]byte, 1<<20)), syscall.ENOSPC)
	assert.Equal(t, "old", read(t, path))
}
