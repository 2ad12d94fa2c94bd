package wire

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseHeader(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"X-Gate: canary":               {"X-Gate", "canary"},
		" x-gate :canary\t":            {"x-gate", "canary"},
		"X-Gate: a:b, c":               {"X-Gate", "a:b, c"},
		"Authorization: Basic Y2FuOmE": {"Authorization", "Basic Y2FuOmE"},
	} {
		name, value, err := ParseHeader(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, [2]string{name, value})
	}
}

// TestHeadersThatCantBeSent: each is refused, without a word of its value.
func TestHeadersThatCantBeSent(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                              "is not of the form NAME: VALUE",
		"canary":                        "is not of the form NAME: VALUE",
		"can ary: canary":               "has a name that no header can have; it has letters, digits and hyphens",
		": canary":                      "has a name that no header can have; it has letters, digits and hyphens",
		"X-Gate:":                       "X-Gate has no value",
		"X-Gate: a\r\nX-Other: canary":  "X-Gate has a control character in its value, such as a line break",
		"X-Gate: canary\x00":            "X-Gate has a control character in its value, such as a line break",
		"x-api-key: canary":             "x-api-key can't be given: the API key has a place of its own: POCKETCHECK_API_KEY or --api-key-file",
		"content-type: text/canary":     "content-type can't be given: the document says which one every request has",
		"Host: canary":                  "Host can't be given: it is that of the URL",
		"TE: canary":                    "TE can't be given: it is about a connection, and those are the suite's",
		"proxy-authorization: B canary": "proxy-authorization can't be given: a proxy's credentials belong into its URL, in HTTP_PROXY or HTTPS_PROXY",
	} {
		_, _, err := ParseHeader(text)
		assert.EqualError(t, err, want)
	}
	assert.EqualError(t, CheckHeader(http.Header{"X-Gate": nil}), "X-Gate has no value")
}

// TestSecretsOfHeaders: a target may echo the credential alone.
func TestSecretsOfHeaders(t *testing.T) {
	t.Parallel()
	secrets := Secrets("the document says application/json and en", http.Header{
		"Authorization": {"Bearer canary-token"}, "Cookie": {`session=canary-cookie; theme="en"`}, "Accept": {"application/json"},
	}, http.Header{"Authorization": {"Basic dXNlcjpjYW5hcnktcGFzc3dvcmQ="}})
	for text, want := range map[string]string{
		"<canary-token>":                      "<REDACTED>",
		"Authorization: Bearer canary-token.": "Authorization: REDACTED.",
		"session canary-cookie":               "session REDACTED",
		"user:canary-password":                "REDACTED",
		"password canary-password":            "password REDACTED",
		"application/json, when":              "application/json, when",
	} {
		assert.Equal(t, want, Redact(text, secrets...))
	}
}
