package main

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/report/traffic"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestProxyHidesKeysOfOthers: a key that one client has is told nowhere, where another sends
// it in a path or a body.
func TestProxyHidesKeysOfOthers(t *testing.T) {
	t.Parallel()
	var lines bytes.Buffer
	s := newSightings(&lines, &proxyFlags{target: "http://api", known: &keyring{}})
	head := func(key string) http.Header { return http.Header{traffic.KeyHeader: {key}} }
	s.add(&traffic.Exchange{Method: http.MethodGet, Target: "/api/v2/assets/a", Header: head(secret), Status: 200})
	s.add(&traffic.Exchange{
		Method: http.MethodPost, Target: "/api/v2/" + secret + "?" + secret, Body: []byte(secret), Header: head("another-key"), Status: 404,
	})
	for _, write := range report.Formats {
		require.NoError(t, write(s.journal.Client("", s.target), &lines))
	}
	text, err := io.ReadAll(&lines)
	require.NoError(t, err)
	assert.Contains(t, string(text), "REDACTED")
	assert.NotContains(t, string(text), secret)
}
