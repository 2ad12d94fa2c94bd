package pocketcheck_test

import (
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWrongAddress is no server that fails everything: the run ends before the first
// scenario, with the cause and what to do.
func TestWrongAddress(t *testing.T) {
	t.Parallel()
	reference := referencetest.Target()
	says := func(status int, kind, body string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body) // who has gone needs no answer
		})
	}
	under := http.NewServeMux()
	under.Handle("/dam/", http.StripPrefix("/dam", reference.Handler))
	for name, tt := range map[string]struct {
		handler http.Handler
		tls     *tls.Config
		url     func(string) string
		want    string
	}{
		"http to https":  {handler: reference.Handler, tls: &tls.Config{}, url: func(u string) string { return strings.Replace(u, "https:", "http:", 1) }, want: "it wants https://, not http://"},
		"https to http":  {handler: reference.Handler, url: func(u string) string { return strings.Replace(u, "http:", "https:", 1) }, want: "it speaks no TLS; is it http:// and not https://?"},
		"no certificate": {handler: reference.Handler, tls: &tls.Config{ClientAuth: tls.RequireAnyClientCert}, want: "certificate of the client (certificate required); give --client-cert and --client-key"},
		"no prefix":      {handler: under, want: "is the address right? the target is what comes before /api/v2"},
		"a prefix twice": {handler: reference.Handler, url: func(u string) string { return u + "/api/v2" }, want: "/api/v2 is added to the target; leave it out there"},
		"a welcome page": {handler: says(200, "text/html", "<h1>It works!</h1>"), want: "by a page in HTML, and so is everything else: it is another site, or a login"},
		"a login":        {handler: http.RedirectHandler("/login", http.StatusFound), want: "it leads to"},
		"nobody":         {handler: says(403, "application/json", `{"message":"Forbidden"}`), want: "lets nobody in"},
		"away":           {handler: says(503, "text/plain", "no server is available"), want: "503 Service Unavailable, and so is everything else"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewUnstartedServer(tt.handler)
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			target := reference
			if server.TLS = tt.tls; tt.tls != nil {
				server.StartTLS()
				target.TLS = server.Client().Transport.(*http.Transport).TLSClientConfig
			} else {
				server.Start()
			}
			defer server.Close()
			target.Handler, target.URL = nil, server.URL
			if tt.url != nil {
				target.URL = tt.url(server.URL)
			}
			result, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{})
			require.NoError(t, err)
			assert.Equal(t, report.Inconclusive, result.Verdict)
			assert.Contains(t, result.Stopped, tt.want)
			assert.Equal(t, 0, result.Count(report.Passed)+result.Count(report.Failed))
			if name != "away" { // which may have passed it on
				assert.Empty(t, result.CleanUp)
			}
		})
	}
}

// TestMethodIsBarred: what a gateway keeps out is told by what a run needs it for.
func TestMethodIsBarred(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]string{
		http.MethodGet: "read nothing", http.MethodPost: "make nothing", http.MethodPut: "change nothing", http.MethodDelete: "not clean up",
	} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			target := referencetest.Target()
			reference := target.Handler
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == method {
					w.Header().Set("Content-Type", "text/html")
					w.WriteHeader(http.StatusMethodNotAllowed)
					_, _ = io.WriteString(w, "<h1>Not allowed</h1>")
					return
				}
				reference.ServeHTTP(w, r)
			}))
			t.Cleanup(server.Close)
			target.Handler, target.URL = nil, server.URL
			result, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{})
			require.NoError(t, err)
			assert.Contains(t, result.Stopped, "it lets no "+method+" through, without which a run could "+want)
		})
	}
}
