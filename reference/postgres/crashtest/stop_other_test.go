//go:build !unix

package crashtest

import "os"

// There is no signal that pauses a process, so TestCrash is skipped.
var stop, goOn os.Signal
