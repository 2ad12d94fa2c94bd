package fieldtest_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestHTTP2OverTLS checks a URL as it stands on the internet.
func TestHTTP2OverTLS(t *testing.T) {
	t.Parallel()
	target := referencetest.Target()
	var second atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor == 2 {
			second.Add(1)
		}
		target.Handler.ServeHTTP(w, r)
	}))
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // the second run hangs up on purpose
	server.StartTLS()
	defer server.Close()
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())

	trusting := pocketcheck.Target{
		URL: server.URL, Key: target.Key, States: target.States, TLS: &tls.Config{RootCAs: pool},
	}
	result, err := pocketcheck.Run(t.Context(), trusting, pocketcheck.Options{})
	require.NoError(t, err)
	assert.Equal(t, report.Conformant, result.Verdict, "%s", result.Stopped)
	assert.Positive(t, second.Load())

	trusting.TLS = nil
	result, err = pocketcheck.Run(t.Context(), trusting, pocketcheck.Options{})
	require.NoError(t, err)
	assert.Equal(t, report.Inconclusive, result.Verdict)
	assert.Contains(t, result.Stopped, "certificate")
}
