package pocketcheck_test

import (
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
)

// inAnother is set where a test of this file runs as the test that another looks at.
const inAnother = "POCKETCHECK_TEST_INNER"

// inner runs a test of this file as a user's, which may fail.
func inner(t *testing.T, name, timeout string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^"+name+"$/^comments.list.ok$", "-test.timeout", timeout, "-test.v")
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

// TestClosedTooEarly: who closes a target by defer is told how to.
func TestClosedTooEarly(t *testing.T) {
	t.Parallel()
	out := inner(t, "TestInnerDefers", "1m")
	assert.Contains(t, out, "connection refused; the subtests run after the test's function has returned: close the target by t.Cleanup, not by defer")
}

// TestInnerDefers closes its target before the subtests run.
func TestInnerDefers(t *testing.T) {
	if os.Getenv(inAnother) == "" {
		t.Skip("is run by TestClosedTooEarly")
	}
	target := referencetest.Target()
	server := httptest.NewServer(target.Handler)
	defer server.Close()
	pocketcheck.Test(t, nil, func(of *pocketcheck.Target, o *pocketcheck.Options) {
		of.URL, of.Key, o.Facts = server.URL, target.Key, []string{"comments.list.ok"}
	})
}
