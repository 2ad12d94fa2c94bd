package fieldtest_test

import (
	"runtime/debug"
	"testing"

	"go.uber.org/goleak"

	"github.com/pocketcheck/pocketcheck/reference/referencetest"
)

func TestMain(m *testing.M) {
	// A run is short-lived garbage, and there are hundreds; so does "prove".
	debug.SetGCPercent(400)
	goleak.VerifyTestMain(m)
}

// proofs are run without the race detector.
var proofs = referencetest.Proofs{
	"TestCaches", "TestConnectionsThatEnd", "TestJudgeOfConformantServers", "TestJudgeFindsFaults", "TestNoReportHasTheKey", "TestNothingIsMissing", "TestOrderOfGivensChangesNothing",
}

func TestProofs(t *testing.T) {
	t.Parallel()
	proofs.Run(t)
}
