package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/pocketcheck/pocketcheck"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// said runs pocketcheck in a folder and gives all that it wrote: standard output, standard
// error, and the files there.
func said(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "pocketcheck", args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), append(quick, "POCKETCHECK_API_KEY="+apiKey)...)
	out, _ := cmd.CombinedOutput() // that it fails is no news
	all := string(out)
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, f := range files {
		all += read(t, filepath.Join(dir, f.Name()))
	}
	return all
}

// followed answers as the reference, and sends the key behind each answer on its connection.
func followed(reference http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		reference.ServeHTTP(answer, r)
		c, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		defer func() { _ = c.Close() }()
		_, _ = fmt.Fprintf(c, "HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s%s", answer.Code, answer.Body.Len(), answer.Body, r.Header.Get("X-Api-Key")) // it may go
	})
}

// TestNothingBehindAnAnswerIsLogged: net/http logs what it finds on a kept connection.
func TestNothingBehindAnAnswerIsLogged(t *testing.T) {
	t.Parallel()
	ref, err := newReference()
	require.NoError(t, err)
	server := httptest.NewServer(followed(ref))
	t.Cleanup(server.Close)
	for _, args := range [][]string{
		{"run", "--report", "json=r.json", "--report", "html=r.html", "--ledger", "l.jsonl"}, {"doctor"}, {"run", "-v", "--fact", "assets.get.*"},
	} {
		text := said(t, t.TempDir(), append(args, "--target", server.URL)...)
		assert.NotEmpty(t, text)
		assert.NotContains(t, text, secret)
		assert.NotContains(t, text, "Unsolicited")
	}
}

// namedBadly starts a server with TLS whose certificate has names that steer a terminal, and
// have the key.
func namedBadly(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	const name = "\x1b]0;" + apiKey + "\x07\x1b[2J\r"
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name, Organization: []string{name}}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	server.StartTLS()
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "127.0.0.1", "localhost", 1) // an address is compared with no name
}

// TestNoArgumentSteersTheTerminal: what a script passes on may be anybody's, too.
func TestNoArgumentSteersTheTerminal(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"verify", "X"}, {"run", "--config", "X"}, {"run", "--deviations", "X"}, {"serve", "--listen", "X"}, {"help", "X"}, {"X"}, {"run", "--Xs"}} {
		for i := range args {
			args[i] = strings.ReplaceAll(args[i], "X", "\x1b[2J\u009b2J"+apiKey+"\r")
		}
		text := said(t, t.TempDir(), args...)
		assert.NotContains(t, text, secret, "%q", args)
		assert.False(t, strings.ContainsFunc(text, isSteering), "%q: %q", args, text)
		assert.NotEmpty(t, text)
	}
}

func isSteering(c rune) bool { return c != '\n' && unicode.IsControl(c) }

// TestNothingSteersTheTerminal: no command writes a control character that a target
// sent.
func TestNothingSteersTheTerminal(t *testing.T) {
	t.Parallel()
	steering := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Location"] = []string{"/\u009b2J\x1b[2J"}
		w.WriteHeader(http.StatusFound)
	}))
	t.Cleanup(steering.Close)
	garbage := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = io.WriteString(c, "\x1b[2J "+apiKey+"\x1b]0;x\x07\r\n\r\n") // it may go
		_ = c.Close()
	}))
	t.Cleanup(garbage.Close)
	for _, target := range []string{namedBadly(t), steering.URL, garbage.URL} {
		for _, args := range [][]string{
			{"run"}, {"run", "-q"}, {"run", "--wait", "1s"}, {"run", "--insecure"}, {"doctor"}, {"doctor", "--insecure"}, {"doctor", "--json"}, {"clean", "--ledger", "l"},
		} {
			if args[len(args)-1] == "--insecure" && !strings.HasPrefix(target, "https") {
				continue
			}
			t.Run(target+" "+strings.Join(args, " "), func(t *testing.T) {
				t.Parallel()
				steersNothing(t, append(args, "--target", target))
			})
		}
	}
}

// steersNothing looks at what a command says of a target that would steer.
func steersNothing(t *testing.T, args []string) {
	t.Helper()
	dir := t.TempDir()
	if args[0] == "clean" {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "l"), []byte(`{"event":"run","run":"1","target":"`+args[len(args)-1]+`"}`+"\n"+
			`{"event":"made","run":"1","asset":"a\u001b[2J"}`+"\n"), 0o600))
	}
	cmd := exec.CommandContext(t.Context(), "pocketcheck", args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), append(quick, "POCKETCHECK_API_KEY="+apiKey)...)
	out, _ := cmd.CombinedOutput() // that it fails is no news
	assert.NotEmpty(t, out)
	assert.NotContains(t, string(out), secret, "%v", args)
	assert.False(t, strings.ContainsFunc(string(out), isSteering), "%v: %q", args, out)
}

// TestOutlet: it is the way of whatever a dependency logs, and of a fault.
func TestOutlet(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	known := &keyring{}
	known.add(pocketcheck.NewKey(apiKey))
	o := outlet{&b, known}
	log.New(o, "", 0).Printf("bytes \x1b[2J of %s\r", apiKey)
	code := 0
	func() {
		defer o.survive(&code)
		panic("at \x1b " + apiKey)
	}()
	assert.Equal(t, exitInconclusive, code)
	assert.Equal(t, "bytes \\x1b[2J of REDACTED\\r\npocketcheck: a fault of pocketcheck, please report it: at \\x1b REDACTED\n", b.String())
}

// TestUsageErrorsHaveNoSecret: what is wrong with a command is said without what may be
// one.
func TestUsageErrorsHaveNoSecret(t *testing.T) {
	t.Parallel()
	const token = "other-s3cret-token"
	for _, args := range [][]string{
		{"run", "-k" + token},
		{"run", "--api-key", token},
		{"run", "--api-key=" + token},
		{"run", "--target", "http://127.0.0.1:1", "--states-url", "localhost:1/s?token=" + token},
		{"run", "--target", "http://127.0.0.1:1", "--states-url", "ftp://h/s?token=" + token},
		{"run", "--target", "http://127.0.0.1:1", "--states-url", "http://h:99999/s?token=" + token},
		{"run", "--target", "http://127.0.0.1:1/?token=" + token},
		{"run", "--target", "http://" + token + "@127.0.0.1:1"},
		{"run", "--target", "http://127.0.0.1:1", "--header", token},
		{"run", "--image", "x", "--image-env", "=" + token},
		{"doctor", "--target", "http://127.0.0.1:1", "--states-url", "http://127.0.0.1:1/?token=" + token},
		{"run", "--target", "http://127.0.0.1:1", "--api-key-file", token}, {"serve", "--control", "127.0.0.1:0", "--control-token-file=" + token},
		{"run", "POCKETCHECK_API_KEY=" + token}, {"doctor", "X=" + token, "--target", "http://127.0.0.1:1"},
		{"run", token}, {"run", token + "=="}, {"run", "--timeout", token}, {"run", "--rate", token}, {"facts", token},
		{"run", "--target", "http://127.0.0.1:1", "--target", "http://u:" + token + "@h"}, {"run", "--target", "http://127.0.0.1:1", "--target", "http://h/?token=" + token},
		{"run", "--target", "http://" + token + "@h", "--target", "http://%zz" + token + "/"},
	} {
		assert.NotContains(t, said(t, t.TempDir(), args...), token, "%v", args)
	}
}

// TestUsageErrorsHaveNoKey: a key in the wrong place is not repeated, wherever the right one
// would be.
func TestUsageErrorsHaveNoKey(t *testing.T) {
	t.Parallel()
	const inFile, other = secret + "-in-file", secret + "-other"
	dir := t.TempDir()
	file, config := filepath.Join(dir, "key"), filepath.Join(dir, "c.yaml")
	require.NoError(t, os.WriteFile(file, []byte(byteOrderMark+inFile+"\n"), 0o600))
	require.NoError(t, os.WriteFile(config, []byte("api-key-file: "+file+"\nvalues: {other_api_key: "+other+"}\n"), 0o600))
	for _, args := range [][]string{
		{apiKey}, {"help", apiKey}, {"__complete", apiKey, ""}, {"run", apiKey}, {"facts", apiKey}, {"run", "--concurrency", apiKey}, {"run", "--" + apiKey},
		{"run", "--fact", apiKey}, {"verify", apiKey}, {"run", "--config", apiKey}, {"serve", "--fault", apiKey}, {"serve", "--listen", apiKey},
		{"run", "--api-key-file", file, inFile}, {"run", "--api-key-file=" + file, "--" + inFile}, {"run", "--concurrency", inFile, "--api-key-file", file},
		{"run", "--api-key-file", file, "--fact", inFile}, {"serve", "--control-token-file", file, inFile},
		{"run", "--config", config, inFile}, {"run", "--config", config, "--tier", other}, {"doctor", "--config=" + config, other},
	} {
		text := said(t, t.TempDir(), args...)
		assert.NotContains(t, text, secret, "%v", args)
		assert.NotEmpty(t, text)
	}
}

// TestProxyThatSaysItsPassword: it has that of who gave it one, and may show it.
func TestProxyThatSaysItsPassword(t *testing.T) {
	t.Parallel()
	ref, err := newReference()
	require.NoError(t, err)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		ref.ServeHTTP(answer, r)
		told := r.Header.Get("Proxy-Authorization")
		password, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(told, "Basic "))
		w.WriteHeader(answer.Code)
		_, _ = io.WriteString(w, strings.ReplaceAll(answer.Body.String(), `"message":"`, fmt.Sprintf(`"message":"%s %s `, told, password))) // the client may go
	}))
	t.Cleanup(proxy.Close)
	cmd := exec.CommandContext(t.Context(), "pocketcheck", "run", "-v", "--target", "http://dam.example.com", "--fact", "comments.*", "--report", "html=r.html")
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), append(quick, "POCKETCHECK_API_KEY="+apiKey, "http_proxy="+strings.Replace(proxy.URL, "://", "://user:"+secret+"-password@", 1))...)
	out, err := cmd.CombinedOutput()
	require.Error(t, err, "no message is as it was sent")
	for _, text := range []string{string(out), read(t, filepath.Join(cmd.Dir, "r.html"))} {
		require.Contains(t, text, "REDACTED")
		assert.NotContains(t, text, secret)
		assert.NotContains(t, text, base64.StdEncoding.EncodeToString([]byte("user:" + secret))[:16])
	}
}

// TestShortKeyIsWarnedOf: to hide it spoils what the target says.
func TestShortKeyIsWarnedOf(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]bool{"short77": true, "longer-8": false} {
		cmd := exec.CommandContext(t.Context(), "pocketcheck", "run", "--target", "http://127.0.0.1:1")
		cmd.Env = append(os.Environ(), append(quick, "POCKETCHECK_API_KEY="+key)...)
		out, _ := cmd.CombinedOutput() // nobody answers
		assert.Equal(t, want, strings.Contains(string(out), "pocketcheck: warning: the API key has 7 characters;"), "%s", out)
	}
}

// TestFaultBesideTheCommand: what panics in a goroutine of its own would end the process,
// with a stack on standard error.
func TestFaultBesideTheCommand(t *testing.T) {
	t.Parallel()
	explode := func() error { panic("at " + apiKey) }
	for name, err := range map[string]error{
		"serve": inTime(t.Context(), explode),
		"prove": atOnce(t.Context(), []int{1, 2}, func(int, context.Context) error { return explode() }, func() {}),
	} {
		var exit exitError
		require.ErrorAs(t, err, &exit, name)
		assert.Equal(t, exitInconclusive, exit.code)
		assert.EqualError(t, err, "a fault of pocketcheck, please report it: at "+apiKey, "as the outlet gets it")
	}
}
