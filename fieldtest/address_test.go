package fieldtest_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strconv"
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

// TestMethodIsBarred: what a gateway keeps out is told by what a run needs it for,
// whatever it answers; what an application answers itself bars nothing.
func TestMethodIsBarred(t *testing.T) {
	t.Parallel()
	const page, login = "<h1>no</h1>", "/login?to=x"
	for name, tt := range map[string]struct {
		method   string
		status   int
		location string
		want     string
	}{
		"no GET":                    {http.MethodGet, 405, "", "it lets no GET through, without which a run could read nothing"},
		"no POST":                   {http.MethodPost, 405, "", "it lets no POST through, without which a run could make nothing"},
		"no PUT":                    {http.MethodPut, 405, "", "it lets no PUT through, without which a run could change nothing"},
		"no DELETE":                 {http.MethodDelete, 405, "", "it lets no DELETE through, without which a run could not clean up"},
		"DELETE not acceptable":     {http.MethodDelete, 406, "", "it lets no DELETE through"},
		"POST too large":            {http.MethodPost, 413, "", "it lets no POST through"},
		"DELETE to a login":         {http.MethodDelete, 302, login, "and it leads to"},
		"POST to https":             {http.MethodPost, 308, "https://dam.example.com/api/v2/assets", "it lets no POST through"},
		"an application's 404":      {http.MethodPut, 404, "", ""},
		"an application's 500":      {http.MethodPut, 500, "", ""},
		"an application's redirect": {http.MethodPut, 302, "/assets", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := referencetest.Target()
			reference := target.Handler
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == tt.method {
					w.Header().Set("Content-Type", "text/html")
					w.Header().Set("Location", tt.location)
					w.WriteHeader(tt.status)
					_, _ = io.WriteString(w, page)
					return
				}
				reference.ServeHTTP(w, r)
			}))
			t.Cleanup(server.Close)
			target.Handler, target.URL = nil, server.URL
			result, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{Settle: -1, Endpoints: []string{"PUT *"}})
			require.NoError(t, err)
			if tt.want == "" {
				assert.Empty(t, result.Stopped)
				assert.Equal(t, report.NonConformant, result.Verdict)
				return
			}
			assert.Contains(t, result.Stopped, tt.want)
			assert.LessOrEqual(t, len(result.CleanUp.LeftBehind), 1)
		})
	}
}

// TestMissingCertificateIsToldEachTime: the alert that says so gets lost where the
// connection ends first.
func TestMissingCertificateIsToldEachTime(t *testing.T) {
	t.Parallel()
	target := referencetest.Target()
	server := httptest.NewUnstartedServer(target.Handler)
	server.EnableHTTP2, server.TLS = true, &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	target.Handler, target.URL = nil, server.URL
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	target.TLS = &tls.Config{RootCAs: pool}
	for try := range 10 {
		t.Run(strconv.Itoa(try), func(t *testing.T) {
			t.Parallel()
			result, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{Settle: -1, Facts: []string{"assets.get.ok"}})
			require.NoError(t, err)
			assert.Contains(t, result.Stopped, "it wants a certificate of the client")
			assert.Contains(t, result.Stopped, "give --client-cert and --client-key")
		})
	}
}
