package main

import (
	"crypto/tls"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestServesHTTPS: for clients that take nothing else, the provider states too.
func TestServesHTTPS(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	identity(t, cert, key)
	at := servesAt(t, "--tls-cert", cert, "--tls-key", key)
	assert.Equal(t, "https", at.api.Scheme)
	assert.Equal(t, "https", at.states.Scheme)

	for _, protocol := range []string{"http/1.1", "h2"} {
		client := &http.Client{Transport: &http.Transport{
			ForceAttemptHTTP2: protocol == "h2", TLSClientConfig: &tls.Config{InsecureSkipVerify: true, NextProtos: []string{protocol}},
		}}
		answer, err := client.Get(at.api.String() + "/api/v2/assets/x")
		require.NoError(t, err, protocol)
		require.NoError(t, answer.Body.Close())
		assert.Equal(t, http.StatusUnauthorized, answer.StatusCode, protocol)
		assert.Equal(t, protocol == "h2", answer.ProtoMajor == 2, protocol)
	}

	target := exec.CommandContext(t.Context(), "pocketcheck", "run", "--insecure", "--target", at.api.String(), "--states-url", at.states.String()+"/states",
		"--complete", "--quiet")
	target.Env = append(os.Environ(), append(quick, "POCKETCHECK_API_KEY="+embeddedKey)...)
	said, err := target.CombinedOutput()
	require.NoError(t, err, string(said))
	assert.Contains(t, string(said), "verdict: conformant")

	healthy := exec.CommandContext(t.Context(), "pocketcheck", "serve", "--healthcheck", "--listen", at.api.Host, "--tls-cert", cert, "--tls-key", key)
	said, err = healthy.CombinedOutput()
	require.NoError(t, err, string(said))
}

func TestServerLogsWhoSpeaksNoTLS(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	identity(t, cert, key)
	p, err := begin(dir, "serve", "--listen", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", key)
	require.NoError(t, err)
	t.Cleanup(p.close)
	require.True(t, p.stdout.has("serving at https://"), "%s%s", p.stdout, p.stderr)
	answer, err := http.Get(strings.Replace(p.servesAt().api, "https", "http", 1))
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	assert.Equal(t, http.StatusBadRequest, answer.StatusCode)
	require.True(t, p.stderr.has("TLS handshake error"))
	assert.Regexp(t, `^time=\S+ level=WARN msg="http: TLS handshake error`, p.stderr.String())
}
