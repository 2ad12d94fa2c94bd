package report_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// leaky gives anybody a comment of another asset, and says in its own words that
// there is none.
func leaky() pocketcheck.Target {
	target := referencetest.Target()
	good := target.Handler
	var owners sync.Map // the path of the asset that a comment is on, by the comment's id
	target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asset, comment, isComment := strings.Cut(r.URL.Path, "/comments/")
		if owner, known := owners.Load(comment); isComment && known && r.Method == http.MethodGet && asset != "/api/v2/assets/not-found-id" {
			r.URL.Path = owner.(string) + "/comments/" + comment
		}
		answer := httptest.NewRecorder()
		good.ServeHTTP(answer, r)
		body := answer.Body.Bytes()
		if made := gjson.GetBytes(body, "comment.id"); made.Exists() && !isComment {
			owners.Store(made.Raw, strings.TrimSuffix(r.URL.Path, "/comments"))
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(bytes.ReplaceAll(body, []byte("Couldn't find"), []byte("Could not find"))) // the client sees what is missing
	})
	return target
}

// TestKnownWordingHidesNoHole: a text that is known to be wrong is no reason why a
// status is.
func TestKnownWordingHidesNoHole(t *testing.T) {
	t.Parallel()
	result, err := pocketcheck.Run(t.Context(), leaky(), pocketcheck.Options{Settle: -1, Deviations: []report.Deviation{
		{Fact: "*.*-not-found", Reason: "other words"},
	}})
	require.NoError(t, err)
	assert.Contains(t, result.Failed(), "comments.get.comment-not-found")
	assert.Contains(t, result.Failed(), "comments.get.other-asset.effect")
	assert.Equal(t, report.NonConformant, result.BesideDeviations())
}
