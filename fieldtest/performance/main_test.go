//go:build unix

package performance

import (
	"fmt"
	"os"
	"testing"
)

// What a process of the tests is, in place of them. As the loop that a run is compared
// with, its variable names the file of the requests, and its argument the target.
const (
	loopMode   = "POCKETCHECK_TEST_LOOP"
	expectMode = "POCKETCHECK_TEST_LOOP_EXPECT" // the loop sends by httpexpect
	idleMode   = "POCKETCHECK_TEST_IDLE"
)

func TestMain(m *testing.M) {
	var err error
	switch file := os.Getenv(loopMode); {
	case os.Getenv(idleMode) != "":
		err = idle()
	case file != "" && os.Getenv(expectMode) != "":
		err = loop(file, os.Args[1], sent.sendByHTTPExpect)
	case file != "":
		err = loop(file, os.Args[1], sent.send)
	default:
		os.Exit(m.Run())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
