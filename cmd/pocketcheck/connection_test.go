package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// gateHeader is what the gateway of these tests wants.
const gateHeader = secret + "-gate"

// fortress is a target that talks to whoever shows a certificate and a header.
type fortress struct {
	url           string
	ca, cert, key string // files
	let           atomic.Int64
}

func newFortress(t *testing.T, next http.Handler) *fortress {
	t.Helper()
	dir := t.TempDir()
	f := &fortress{ca: filepath.Join(dir, "ca.pem"), cert: filepath.Join(dir, "cl:ient.pem"), key: filepath.Join(dir, "client.key")}
	visitor := x509.NewCertPool()
	visitor.AddCert(identity(t, f.cert, f.key))
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Gate") != gateHeader {
			says(http.StatusForbidden, "<h1>403</h1>").ServeHTTP(w, r)
			return
		}
		f.let.Add(1)
		next.ServeHTTP(w, r)
	}))
	server.TLS = &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: visitor}
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // some are sent away on purpose
	server.StartTLS()
	t.Cleanup(server.Close)
	writePEM(t, f.ca, "CERTIFICATE", server.Certificate().Raw)
	f.url = server.URL
	return f
}

// identity writes the certificate of a client and its key.
func identity(t *testing.T, cert, private string) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	writePEM(t, cert, "CERTIFICATE", der)
	writePEM(t, private, "PRIVATE KEY", secret)
	certificate, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return certificate
}

func writePEM(t *testing.T, path, kind string, der []byte) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
}

// flags are those with which a command comes in.
func (f *fortress) flags(trust ...string) []string {
	return append(trust, "--target", f.url, "--header", "X-Gate: "+gateHeader, "--client-cert", f.cert, "--client-key", f.key)
}

// keyFile is a file with the key of these tests.
func keyFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key")
	require.NoError(t, os.WriteFile(path, []byte(apiKey), 0o600))
	return path
}

// TestConnectionOfAFortress: a run comes in with what it is given, and so do the doctor
// and the scripts, pasted into a shell.
func TestConnectionOfAFortress(t *testing.T) {
	t.Parallel()
	ref, err := newReference()
	require.NoError(t, err)
	f := newFortress(t, rewords(ref, `"status":"open"`, `"status":"closed"`))
	for _, trust := range [][]string{{"--ca-file", f.ca}, {"--insecure"}} {
		t.Run(trust[0], func(t *testing.T) {
			report := filepath.Join(t.TempDir(), "report.json")
			args := append([]string{"run", "--api-key-file", keyFile(t), "--fact", "assets.create.ok-article", "--report", "json=" + report}, f.flags(trust...)...)
			var stdout, stderr bytes.Buffer
			require.Equal(t, exitNonConform, run(args, &stdout, &stderr), "%s%s", &stdout, &stderr)
			text := read(t, report)
			assert.NotContains(t, text+stdout.String(), secret)
			isInsecure := trust[0] == "--insecure"
			assert.Equal(t, isInsecure, gjson.Get(text, "insecure").Bool())
			assert.Equal(t, isInsecure, bytes.Contains(stdout.Bytes(), []byte(", certificate not checked\n")))

			script := gjson.Get(text, `facts.#.failures.0.curl|0`).String()
			require.Contains(t, script, "# seen: ")
			before := f.let.Load()
			out := pasted(t, script, "POCKETCHECK_API_KEY="+apiKey, "POCKETCHECK_HEADER=X-Gate: "+gateHeader)
			assert.EqualValues(t, 2, f.let.Load()-before, "%s\n%s", script, out)
			assert.Contains(t, out, `"status":"closed"`)
		})
	}
	code, text := examined(t, f.url, f.flags("--insecure")[1:]...)
	assert.Equal(t, exitInconclusive, code, text)
	code, text = examined(t, f.url, f.flags("--ca-file", f.ca)...)
	assert.Zero(t, code, text)
	code, text = examined(t, f.url, append(f.flags(), "--insecure")...)
	assert.Zero(t, code, text)
	assert.Contains(t, text, "warn  TLS        the certificate is not checked")
}

// pasted runs a script as who reads it does, in another folder, and wants it to check
// what it needs.
func pasted(t *testing.T, script string, env ...string) string {
	t.Helper()
	for i := range env {
		cmd := exec.CommandContext(t.Context(), "sh", "-eu", "-c", script)
		cmd.Dir, cmd.Env = t.TempDir(), append([]string{"PATH=" + os.Getenv("PATH")}, append(env[:i:i], env[i+1:]...)...)
		out, err := cmd.CombinedOutput()
		require.Error(t, err, "without %s", env[i])
		assert.Contains(t, string(out), ": set it to ")
		assert.NotContains(t, string(out), "HTTP/")
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-eu", "-c", script)
	cmd.Dir, cmd.Env = t.TempDir(), append([]string{"PATH=" + os.Getenv("PATH")}, env...)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s\n%s", script, out)
	return string(out)
}

// TestConnectionThatCantBe: what does not go together, or is no certificate, is known
// before anything is sent.
func TestConnectionThatCantBe(t *testing.T) {
	t.Parallel()
	f := newFortress(t, http.NotFoundHandler())
	other := filepath.Join(t.TempDir(), "other.key")
	identity(t, filepath.Join(t.TempDir(), "other.pem"), other)
	locked := filepath.Join(t.TempDir(), "locked.key")
	writePEM(t, locked, "ENCRYPTED PRIVATE KEY", []byte("canary"))
	for _, tt := range []struct {
		flags []string
		want  string
	}{
		{[]string{"--client-cert", f.cert}, "--client-cert and --client-key: give both"},
		{[]string{"--client-key", f.key}, "--client-cert and --client-key: give both"},
		{[]string{"--client-cert", f.cert, "--client-key", other}, "are no pair in PEM: tls: private key does not match public key"},
		{[]string{"--client-cert", f.key, "--client-key", f.key}, "are no pair in PEM: "},
		{[]string{"--client-cert", f.cert, "--client-key", locked}, "has a passphrase"},
		{[]string{"--client-cert", "none", "--client-key", f.key}, "read --client-cert: open none: no such file or directory"},
		{[]string{"--client-cert=", "--client-key", f.key}, "--client-cert is empty"},
		{[]string{"--wait", "0s"}, "wait is 0s; give more than 0"},
		{[]string{"--wait=-1s"}, "wait is -1s; give more than 0"},
		{[]string{"--target", "http://localhost:1", "--client-cert", f.cert, "--client-key", f.key}, "nobody asks for a certificate at an http URL"},
	} {
		for _, command := range []string{"run", "doctor"} {
			var stdout, stderr bytes.Buffer
			args := append([]string{command, "--target", f.url, "--api-key-file", keyFile(t)}, tt.flags...)
			assert.Equal(t, exitUsage, run(args, &stdout, &stderr), tt.flags)
			assert.Contains(t, stderr.String(), tt.want)
			assert.Empty(t, stdout.String())
		}
	}
	var stdout, stderr bytes.Buffer
	assert.Equal(t, exitUsage, run([]string{"run", "--insecure"}, &stdout, &stderr))
	assert.Equal(t, "pocketcheck: --insecure belongs to a target; give --target too\n", stderr.String())
}
