//go:build unix

package crashtest

import (
	"os"
	"syscall"
)

// stop and goOn are the signals that pause a process.
var stop, goOn os.Signal = syscall.SIGSTOP, syscall.SIGCONT
