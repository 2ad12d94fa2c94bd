package steps_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"time"

	"github.com/cucumber/godog"
	"github.com/pocketcheck/pocketcheck/features"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/steps"
	"github.com/stretchr/testify/assert"
)

// TestFeatures runs the features as every godog project does.
func TestFeatures(t *testing.T) {
	target := referencetest.Target()
	server := httptest.NewServer(target.Handler)
	t.Cleanup(server.Close)
	suite := godog.TestSuite{
		ScenarioInitializer: steps.Initialize,
		Options: &godog.Options{
			Format: "pretty", FS: features.All(), Paths: []string{"."}, Strict: true, TestingT: t,
			DefaultContext: steps.Against(t.Context(), steps.Config{URL: server.URL, Key: target.Key, Timeout: 10 * time.Second}),
		},
	}
	if suite.Run() != 0 {
		t.Fatal("a scenario failed, or there is none")
	}
}

// TestGodogTellsABrokenTarget: what needs a provider state is skipped, and what the
// target breaks fails the suite, as does a suite without a target.
func TestGodogTellsABrokenTarget(t *testing.T) {
	t.Parallel()
	target := referencetest.Broken(http.MethodGet, "/api/v2/assets/:asset_id/comments")
	server := httptest.NewServer(target.Handler)
	t.Cleanup(server.Close)
	against := steps.Against(t.Context(), steps.Config{URL: server.URL, Key: target.Key, Timeout: 10 * time.Second})
	for _, tt := range []struct {
		name, feature string
		ctx           context.Context
		fails         bool
		says          string
	}{
		{"held", "assets.get.feature", against, false, "passed"},
		{"lacking a state", "dag_actions.list.feature", against, false, "skipped"},
		{"broken", "comments.list.feature", against, true, "is 418 I'm a teapot, want 200 OK"},
		{"no target", "assets.get.feature", t.Context(), true, "give the suite a DefaultContext from steps.Against"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			suite := godog.TestSuite{ScenarioInitializer: steps.Initialize, Options: &godog.Options{
				Format: "pretty", FS: features.All(), Paths: []string{tt.feature}, Strict: true, NoColors: true, Output: &out, DefaultContext: tt.ctx,
			}}
			assert.Equal(t, tt.fails, suite.Run() != 0, out.String())
			assert.Contains(t, out.String(), tt.says)
		})
	}
}
