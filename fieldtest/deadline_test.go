package fieldtest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// inAnother is set where a test of this file runs as the test that another looks at.
const inAnother = "POCKETCHECK_TEST_INNER"

// inner runs a test of this file as a user's, which may fail.
func inner(t *testing.T, name, timeout string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^"+name+"$/^comments.list$/^ok$", "-test.timeout", timeout, "-test.v")
	cmd.Env = append(os.Environ(), inAnother+"=1")
	out, err := cmd.CombinedOutput()
	assert.Error(t, err, "it fails, as it should")
	return string(out)
}

// TestEndsBeforeTheDeadline: a run in a test ends, cleans up and tells why, before go
// test kills the process.
func TestEndsBeforeTheDeadline(t *testing.T) {
	t.Parallel()
	out := inner(t, "TestInnerHangs", "6s")
	assert.NotContains(t, out, "panic")
	assert.Regexp(t, "the test's own deadline is near, and [12]s are kept for the clean-up; give go test a longer -timeout", out)
	assert.Contains(t, out, "all is removed")
}

// TestInnerHangs has a target that never answers to a list.
func TestInnerHangs(t *testing.T) {
	if os.Getenv(inAnother) == "" {
		t.Skip("is run by TestEndsBeforeTheDeadline")
	}
	target := referencetest.Target()
	var there atomic.Int64
	t.Cleanup(func() {
		if there.Load() == 0 {
			t.Log("all is removed")
		}
	})
	pocketcheck.Test(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		isList := r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/comments")
		switch {
		case isList && !strings.Contains(r.URL.Path, "not-found"):
			<-r.Context().Done()
		case r.Method == http.MethodPost && r.URL.Path == "/api/v2/assets":
			there.Add(1)
		case r.Method == http.MethodDelete && strings.Count(r.URL.Path, "/") == 4:
			there.Add(-1)
		}
		target.Handler.ServeHTTP(w, r)
	}), func(of *pocketcheck.Target, o *pocketcheck.Options) {
		of.Key, o.Facts, o.Timeout, o.Settle = target.Key, []string{"comments.list.ok"}, time.Hour, -1
	})
}

// TestClosedByDefer: the run is over when Test returns, and so are the subtests.
func TestClosedByDefer(t *testing.T) {
	t.Parallel()
	target := referencetest.Target()
	server := httptest.NewServer(target.Handler)
	defer server.Close()
	pocketcheck.Test(t, nil, func(of *pocketcheck.Target, o *pocketcheck.Options) {
		of.URL, of.Key, o.Facts = server.URL, target.Key, []string{"comments.list.ok"}
	})
}

// TestStoppedFailsOnce: what keeps all facts from being checked is one failure, which
// says what to do in the words of a test.
func TestStoppedFailsOnce(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"no target": "no target; give a URL such as http://localhost:8080, or in Go a handler",
		"silent":    "closes the connection without an answer",
		"nowhere":   "the handler can't be checked: GET http://127.0.0.1:",
		"usual key": "both answer 401; it is the usual one, which the server does not know: give another as POCKETCHECK_API_KEY, or as the Target's Key",
		"key":       "both answer 401; it is that of POCKETCHECK_API_KEY",
		"own key":   "both answer 401; it is the Key that the test gives the Target",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestInnerStopped$")
			cmd.Env = append(os.Environ(), inAnother+"="+name)
			if name == "key" {
				cmd.Env = append(cmd.Env, "POCKETCHECK_API_KEY=canary")
			}
			out, err := cmd.CombinedOutput()
			require.Error(t, err, "it fails, as it should")
			assert.Equal(t, 1, strings.Count(string(out), want), "%s", out)
			assert.Equal(t, 1, strings.Count(string(out), "--- FAIL"), "%s", out)
			assert.Less(t, strings.Count(string(out), "\n"), 10, "%s", out)
			assert.NotContains(t, string(out), "--target")
			assert.NotContains(t, string(out), "canary")
		})
	}
}

// TestInnerStopped has a target that can't be checked.
func TestInnerStopped(t *testing.T) {
	silent := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	handlers := map[string]http.Handler{"silent": silent, "nowhere": http.NotFoundHandler()}
	name := os.Getenv(inAnother)
	switch name {
	case "":
		t.Skip("is run by TestStoppedFailsOnce")
	case "usual key", "key", "own key":
		handlers[name] = referencetest.Target().Handler
	}
	pocketcheck.Test(t, handlers[name], func(of *pocketcheck.Target, _ *pocketcheck.Options) {
		if name == "own key" {
			of.Key = pocketcheck.NewKey("canary")
		}
	})
}

// TestSilenceAtTheDeadline: a run that is over while it waits for a target that has gone
// says so, and not that it lacked time alone.
func TestSilenceAtTheDeadline(t *testing.T) {
	t.Parallel()
	good := referencetest.Target()
	for name, opts := range map[string]pocketcheck.Options{
		"silent": {Deadline: 3 * time.Second, Timeout: 300 * time.Millisecond}, "slow": {Deadline: 3 * time.Second, Rate: 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hangs := name == "silent"
			var asked atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if asked.Add(1) > 20 && hangs {
					_, _ = io.Copy(io.Discard, r.Body) // or net/http would not see the client go
					<-r.Context().Done()
					return
				}
				good.Handler.ServeHTTP(w, r)
			}))
			defer server.Close()
			target := pocketcheck.Target{URL: server.URL, Key: good.Key, States: good.States}
			result, err := pocketcheck.Run(t.Context(), target, opts)
			require.NoError(t, err)
			assert.Contains(t, result.Stopped, "the deadline of 3s is over")
			assert.Equal(t, hangs, strings.Contains(result.Stopped, "is silent: it has not answered since"), result.Stopped)
		})
	}
}
