package pocketcheck

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestMatched: what is run is what go test would let run, or more.
func TestMatched(t *testing.T) {
	t.Parallel()
	const name = "TestMediaPocket/comments.update/not-owner"
	for pattern, want := range map[string]bool{
		"": true, "TestMediaPocket": true, "^TestOther$": false, "TestMediaPocket/comments.update": true,
		"TestMediaPocket/comments.get": false, "/comments.update/not-owner$": true, "//not-owner": true, "//^ok$": false,
		"TestOther|TestMediaPocket//owner": true, "TestOther|TestMediaPocket//^ok$": false, "TestMediaPocket/comments.update/not-owner/deeper": true,
		"/(comments.get|comments.update)/": true, "/(comments.get|assets.get)/": false, "/[/|]/": false, `/comments\.update`: true, "/(": true,
	} {
		assert.Equal(t, want, matched(pattern, name), pattern)
	}
}
