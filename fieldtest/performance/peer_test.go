//go:build unix

package performance

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/stretchr/testify/require"
)

// Peers, at the versions that the table is about.
const (
	hurlVersion     = "8.0.1"
	wireMockVersion = "3.13.2"
)

// installed gives the path of a peer's file, which a command of its ecosystem puts there
// once for all runs. The error says why it can't.
func installed(file string, name string, args ...string) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	root := filepath.Join(cache, "pocketcheck-peers")
	path := filepath.Join(root, file)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if _, err := exec.LookPath(name); err != nil {
		return "", fmt.Errorf("no %s to install it", name)
	}
	for i, arg := range args {
		args[i] = strings.ReplaceAll(arg, "ROOT", root)
	}
	if said, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		last := strings.Split(strings.TrimSpace(string(said)), "\n")
		return "", fmt.Errorf("%s did not install it: %s", name, last[len(last)-1])
	}
	_, err = os.Stat(path)
	return path, err
}

// hurl measures the fastest runner that there is on the same requests.
func (b bench) hurl() {
	b.Helper()
	what := "hurl with 8 jobs ÷ the loop, on the requests of the scenarios"
	program, err := installed("hurl/bin/hurl", "cargo", "install", "hurl", "--version", hurlVersion, "--locked", "--root", "ROOT/hurl")
	if err != nil {
		b.leftOut(what, err)
		return
	}
	scenarios := scenariosOf(b.sent)
	var all []sent
	args := []string{"--test", "--jobs", "8", "--variable", "host=" + b.url}
	dir := b.TempDir()
	for i, s := range scenarios {
		path := filepath.Join(dir, fmt.Sprintf("%d.hurl", i))
		require.NoError(b, os.WriteFile(path, []byte(hurlOf(s)), 0o600))
		args, all = append(args, path), append(all, s.sent...)
	}
	file := written(b.B, all)
	var ratios []float64
	for range rounds {
		run, least := b.do(nil, program, args...), b.do([]string{loopMode + "=" + file}, os.Args[0], b.url)
		ratios = append(ratios, run.wall.Seconds()/least.wall.Seconds())
	}
	b.row(fmt.Sprintf("%s, in %d files", what, len(scenarios)), "", ratios, "a peer")
}

// wireMock measures the mock that is used most, which answers each request with one text.
func (b bench) wireMock(least, get, post string) {
	b.Helper()
	what := "WireMock without its journal ÷ bare net/http, "
	jar, err := installed("wiremock/wiremock-standalone-"+wireMockVersion+".jar", "mvn", "-q", "dependency:copy",
		"-Dartifact=org.wiremock:wiremock-standalone:"+wireMockVersion, "-DoutputDirectory=ROOT/wiremock")
	if err != nil {
		b.leftOut(what+"GET asset", err)
		return
	}
	url, err := b.java(jar)
	if err != nil {
		b.leftOut(what+"GET asset", err)
		return
	}
	for _, of := range []struct{ name, request string }{{"GET asset", get}, {"POST comment", post}} {
		requests := make([]string, clients)
		for i := range requests {
			requests[i] = of.request
		}
		theirs, others := crowdOf(b.B, url, requests), crowdOf(b.B, least, requests)
		theirs.ask(b.B, 6*time.Second, &loaded{}) // for its compiler
		var share []float64
		for range rounds {
			is, could := turnsOf(b.B, theirs, others)
			share = append(share, is.perSecond()/could.perSecond())
		}
		b.row(what+of.name, "", share, "a peer")
	}
}

// java starts WireMock with one answer for both requests, and returns its URL.
func (b bench) java(jar string) (url string, err error) {
	b.Helper()
	if _, err := exec.LookPath("java"); err != nil {
		return "", errors.New("no java to run it")
	}
	root := b.TempDir()
	const mapping = `{"request": {"method": "ANY", "urlPathPattern": "/api/v2/assets/.*"},
		"response": {"status": 200, "headers": {"Content-Type": "application/json"}, "body": %q}}`
	require.NoError(b, os.MkdirAll(filepath.Join(root, "mappings"), 0o700))
	require.NoError(b, os.WriteFile(filepath.Join(root, "mappings", "all.json"), fmt.Appendf(nil, mapping, strings.Repeat("x", 444)), 0o600))
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(b, err)
	address := free.Addr().String()
	require.NoError(b, free.Close())
	_, port, _ := strings.Cut(address, ":")
	cmd := exec.Command("java", "-jar", jar, "--bind-address", "127.0.0.1", "--port", port, "--no-request-journal", "--use-chunked-encoding", "never", "--root-dir", root)
	require.NoError(b, cmd.Start())
	b.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	require.Eventually(b, func() bool {
		answer, err := http.Get("http://" + address + "/api/v2/assets/a")
		if err == nil {
			_ = answer.Body.Close()
		}
		return err == nil
	}, time.Minute, 50*time.Millisecond)
	return "http://" + address, nil
}
