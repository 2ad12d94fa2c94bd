package fieldtest_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestScriptOfAHandler says which server it needs: that of the run is gone.
func TestScriptOfAHandler(t *testing.T) {
	t.Parallel()
	target := referencetest.Target()
	working := target.Handler
	target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		working.ServeHTTP(answer, r)
		w.WriteHeader(answer.Code)
		_, _ = w.Write([]byte(strings.ReplaceAll(answer.Body.String(), `"status":"open"`, `"status":"shut"`))) // the script sees what is missing
	})
	result, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{Facts: []string{"assets.create.ok-article"}})
	require.NoError(t, err)
	script := scriptOf(t, result)
	assert.NotContains(t, script, result.Target)
	assert.Contains(t, script, "# expected: ")

	server := httptest.NewServer(target.Handler)
	defer server.Close()
	key := "POCKETCHECK_API_KEY=" + target.Key.Reveal()
	out, err := shell(t, script, key)
	require.Error(t, err)
	assert.Contains(t, out, "POCKETCHECK_TARGET: set it to the URL of your server; that of the run ended with it")
	for _, url := range []string{server.URL, server.URL + "/"} {
		out, err = shell(t, script, key, "POCKETCHECK_TARGET="+url)
		require.NoError(t, err, out)
		assert.Contains(t, out, `"status":"shut"`)
	}
	out, err = shell(t, script, "POCKETCHECK_TARGET="+server.URL)
	require.Error(t, err)
	assert.Contains(t, out, "POCKETCHECK_API_KEY: set it to the API key of the target")
}

func scriptOf(t *testing.T, r *report.Report) string {
	t.Helper()
	for _, f := range r.Facts {
		if f.Outcome == report.Failed {
			return f.Scenarios[0].Curl
		}
	}
	require.Fail(t, "nothing failed")
	return ""
}

func shell(t *testing.T, script string, env ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-eu", "-c", script)
	cmd.Dir, cmd.Env = t.TempDir(), append(env, "PATH="+os.Getenv("PATH"))
	out, err := cmd.CombinedOutput()
	return string(out), err
}
