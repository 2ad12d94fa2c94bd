package steps

import (
	"net/http"
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// everyMethod is a scenario of each method, with and without a body.
const everyMethod = `
Feature: f
  @a.fact
  Scenario: GET
    Given an asset
    When I get the asset
    Then the request succeeds
  @a.fact
  Scenario: PUT
    Given an asset
    When I update the asset with:
      """json
      {"title": "x"}
      """
    Then the request succeeds
  @a.fact
  Scenario: POST without a body
    Given an asset
    When I move the asset to the trash bin
    Then the request succeeds
  @a.fact
  Scenario: DELETE
    Given an asset
    And a comment "c" on the asset
    When I delete the comment
    Then the request succeeds
`

// TestHeaders: exactly the two documented headers are sent with every request,
// and no cookie that the target sets comes back to it.
func TestHeaders(t *testing.T) {
	t.Parallel()
	target := newTarget(t, func(w http.ResponseWriter, _ *http.Request) bool {
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "1", Path: "/"})
		return false
	})
	for _, s := range target.run(t.Context(), t, everyMethod, nil).Scenarios {
		require.Equal(t, report.Passed, s.Outcome, s.Reason)
	}
	for _, method := range []string{"GET", "PUT", "POST", "DELETE"} {
		require.NotEmpty(t, target.requests(method, ""), method)
		for _, r := range target.requests(method, "") {
			assert.Equal(t, []string{"application/json"}, r.header["Content-Type"], r.name())
			assert.Equal(t, []string{adminKey}, r.header["X-Api-Key"], r.name())
			assert.Empty(t, r.header["Cookie"], r.name())
		}
	}
}

// TestCallers: the When alone goes without a key, or with an unknown one.
func TestCallers(t *testing.T) {
	t.Parallel()
	for key, sent := range map[string]func(string) bool{
		"without an":      func(key string) bool { return key == "" },
		"with an unknown": func(key string) bool { return key != "" && key != adminKey },
	} {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			target := newTarget(t, nil)
			got := target.check(t, scenario("Given an asset",
				"When I list the media "+key+" API key", "Then the request is refused with 401"), nil)
			require.Equal(t, report.Passed, got.Outcome, got.Reason)
			asked := target.requests("GET", "/media")
			require.Len(t, asked, 1)
			assert.True(t, sent(asked[0].header.Get("X-API-KEY")))
			for _, r := range append(target.requests("POST", "/assets"), target.requests("DELETE", "")...) {
				assert.Equal(t, adminKey, r.header.Get("X-API-KEY"), r.name())
			}
		})
	}
}

// TestRedirectIsAnAnswer: a redirect is judged as it is, also one that leads
// nowhere. The client refuses a bad Location; that must not let a status pass.
func TestRedirectIsAnAnswer(t *testing.T) {
	t.Parallel()
	for name, location := range map[string]string{"elsewhere": "/api/v2/elsewhere", "bad": "http://[::1", "none": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := newTarget(t, func(w http.ResponseWriter, r *http.Request) bool {
				if r.Method != http.MethodGet || isProbe(r) {
					return false
				}
				if location != "" {
					w.Header().Set("Location", location)
				}
				return reply(w, http.StatusFound, `{"asset": {}}`)
			})
			for _, then := range []string{"Then the request succeeds", "Then the request is refused with 404"} {
				got := target.check(t, scenario("Given an asset", "When I get the asset", then), nil)
				require.Equal(t, report.Failed, got.Outcome, got.Reason)
				assert.Equal(t, "302 Found", got.Failure.Actual)
			}
			assert.Empty(t, target.requests(http.MethodGet, "/elsewhere"))
		})
	}
}
