//go:build recipe

// Package recipe has a mock in a container, for tests in Go.
package recipe

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"

	"github.com/pocketcheck/pocketcheck/reference/control"
)

const key = "pocketcheck-admin-key"

// mocked starts a mock for the time of a test.
func mocked(t *testing.T) (api string, levers control.Client) {
	t.Helper()
	image := os.Getenv("POCKETCHECK_IMAGE")
	if image == "" {
		image = "ghcr.io/pocketcheck/pocketcheck:0.1.0"
	}
	c, err := testcontainers.Run(t.Context(), image,
		testcontainers.WithEnv(map[string]string{"POCKETCHECK_CONTROL": "0.0.0.0:9001", "POCKETCHECK_CONTROL_TOKEN": "tests"}),
		testcontainers.WithExposedPorts("8080/tcp", "9001/tcp"),
		testcontainers.WithWaitStrategy(wait.ForHealthCheck()),
	)
	testcontainers.CleanupContainer(t, c)
	require.NoError(t, err)
	api, err = c.PortEndpoint(t.Context(), "8080/tcp", "http")
	require.NoError(t, err)
	levers.URL, err = c.PortEndpoint(t.Context(), "9001/tcp", "http")
	require.NoError(t, err)
	levers.Token = "tests"
	return api, levers
}

func send(ctx context.Context, t *testing.T, method, url, body string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, method, url, bytes.NewBufferString(body))
	require.NoError(t, err)
	request.Header.Set("X-API-KEY", key)
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }()
	var made struct{ Asset struct{ ID string } }
	_ = json.NewDecoder(answer.Body).Decode(&made) // of a 429 there is none
	return answer, made.Asset.ID
}

func TestClientWaitsWhenItIsTold(t *testing.T) {
	api, levers := mocked(t)
	created, id := send(t.Context(), t, http.MethodPost, api+"/api/v2/assets", `{"title": "From Go"}`)
	require.Equal(t, http.StatusOK, created.StatusCode)

	_, err := levers.AddRule(t.Context(), control.Rule{
		User: "admin@example.com", Endpoint: "GET *", Status: http.StatusTooManyRequests, RetryAfter: 3, Times: 1,
	})
	require.NoError(t, err)
	limited, _ := send(t.Context(), t, http.MethodGet, api+"/api/v2/assets/"+id, "")
	require.Equal(t, http.StatusTooManyRequests, limited.StatusCode)
	require.Equal(t, "3", limited.Header.Get("Retry-After"))
	again, _ := send(t.Context(), t, http.MethodGet, api+"/api/v2/assets/"+id, "")
	require.Equal(t, http.StatusOK, again.StatusCode)

	verdict, err := levers.Verdict(t.Context(), "")
	require.NoError(t, err)
	require.EqualValues(t, "partial", verdict.Verdict)
}
