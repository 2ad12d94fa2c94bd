package main

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// behind is what a run makes of the reference behind a gateway.
type behind struct {
	gateway, name, rule string
	code                int
	verdict             string // a part of its line
	breaks              string // the fact that a cache breaks
	limits              bool   // it refuses requests that are one too many
}

const (
	conformant = "verdict: conformant, "
	unfit      = "can't be checked: "
	apacheCRS  = `<IfModule security2_module>
SecDataDir DIR
SecRuleEngine On
SecRequestBodyAccess On
Include /usr/share/modsecurity-crs/owasp-crs.load
</IfModule>`
)

var allBehind = []behind{
	{gateway: "nginx", name: "as it is", verdict: conformant},
	{gateway: "nginx", name: "100 requests a second", rule: "limit_req zone=rate;", verdict: conformant, limits: true},
	{gateway: "nginx", name: "4 connections", rule: "limit_conn connections 4;", verdict: conformant, limits: true},
	{gateway: "nginx", name: "a cache", rule: "proxy_cache cache; proxy_cache_valid 200 1m;", code: 1, breaks: "assets.get.hdr-x-api-key"},
	{gateway: "nginx", name: "no PUT", rule: "limit_except GET POST DELETE { deny all; }", code: 3, verdict: "it lets no PUT through"},
	{gateway: "nginx", name: "nobody", rule: "deny all;", code: 3, verdict: "lets nobody in"},
	{gateway: "nginx", name: "to https", rule: "return 301 https://$host$request_uri;", code: 3, verdict: "give that as the target"},
	{gateway: "nginx", name: "away", rule: "return 502;", code: 3, verdict: "502 Bad Gateway, and so is everything else"},
	{gateway: "haproxy", name: "as it is", verdict: conformant},
	{gateway: "haproxy", name: "100 requests a second", rule: "http-request deny deny_status 429 if { sc_http_req_rate(0) gt 100 }", verdict: conformant, limits: true},
	{gateway: "haproxy", name: "no DELETE", rule: "http-request deny if { method DELETE }", code: 3, verdict: "it lets no DELETE through"},
	{gateway: "haproxy", name: "a host", rule: "http-request deny unless { hdr(host) dam.example.com }", code: 3, verdict: "lets nobody in"},
	{gateway: "apache", name: "as it is", verdict: conformant},
	{gateway: "apache", name: "the OWASP rules", rule: apacheCRS, code: 3, verdict: "it lets no PUT through"},
	{gateway: "apache", name: "a login", rule: "<Location />\nAuthType Basic\nAuthName x\nAuthUserFile /dev/null\nRequire valid-user\n</Location>", code: 3, verdict: "wants a user and a password"},
	{gateway: "apache", name: "another prefix", rule: "ProxyPass /api !\n", code: 3, verdict: "is the address right?"},
	{gateway: "varnish", name: "passing", rule: "sub vcl_recv { return (pass); }", verdict: conformant},
	{gateway: "varnish", name: "as it is, a cache", code: 1, breaks: "assets.get.hdr-x-api-key"},
	{gateway: "varnish", name: "no PUT", rule: `sub vcl_recv { if (req.method == "PUT") { return (synth(405)); } return (pass); }`, code: 3, verdict: "it lets no PUT through"},
	{gateway: "tinyproxy", name: "as it is", verdict: conformant},
	{gateway: "tinyproxy", name: "nobody", rule: "Allow 203.0.113.1", code: 3, verdict: "lets nobody in"},
	{gateway: "squid", name: "allowing", rule: "http_access allow all\ncache deny all", verdict: conformant},
	{gateway: "squid", name: "nobody", rule: "http_access deny all", code: 3, verdict: "that the environment names"},
}

// TestGateways runs the suite through gateways that users have. POCKETCHECK_GATEWAY_RUNS
// is how often each lets a conformant server through, at 16 and at 64 scenarios in
// flight.
func TestGateways(t *testing.T) {
	t.Parallel()
	needGateways(t)
	runs, _ := strconv.Atoi(os.Getenv("POCKETCHECK_GATEWAY_RUNS"))
	for _, b := range allBehind {
		t.Run(b.gateway+", "+b.name, func(t *testing.T) {
			t.Parallel()
			b.check(t, "16")
			for range runs {
				b.check(t, "16")
				b.check(t, "64")
			}
		})
	}
}

func (b behind) check(t *testing.T, concurrency string) {
	t.Helper()
	server, err := newReference()
	require.NoError(t, err)
	api := listening(t, httptest.NewUnstartedServer(server))
	states := httptest.NewServer(server.Control())
	t.Cleanup(states.Close)
	g := gateways[b.gateway]
	listen := g.start(t, strings.TrimPrefix(api.URL, "http://"), b.rule)
	target, report := "http://"+listen, filepath.Join(t.TempDir(), "report.json")
	environment := append(os.Environ(), "POCKETCHECK_API_KEY="+apiKey)
	if g.forward {
		target = api.URL
		environment = append(environment, "HTTP_PROXY=http://"+listen)
	}
	cmd := exec.CommandContext(t.Context(), "pocketcheck", "run", "--target", target, "--states-url", states.URL+"/states",
		"--concurrency", concurrency, "--report", "json="+report)
	cmd.Env = append(environment, quick...)
	out, _ := cmd.CombinedOutput() // the exit code is looked at
	text := strings.Join(strings.Fields(string(out)), " ")
	require.Equal(t, b.code, cmd.ProcessState.ExitCode(), "%s", out)
	require.Contains(t, text, b.verdict)
	require.NotContains(t, text, secret)
	var told struct {
		CleanUp struct {
			LeftBehind []string `json:"left_behind"`
		} `json:"clean_up"`
		Facts []struct{ ID, Outcome string }
	}
	content, err := os.ReadFile(report)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(content, &told))
	if b.verdict == conformant {
		for _, line := range told.CleanUp.LeftBehind {
			assert.True(t, b.limits, line)
			assert.Contains(t, line, "perhaps", "what a limit refused")
		}
	}
	for _, f := range told.Facts {
		if f.ID == b.breaks {
			assert.Equal(t, "failed", f.Outcome, b.breaks)
		}
	}
}
