package fieldtest_test

import (
	"runtime/debug"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	// A run is short-lived garbage, and there are hundreds; so does "prove".
	debug.SetGCPercent(400)
	goleak.VerifyTestMain(m)
}
