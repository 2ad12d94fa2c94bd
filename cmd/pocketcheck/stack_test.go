package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/moby/moby/client"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/fixtures/containers/containertest"
	"github.com/pocketcheck/pocketcheck/reference/control"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/report/traffic"
)

// outcomesOf runs pocketcheck in this process and gives the outcome of each fact.
func outcomesOf(t *testing.T, args ...string) map[string]string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.json")
	var stdout, stderr bytes.Buffer
	require.Zero(t, run(append([]string{"run", "--complete", "--report", "json=" + path}, args...), &stdout, &stderr), "%s%s", &stdout, &stderr)
	require.Contains(t, stdout.String(), " 0 left behind\n")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	result, err := readReport(string(text))
	require.NoError(t, err)
	outcomes := map[string]string{}
	for _, f := range result.Facts {
		outcomes[f.ID] = f.Outcome
	}
	return outcomes
}

// TestOutcomesAreTheSameOnContainers: whatever the reference keeps its rows in,
// and wherever it runs, each fact has the same outcome.
func TestOutcomesAreTheSameOnContainers(t *testing.T) {
	t.Parallel()
	stack := containertest.Shared(t)
	want := outcomesOf(t)
	t.Run("stack", func(t *testing.T) {
		t.Parallel()
		assert.Equal(t, want, outcomesOf(t, "--stack"))
	})
	t.Run("image", func(t *testing.T) {
		t.Parallel()
		assert.Equal(t, want, outcomesOf(t, append([]string{"--image", referenceImage(t)}, imageStates...)...))
	})
	t.Run("two processes", func(t *testing.T) {
		t.Parallel()
		var targets, states []*url.URL
		for range 2 {
			s := servesAt(t, "--database-url", stack.DatabaseURL(), "--elasticsearch-url", stack.ElasticsearchURL())
			targets, states = append(targets, s.api), append(states, s.states)
		}
		key := filepath.Join(t.TempDir(), "key")
		require.NoError(t, os.WriteFile(key, []byte(embeddedKey), 0o600))
		assert.Equal(t, want, outcomesOf(t, "--target", inTurn(t, targets), "--states-url", inTurn(t, states)+"/states",
			"--api-key-file", key, "--settle", "0s"))
	})
}

// imageStates lets an image of the reference set up provider states.
var imageStates = []string{
	"--image-env", "POCKETCHECK_CONTROL=0.0.0.0:9001", "--image-env", "POCKETCHECK_CONTROL_TOKEN=" + controlToken,
	"--states-url", "http://localhost:9001/states", "--states-header", "Authorization: Bearer " + controlToken,
}

// addresses are where a reference process serves.
type addresses struct{ api, states *url.URL }

// servesAt starts pocketcheck serve for the time of the test.
func servesAt(t *testing.T, args ...string) addresses {
	t.Helper()
	p, err := begin(t.TempDir(), append([]string{"serve", "--listen=127.0.0.1:0", "--control=127.0.0.1:0"}, args...)...)
	require.NoError(t, err)
	t.Cleanup(p.close)
	require.True(t, p.stdout.has("serving at "), "%s%s", p.stdout, p.stderr)
	var found addresses
	at := p.servesAt()
	found.api, err = url.Parse(at.api)
	require.NoError(t, err)
	found.states, err = url.Parse(strings.TrimSuffix(at.states, "/states"))
	require.NoError(t, err)
	return found
}

// inTurn gives the URL of a proxy that sends its requests to several servers in
// turn.
func inTurn(t *testing.T, servers []*url.URL) string {
	t.Helper()
	var n atomic.Int64
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(servers[n.Add(1)%int64(len(servers))])
	}}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	return server.URL
}

// TestLeversOnContainers: those that need all rows at once say that they don't work there,
// all others do.
func TestLeversOnContainers(t *testing.T) {
	t.Parallel()
	stack := containertest.Shared(t)
	at := servesAt(t, "--database-url", stack.DatabaseURL(), "--elasticsearch-url", stack.ElasticsearchURL())
	levers := &control.Client{URL: at.states.String()}
	for name, err := range map[string]error{
		"reset":    levers.Reset(t.Context()),
		"of one":   levers.ResetCaller(t.Context(), control.Reset{User: "editor@example.com"}),
		"restore":  levers.Restore(t.Context(), strings.NewReader(`{}`)),
		"snapshot": second(levers.Snapshot(t.Context())),
	} {
		refused, ok := errors.AsType[*control.Error](err)
		require.True(t, ok, "%s: %v", name, err)
		assert.Equal(t, 501, refused.Status, name)
		assert.Contains(t, refused.Text, "PostgreSQL", name)
	}
	caller, err := levers.AddCaller(t.Context(), control.Caller{})
	require.NoError(t, err)
	id := fmt.Sprint("asset-", caller.ID)
	rows := `{"assets": [{"id": "` + id + `", "owner": "` + caller.User + `", "title": "More"}]}`
	require.NoError(t, levers.Seed(t.Context(), strings.NewReader(rows)))
	asset := at.api.String() + "/api/v2/assets/" + id
	assert.Equal(t, 200, statusOf(t, asset, caller.APIKey))
	_, err = levers.AddRule(t.Context(), control.Rule{User: caller.User, Status: 418, Times: 1})
	require.NoError(t, err)
	assert.Equal(t, 418, statusOf(t, asset, caller.APIKey))
	require.NoError(t, levers.SetFaults(t.Context(), "assets.get.ok/without-id"))
	require.NoError(t, levers.SetFaults(t.Context()))
	_, err = levers.Advance(t.Context(), control.Advance{Hours: 1})
	require.NoError(t, err)
	entries, err := levers.Wait(t.Context(), traffic.Filter{Caller: caller.User}, 2)
	require.NoError(t, err)
	assert.Equal(t, asset, at.api.String()+entries[0].Path)
	verdict, err := levers.Verdict(t.Context(), caller.User)
	require.NoError(t, err)
	assert.Equal(t, report.Partial, verdict.Verdict)
}

func second[T any](_ T, err error) error { return err }

// statusOf is what a caller is answered who asks as documented.
func statusOf(t *testing.T, url, key string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	require.NoError(t, err)
	request.Header.Set("X-API-KEY", key)
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	return answer.StatusCode
}

// TestImageThatDiesDuringARun: the verdict is inconclusive, and the container's
// last words are shown.
func TestImageThatDiesDuringARun(t *testing.T) {
	t.Parallel()
	containertest.Shared(t)
	p, image := beginContained(t)
	kill(t, image)
	<-p.ended
	assert.Equal(t, exitInconclusive, p.cmd.ProcessState.ExitCode(), "%s%s", p.stdout, p.stderr)
	assert.Contains(t, p.stderr.String(), "implementation ended with exit code 137; the end of its log:\n")
	assert.Contains(t, p.stderr.String(), "\n    serving at http://[::]:8080\n")
	assert.Empty(t, runningOf(t, image))
}

// TestBrokenImageShowsItsLog: who looks for why a fact fails gets the server's
// side of it.
func TestBrokenImageShowsItsLog(t *testing.T) {
	t.Parallel()
	containertest.Shared(t)
	var stdout, stderr bytes.Buffer
	code := run(append([]string{"run", "--image", referenceImage(t), "--fact", "comments.update.not-owner", "--fact", "comments.update.err-500",
		"--image-env", "POCKETCHECK_FAULT=comments.update.not-owner/owner-not-checked"}, imageStates...), &stdout, &stderr)
	assert.Equal(t, exitNonConform, code, "%s%s", &stdout, &stderr)
	assert.Contains(t, stdout.String(), "\n    failed:   status of POST ")
	assert.Contains(t, stderr.String(), "the end of the image's log:\n")
	assert.Contains(t, stderr.String(), `level=ERROR msg="request failed" pattern="POST /api/v2/assets/{asset_id}/comments/{comment_id}"`)
}

// TestInterruptRemovesContainers: what a run started is gone once it has ended.
func TestInterruptRemovesContainers(t *testing.T) {
	t.Parallel()
	containertest.Shared(t)
	p, image := beginContained(t)
	require.NoError(t, p.cmd.Process.Signal(os.Interrupt))
	<-p.ended
	assert.Equal(t, exitInconclusive, p.cmd.ProcessState.ExitCode())
	assert.Contains(t, p.stdout.String(), " 0 left behind\n")
	assert.Empty(t, runningOf(t, image))
}

// beginContained starts a slow run of an image of its own, and returns when its
// first scenario is done.
func beginContained(t *testing.T) (*process, string) {
	t.Helper()
	image := referenceImage(t)
	p, err := begin(t.TempDir(), "run", "--image", image, "--rate", "10")
	require.NoError(t, err)
	t.Cleanup(p.close)
	require.True(t, p.stdout.has("checking the image "+image), "%s%s", p.stdout, p.stderr)
	return p, image
}

// referenceImage makes an image of the reference for one test, of which nobody
// else has a container.
func referenceImage(t *testing.T) string {
	t.Helper()
	return containertest.Image(t, ".", "serve", "--from-environment", "--quiet") // so that its log is short
}

func kill(t *testing.T, image string) {
	t.Helper()
	found := runningOf(t, image)
	require.Len(t, found, 1)
	_, err := engine(t).ContainerKill(t.Context(), found[0], client.ContainerKillOptions{Signal: "KILL"})
	require.NoError(t, err)
}

// runningOf gives the ids of the containers of an image.
func runningOf(t *testing.T, image string) []string {
	t.Helper()
	list, err := engine(t).ContainerList(t.Context(), client.ContainerListOptions{
		All: true, Filters: make(client.Filters).Add("ancestor", image),
	})
	require.NoError(t, err)
	var ids []string
	for _, c := range list.Items {
		ids = append(ids, c.ID)
	}
	return ids
}

func engine(t *testing.T) *client.Client {
	t.Helper()
	docker, err := client.New(client.FromEnv)
	require.NoError(t, err)
	t.Cleanup(func() { _ = docker.Close() })
	return docker
}
