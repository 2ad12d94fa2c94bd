package report_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNestedAnswerIsNotIndented: each of its lines would have as many tabs as it
// is deep, which a hostile target makes thousands.
func TestNestedAnswerIsNotIndented(t *testing.T) {
	t.Parallel()
	const depth = 150
	result, err := pocketcheck.Run(t.Context(), pocketcheck.Target{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"asset": `+strings.Repeat("[", depth)+strings.Repeat("]", depth)+"}") // the client sees what is missing
		}), Key: pocketcheck.NewKey("key"),
	}, pocketcheck.Options{Settle: -1, Facts: []string{"assets.create.ok"}})
	require.NoError(t, err)
	require.NotEmpty(t, result.Failed())
	text := rendered(t, result, "html")
	assert.Contains(t, text, strings.Repeat("[", depth))
	assert.NotContains(t, text, strings.Repeat("\t", 50))
}
