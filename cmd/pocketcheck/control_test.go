package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const controlToken = secret + "-control-token"

// servesControl starts a server whose provider states are at an address, and gives which.
func servesControl(t *testing.T, args ...string) *url.URL {
	t.Helper()
	return servesAt(t, args...).states
}

// statesAnswer asks for a key, as it is said to be sent.
func statesAnswer(t *testing.T, at *url.URL, change func(*http.Request)) int {
	t.Helper()
	_, port, err := net.SplitHostPort(at.Host)
	require.NoError(t, err)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1:"+port+"/states", strings.NewReader(`{"state":"another user"}`))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	change(r)
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	return answer.StatusCode
}

func TestControlAnswersWhoIsMeantTo(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(file, []byte(controlToken+"\n"), 0o600))
	local := servesControl(t, "--control", "127.0.0.1:0")
	open := servesControl(t, "--control", "0.0.0.0:0", "--control-token-file", file)
	machine, err := os.Hostname()
	require.NoError(t, err)
	host := func(name string) func(*http.Request) {
		return func(r *http.Request) { r.Host = strings.ReplaceAll(name, "PORT", r.URL.Port()) }
	}
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, strings.ReplaceAll(value, "PORT", r.URL.Port())) }
	}
	token := header("Authorization", "Bearer "+controlToken)
	for _, tt := range []struct {
		name   string
		at     *url.URL
		change []func(*http.Request)
		want   int
	}{
		{"as it is meant", local, nil, 200},
		{"localhost", local, []func(*http.Request){host("LocalHost:PORT")}, 200},
		{"IPv6", local, []func(*http.Request){host("[::1]:PORT")}, 200},
		{"another host", local, []func(*http.Request){host("attacker.example:PORT")}, 403},
		{"another host that begins so", local, []func(*http.Request){host("127.0.0.1.attacker.example:PORT")}, 403},
		{"another port", local, []func(*http.Request){host("127.0.0.1:1")}, 403},
		{"no port", local, []func(*http.Request){host("localhost")}, 403},
		{"another address", local, []func(*http.Request){host("192.0.2.1:PORT")}, 403},
		{"own origin", local, []func(*http.Request){header("Origin", "http://127.0.0.1:PORT")}, 200},
		{"another origin", local, []func(*http.Request){header("Origin", "http://attacker.example")}, 403},
		{"no origin of note", local, []func(*http.Request){header("Origin", "null")}, 403},
		{"plain text", local, []func(*http.Request){header("Content-Type", "text/plain")}, 415},
		{"without a token that nobody wants", local, []func(*http.Request){token}, 200},

		{"with the token", open, []func(*http.Request){token}, 200},
		{"with the token, through a port of another", open, []func(*http.Request){token, host("localhost:1")}, 200},
		{"with the token, to another address", open, []func(*http.Request){token, host("192.0.2.1:1")}, 200},
		{"with the token, to this machine", open, []func(*http.Request){token, host(machine + ":PORT")}, 200},
		{"with the token, another host", open, []func(*http.Request){token, host("attacker.example:PORT")}, 403},
		{"with the token, another origin", open, []func(*http.Request){token, header("Origin", "http://attacker.example")}, 403},
		{"without the token", open, nil, 401},
		{"with another token", open, []func(*http.Request){header("Authorization", "Bearer "+controlToken+"x")}, 401},
		{"with the token alone", open, []func(*http.Request){header("Authorization", controlToken)}, 401},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, statesAnswer(t, tt.at, func(r *http.Request) {
				for _, change := range tt.change {
					change(r)
				}
			}))
		})
	}
}

// TestControlShowsItsPageWithoutTheToken: a browser can't send one when it is led there.
func TestControlShowsItsPageWithoutTheToken(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "0.0.0.0:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	handler := guarded(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), l, "0.0.0.0:0", pocketcheck.NewKey(controlToken))
	for _, tt := range []struct {
		name, method, target string
		header               []string
		want                 int
	}{
		{"the page", "GET", "http://192.0.2.1/", nil, 200},
		{"its head", "HEAD", "http://192.0.2.1/", nil, 200},
		{"with something asked", "GET", "http://192.0.2.1/?x", nil, 200},
		{"something posted to it", "POST", "http://192.0.2.1/", nil, 401},
		{"the keys", "GET", "http://192.0.2.1/keys", nil, 401},
		{"the keys by another way", "GET", "http://192.0.2.1//keys", nil, 401},
		{"the keys by a way back", "GET", "http://192.0.2.1/../keys", nil, 401},
		{"two slashes", "GET", "http://192.0.2.1//", nil, 401},
		{"by another host", "GET", "http://attacker.example/", nil, 403},
		{"for a page of others", "GET", "http://192.0.2.1/", []string{"Origin", "http://attacker.example"}, 403},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequestWithContext(t.Context(), tt.method, tt.target, http.NoBody)
			for i := 0; i < len(tt.header); i += 2 {
				r.Header.Set(tt.header[i], tt.header[i+1])
			}
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			assert.Equal(t, tt.want, w.Code)
		})
	}
}
