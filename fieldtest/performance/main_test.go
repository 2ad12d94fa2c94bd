//go:build unix

package performance

import (
	"fmt"
	"os"
	"testing"
)

// loopMode makes a process of the tests the loop that a run is compared with: it names
// the file of its requests, and the argument the target.
const loopMode = "POCKETCHECK_TEST_LOOP"

func TestMain(m *testing.M) {
	if file := os.Getenv(loopMode); file != "" {
		if err := loop(file, os.Args[1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}
