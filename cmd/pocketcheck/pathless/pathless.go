// Package pathless hides PATH while packages initialize. godog looks for a Go toolchain
// then, by running "go env": that takes a fifth of the start, and in the folder of a module
// that wants a newer Go it may download one. This imports so little that it is
// among the first.
package pathless

import "os"

const name = "PATH"

var path, had = hidden()

func hidden() (path string, had bool) {
	path, had = os.LookupEnv(name)
	_ = os.Setenv(name, "") // where it can't be, all is as before
	return path, had
}

// Restore gives PATH back. It is the first thing that a command does.
func Restore() {
	if had {
		_ = os.Setenv(name, path) // it was one
	} else {
		_ = os.Unsetenv(name)
	}
}
