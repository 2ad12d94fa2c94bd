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

// TestMisspelt: a pattern that means a fact that there is not must not pass.
func TestMisspelt(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]string{
		"": "", "TestMediaPocket": "", "TestMediaPocket/comments.update": "", "//^ok$": "", "TestMediaPocket/own": "",
		"TestMediaPocket/comments.update.ok$":           `there is no "comments.update.ok"; did you mean "comments.update/ok"?`,
		"^TestMediaPocket$/^comments.updaet$":           `there is no "comments.updaet"; did you mean "comments.update"?`,
		`TestMediaPocket/comments\.update/not-onwer`:    `there is no "comments.update/not-onwer"; did you mean "comments.update/not-owner"?`,
		"TestMediaPocket/comments.update/mine":          `there is no "comments.update/mine"; pocketcheck facts --endpoint 'POST /api/v2/assets/:asset_id/comments/:comment_id' lists those that there are`,
		"TestOther/comments.updaet|TestMediaPocket/own": "",
	} {
		got := misspelt(pattern, "TestMediaPocket")
		if want == "" {
			assert.Empty(t, got, pattern)
			continue
		}
		assert.Equal(t, "go test -run chooses no fact: "+want, got, pattern)
	}
}
