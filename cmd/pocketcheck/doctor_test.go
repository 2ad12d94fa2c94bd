package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// examined runs the doctor on a target with the key of these tests.
func examined(t *testing.T, url string, flags ...string) (code int, text string) {
	t.Helper()
	key := filepath.Join(t.TempDir(), "key")
	require.NoError(t, os.WriteFile(key, []byte(apiKey), 0o600))
	var stdout, stderr bytes.Buffer
	code = run(append([]string{"doctor", "--target", url, "--api-key-file", key}, flags...), &stdout, &stderr)
	assert.Empty(t, stderr.String())
	assert.NotContains(t, stdout.String(), secret)
	for line := range strings.Lines(stdout.String()) {
		assert.True(t, len(line) <= 81 || strings.HasPrefix(stdout.String(), "{"), line)
	}
	return code, stdout.String()
}

// recorded keeps the requests that a handler gets.
type recorded struct {
	http.Handler
	mu       sync.Mutex
	requests []string // method, path and body
	keys     []string
}

func (r *recorded) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body) // the handler would see what is missing
	r.mu.Lock()
	r.requests = append(r.requests, req.Method+" "+req.URL.Path+" "+string(body))
	r.keys = append(r.keys, req.Header.Get("X-API-KEY"))
	r.mu.Unlock()
	req.Body = io.NopCloser(bytes.NewReader(body))
	r.Handler.ServeHTTP(w, req)
}

func TestDoctorWritesNothing(t *testing.T) {
	t.Parallel()
	server, err := newReference()
	require.NoError(t, err)
	api, states := &recorded{Handler: server}, &recorded{Handler: server.Control()}
	target, control := httptest.NewServer(api), httptest.NewServer(states)
	defer target.Close()
	defer control.Close()
	code, text := examined(t, target.URL, "--states-url", control.URL+"/states")
	assert.Zero(t, code)
	assert.True(t, strings.HasSuffix(text, "\nready\n"), text)
	assert.Regexp(t, `ok    facts      (\d+) of \d+ testable facts can be checked`, text)
	assert.NotContains(t, text, "for lack of")
	require.Len(t, api.requests, 2+len(readable())+samples)
	for _, request := range api.requests {
		assert.Regexp(t, `^GET /api/v2/assets/not-found-id(/\S+)? $`, request)
	}
	require.Len(t, states.requests, len(providerStates()))
	for i, request := range states.requests {
		assert.True(t, strings.HasPrefix(request, "POST /states {"), request)
		assert.Contains(t, request, `"action":"teardown"`)
		assert.Empty(t, states.keys[i])
	}
}

// TestDoctorSeesWhatIsWrong has a target or more for each line.
func TestDoctorSeesWhatIsWrong(t *testing.T) {
	t.Parallel()
	good, err := newReference()
	require.NoError(t, err)
	header := func(name, value string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header()[name] = []string{value}
			good.ServeHTTP(w, r)
		})
	}
	at := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	unknown := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("X-API-KEY", apiKey)
		good.ServeHTTP(w, r)
	})
	tests := []struct {
		name   string
		target http.Handler
		code   int
		want   string
	}{
		{"refused", says(http.StatusUnauthorized, apiKey), 3, "fail  key        the API key is refused with 401 Unauthorized\nnot ready\n"},
		{"redirects", header("Location", "/"), 0, "ok    key  "},
		{"redirect", says(http.StatusFound, apiKey), 3, "fail  reachable  GET http"},
		{"another API", says(http.StatusNotFound, `{"error": "`+apiKey+`"}`), 3, "and everything else 404, too: is the address right?"},
		{"no API", says(http.StatusOK, "<h1>"+apiKey+"</h1>"), 3, "answered 200 OK by a page in HTML, and so is everything else: it is another site"},
		{"nobody", says(http.StatusForbidden, `{"message": "`+apiKey+`"}`), 3, "answered 403 Forbidden, and so is everything else: a gateway, or the server, lets nobody"},
		{"wrong", says(http.StatusOK, `"`+apiKey+`"`), 0, "warn  key        not refused, but 200 OK is not the documented 404"},
		{"any key", unknown, 0, "warn  other key  an unknown key gets 404 Not Found, not 401"},
		{"early", header("Date", at(-time.Hour)), 0, "behind this machine's"},
		{"late", header("Date", at(time.Hour)), 0, "ahead of this machine's"},
		{"no clock", header("Date", apiKey), 0, "ok    clock      unknown: the answer has no Date"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			target := httptest.NewServer(tt.target)
			defer target.Close()
			code, text := examined(t, target.URL)
			assert.Equal(t, tt.code, code, text)
			assert.Contains(t, strings.Join(strings.Fields(text), " "), strings.Join(strings.Fields(tt.want), " "))
		})
	}
}

func TestDoctorSeesWhyThereIsNoAnswer(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		apiKey + "\r\n\r\n":                                   "what it answers is not HTTP, or breaks off",
		"HTTP/1.1 " + apiKey + "\r\n\r\n":                     "what it answers is not HTTP, or breaks off",
		"HTTP/1.1 200\r\n" + apiKey + "\r\n":                  "what it answers is not HTTP, or breaks off",
		"HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n": "it closes the connection without an answer",
		"": "it closes the connection without an answer",
	} {
		target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			c, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				_, _ = io.WriteString(c, answer) // the client sees what is missing
				_ = c.Close()
			}
		}))
		code, text := examined(t, target.URL)
		target.Close()
		assert.Equal(t, 3, code, "%q: %s", answer, text)
		assert.Contains(t, text, "fail  reachable  "+want, "%q", answer)
	}
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = silent.Close() }()
	code, text := examined(t, "http://"+silent.Addr().String(), "--timeout", "50ms")
	assert.Equal(t, 3, code)
	assert.Contains(t, text, "fail  reachable  no whole answer within 50ms\nnot ready\n")
}

// shortLived is a certificate for 127.0.0.1 that ends in a day.
func shortLived(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(24 * time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func TestDoctorReadsTheCertificate(t *testing.T) {
	t.Parallel()
	server, err := newReference()
	require.NoError(t, err)
	start := func(configure *tls.Config) (url, ca string) {
		target := httptest.NewUnstartedServer(server)
		target.TLS, target.Config.ErrorLog = configure, log.New(io.Discard, "", 0)
		target.StartTLS()
		t.Cleanup(target.Close)
		ca = filepath.Join(t.TempDir(), "ca.pem")
		block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: target.Certificate().Raw})
		require.NoError(t, os.WriteFile(ca, block, 0o600))
		return target.URL, ca
	}
	url, ca := start(&tls.Config{})
	code, text := examined(t, url, "--ca-file", ca)
	assert.Zero(t, code)
	assert.Contains(t, text, `ok    TLS        TLS 1.3, certificate by "O=Acme Co" until 2084-01-29`)
	code, text = examined(t, url)
	assert.Equal(t, 3, code)
	assert.Contains(t, strings.Join(strings.Fields(text), " "), "certificate signed by unknown authority; --ca-file, in Go Target.TLS, names further certificates to trust")
	code, text = examined(t, strings.Replace(url, "https", "http", 1))
	assert.Equal(t, 3, code, "it answers 400 in plain HTTP")
	assert.Contains(t, text, "answered 400 Bad Request: it wants https://, not http://")

	url, ca = start(&tls.Config{Certificates: []tls.Certificate{shortLived(t)}})
	code, text = examined(t, url, "--ca-file", ca)
	assert.Zero(t, code)
	assert.Contains(t, strings.Join(strings.Fields(text), " "), "warn TLS TLS 1.3, certificate by \"\" until "+
		time.Now().Add(24*time.Hour).UTC().Format(time.DateOnly)+", which is soon")
}

func TestDoctorAsJSON(t *testing.T) {
	t.Parallel()
	server, err := newReference()
	require.NoError(t, err)
	target := httptest.NewServer(server)
	defer target.Close()
	code, text := examined(t, target.URL, "--json")
	assert.Zero(t, code)
	var got struct {
		Ready    bool
		Target   string
		Findings []struct {
			Grade, What string
			Says        []string
		}
	}
	require.NoError(t, json.Unmarshal([]byte(text), &got))
	assert.True(t, got.Ready)
	assert.Equal(t, target.URL, got.Target)
	seen := map[string]bool{}
	for _, f := range got.Findings {
		assert.Contains(t, []string{"ok", "warn"}, f.Grade)
		assert.NotEmpty(t, f.Says)
		seen[f.What] = true
	}
	for _, what := range []string{"reachable", "key", "other key", "TLS", "clock", "state", "facts", "latency", "run"} {
		assert.True(t, seen[what], what)
	}
}

// TestDoctorKnowsHowLongARunIs holds the number of requests, from which a run's
// length is estimated, to that of a run.
func TestDoctorKnowsHowLongARunIs(t *testing.T) {
	t.Parallel()
	target, err := embedded(memory.New())
	require.NoError(t, err)
	var requests atomic.Int64
	handler := target.Handler
	target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		handler.ServeHTTP(w, r)
	})
	_, err = pocketcheck.Run(t.Context(), target, pocketcheck.Options{Settle: -1})
	require.NoError(t, err)
	assert.InEpsilon(t, requestsOfARun, requests.Load(), 0.1)

	d := newDoctor(target, pocketcheck.Options{Concurrency: 2, Rate: 1}, &keyring{})
	d.duration(0)
	assert.Equal(t, "warn", d.findings[0].Grade)
	assert.Contains(t, d.findings[0].Says[0], fmt.Sprintf("about %v for", requestsOfARun*time.Second))
	d = newDoctor(target, pocketcheck.Options{Concurrency: 2}, &keyring{})
	d.duration(100 * time.Millisecond)
	assert.Equal(t, "ok", d.findings[0].Grade)
	assert.Contains(t, d.findings[0].Says[0], fmt.Sprintf("about %v for", requestsOfARun*50*time.Millisecond))
}
