package referencetest

import "testing"

// Again leaves out a test that is the same suite over and over on many servers where the
// race detector is on: it learns nothing from that after the first, and makes it take
// four times as long.
func Again(t *testing.T) {
	t.Helper()
	if raced {
		t.Skip("it runs without the race detector")
	}
}
