package report_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestHTMLShowsFeatures: rules are headings, and the rows of an outline a table below
// its steps.
func TestHTMLShowsFeatures(t *testing.T) {
	t.Parallel()
	r, err := pocketcheck.Run(t.Context(), referencetest.Target(), pocketcheck.Options{Settle: -1, Facts: []string{"comments.update.*"}})
	require.NoError(t, err)
	page := rendered(t, r, "html")
	_, of, _ := strings.Cut(page, "<code>/api/v2/assets/:asset_id/comments/:comment_id</code></h3><p class=\"note\">Update comment")
	of, _, _ = strings.Cut(of, `<section class="endpoint"`)
	var headings []string
	for _, m := range regexp.MustCompile(`<h4>([^<]*)</h4>`).FindAllStringSubmatch(of, -1) {
		headings = append(headings, m[1])
	}
	assert.Equal(t, []string{"What it does", "Parameters", "Refusals", "Who may ask", "Effects", "Every endpoint takes an API key",
		"Every endpoint may fail", "No endpoint finds an asset that was deleted", "What no request shows"}, headings)
	assert.Contains(t, page, "<h6>comment must be a String, not &lt;value&gt;</h6>")
	assert.Regexp(t, `When</b> I update the comment with \{&#34;comment&#34;: &lt;value&gt;\}`, page)
	assert.Regexp(t, `<thead><tr><th scope="col">value</th><th scope="col">outcome</th></tr></thead><tbody><tr><td><code>123</code></td><td><span class="chip passed">`, page)
}
