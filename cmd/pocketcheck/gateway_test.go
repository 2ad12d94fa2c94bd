package main

import (
	"bytes"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"text/template"
	"time"

	"github.com/stretchr/testify/require"
)

// gateway is a program between the suite and its target, as a user has one.
type gateway struct {
	program string
	config  string // below testdata/gateways
	args    func(config, dir, listen string) []string
	forward bool // the environment names it, instead of --target
}

var gateways = map[string]gateway{
	"nginx": {program: "nginx", config: "nginx.conf", args: func(config, dir, _ string) []string {
		return []string{"-p", dir, "-c", config}
	}},
	"haproxy": {program: "haproxy", config: "haproxy.cfg", args: func(config, _, _ string) []string {
		return []string{"-db", "-f", config}
	}},
	"apache": {program: "apache2", config: "apache.conf", args: func(config, _, _ string) []string {
		return []string{"-D", "FOREGROUND", "-f", config}
	}},
	"varnish": {program: "varnishd", config: "varnish.vcl", args: func(config, dir, listen string) []string {
		return []string{"-F", "-n", dir, "-a", listen, "-f", config, "-T", "none", "-s", "malloc,64m"}
	}},
	"tinyproxy": {program: "tinyproxy", config: "tinyproxy.conf", forward: true, args: func(config, _, _ string) []string {
		return []string{"-d", "-c", config}
	}},
	"squid": {program: "squid", config: "squid.conf", forward: true, args: func(config, _, _ string) []string {
		return []string{"-N", "-f", config}
	}},
}

// needGateways skips tests that take many whole runs and programs that few machines
// have, unless they are asked for.
func needGateways(t *testing.T) {
	t.Helper()
	if os.Getenv("POCKETCHECK_REQUIRE_GATEWAYS") != "1" {
		t.Skip("install nginx, haproxy, apache2 with modsecurity-crs, varnish, tinyproxy and squid, and set POCKETCHECK_REQUIRE_GATEWAYS=1")
	}
}

// place is what a gateway's configuration is told.
type gatewayPlace struct{ Dir, Listen, Upstream, Rule string }

func (p gatewayPlace) part(address string, n int) string {
	host, port, _ := net.SplitHostPort(address) // it is one
	return []string{host, port}[n]
}

func (p gatewayPlace) ListenHost() string   { return p.part(p.Listen, 0) }
func (p gatewayPlace) ListenPort() string   { return p.part(p.Listen, 1) }
func (p gatewayPlace) UpstreamHost() string { return p.part(p.Upstream, 0) }
func (p gatewayPlace) UpstreamPort() string { return p.part(p.Upstream, 1) }

// start runs a gateway before a target, until the test ends.
func (g gateway) start(t *testing.T, upstream, rule string) (listen string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "gateway") // short, since it holds sockets, and open to other users
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	require.NoError(t, os.Chmod(dir, 0o777))
	place := gatewayPlace{dir, freeAddress(t), upstream, strings.ReplaceAll(rule, "DIR", dir)}
	text, err := template.ParseFiles(filepath.Join("testdata", "gateways", g.config))
	require.NoError(t, err)
	var config bytes.Buffer
	require.NoError(t, text.Execute(&config, place))
	path := filepath.Join(dir, g.config)
	require.NoError(t, os.WriteFile(path, config.Bytes(), 0o644))
	var said bytes.Buffer
	cmd := exec.Command(g.program, g.args(path, dir, place.Listen)...)
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &said, &said, time.Second
	require.NoError(t, cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // to those that work for it, too; it may have ended
		time.AfterFunc(5*time.Second, func() { _ = cmd.Process.Kill() })
		<-ended
	})
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", place.Listen)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil || len(ended) > 0
	}, 30*time.Second, 20*time.Millisecond)
	if len(ended) > 0 {
		err := <-ended
		ended <- err
		t.Fatalf("%s: %v\n%s", g.program, err, said.String())
	}
	return place.Listen
}

// freeAddress gives an address of this machine that no proxy of the environment
// passes over, as it would one of loopback.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", net.JoinHostPort(outside(t), "0"))
	require.NoError(t, err)
	require.NoError(t, l.Close())
	return l.Addr().String()
}

// outside is the address of this machine in its network.
func outside(t *testing.T) string {
	t.Helper()
	addresses, err := net.InterfaceAddrs()
	require.NoError(t, err)
	for _, a := range addresses {
		if ip, ok := a.(*net.IPNet); ok && ip.IP.To4() != nil && !ip.IP.IsLoopback() {
			return ip.IP.String()
		}
	}
	t.Skip("this machine has no address but loopback, for which no proxy is used")
	return ""
}

// listening starts a server at an address that is not loopback.
func listening(t *testing.T, s *httptest.Server) *httptest.Server {
	t.Helper()
	l, err := net.Listen("tcp", net.JoinHostPort(outside(t), "0"))
	require.NoError(t, err)
	_ = s.Listener.Close() // it is another one now
	s.Listener = l
	s.Start()
	t.Cleanup(s.Close)
	return s
}
