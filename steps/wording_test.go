package steps

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestNaming: frameworks spell the name of a parameter each in their own way.
func TestNaming(t *testing.T) {
	t.Parallel()
	for text, named := range map[string]bool{
		"Missing parameter external_id":     true,
		"External id is invalid":            true,
		"body/externalId must be a string":  true,
		"external-id: not a string":         true,
		"External must exist":               true,
		"External\nID":                      true,
		"Missing parameter":                 false,
		"":                                  false,
		"id must be a string":               false,
		"Validation failed: title is empty": false,
	} {
		assert.Equal(t, named, regexp.MustCompile(naming("external_id")).MatchString(text), text)
	}
}
