package main

import (
	"math"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// enoughMemory is what a command that asks a target may have before it would rather take
// its time: answers are bounded, and what they leave is to be collected sooner.
const enoughMemory = 160 << 20

// boundMemory is for commands that ask a target. GOMEMLIMIT says otherwise.
func boundMemory(*cobra.Command, []string) {
	if debug.SetMemoryLimit(-1) == math.MaxInt64 {
		debug.SetMemoryLimit(enoughMemory)
	}
}
