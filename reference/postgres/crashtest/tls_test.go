package crashtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures/containers/containertest"
	"github.com/pocketcheck/pocketcheck/report"
)

// certified makes a certificate of this machine that no authority of the system has
// signed, and its key, both as PEM.
func certified(t *testing.T) (certificate, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "an authority of its own"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	require.NoError(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
}

// encrypt lets PostgreSQL take TLS, too. Its files are its own alone to read.
func encrypt(t *testing.T, db database, certificate, key []byte) {
	t.Helper()
	for name, text := range map[string][]byte{"own.crt": certificate, "own.key": key} {
		lines := strings.ReplaceAll(strings.TrimSpace(string(text)), "\n", "','")
		db.do("COPY (SELECT unnest(ARRAY['" + lines + "'])) TO PROGRAM 'umask 077; cat >" + name + "'") // in its folder
	}
	db.do("ALTER SYSTEM SET ssl_cert_file = 'own.crt'")
	db.do("ALTER SYSTEM SET ssl_key_file = 'own.key'")
	db.do("ALTER SYSTEM SET ssl = on")
	db.do("SELECT pg_reload_conf()")
}

// TestTLS: with certificates of an authority of one's own, a process reaches both
// systems by TLS alone, and without it says what is wrong.
func TestTLS(t *testing.T) {
	t.Parallel()
	certificate, private := certified(t)
	authority := filepath.Join(t.TempDir(), "authority.pem")
	require.NoError(t, os.WriteFile(authority, certificate, 0o600))
	pair, err := tls.X509KeyPair(certificate, private)
	require.NoError(t, err)

	s := newSite(t)
	db := connect(t, s.database)
	encrypt(t, db, certificate, private)
	plain, err := url.Parse(containertest.Shared(t).ElasticsearchURL())
	require.NoError(t, err)
	elasticsearch := httptest.NewUnstartedServer(httputil.NewSingleHostReverseProxy(plain))
	elasticsearch.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
	elasticsearch.StartTLS()
	t.Cleanup(elasticsearch.Close)
	database := strings.Replace(s.database, "sslmode=disable", "sslmode=verify-full&sslrootcert=", 1)

	ends := func(database, says string, environment ...string) {
		p := &served{database: database, elasticsearch: elasticsearch.URL, environment: environment}
		at, err := p.begin()
		require.NoError(t, err)
		assert.Empty(t, at)
		p.close()
		assert.Contains(t, p.said(), says)
	}
	ends(strings.TrimSuffix(database, "&sslrootcert="), "certificate signed by unknown authority")
	ends(database+authority, "; make this machine trust it, on Linux by a file that SSL_CERT_FILE names")

	p := &served{database: database + authority, elasticsearch: elasticsearch.URL, environment: []string{"SSL_CERT_FILE=" + authority}}
	require.NoError(t, p.Start(t.Context()))
	defer p.close()
	r, err := pocketcheck.Run(t.Context(), pocketcheck.Target{URL: "http://" + p.address(), Key: pocketcheck.NewKey(key)}, pocketcheck.Options{})
	require.NoError(t, err)
	assert.Equal(t, report.Partial, r.Verdict, "nothing failed, and nobody sets states up")
	assert.Equal(t, "0", db.text(`SELECT count(*) FILTER (WHERE NOT ssl)::text FROM pg_stat_ssl JOIN pg_stat_activity a USING (pid)
		WHERE datname = current_database() AND pid <> pg_backend_pid()`))
}
