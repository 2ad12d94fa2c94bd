package traffic_test

import (
	"net/http"
	"testing"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report/traffic"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// exchange is one of a client that sends the documented headers.
func exchange(method, target, body string, status int, answer string) *traffic.Exchange {
	return &traffic.Exchange{
		Method: method, Target: target, Body: []byte(body), Status: status, Answer: []byte(answer),
		Header: http.Header{"Content-Type": {"application/json"}, "X-Api-Key": {"someone"}},
	}
}

func contract(t *testing.T) *fixtures.Contract {
	t.Helper()
	c, err := fixtures.ParseContract(fixtures.Document())
	require.NoError(t, err)
	return c
}

// TestRecordedExamples: each example of the document is itself, and nothing is wrong with
// it but what it shows.
func TestRecordedExamples(t *testing.T) {
	t.Parallel()
	ids := map[fixtures.Lines]string{}
	for _, f := range fixtures.Facts() {
		if _, isNamed := ids[f.Lines]; f.Kind == "example" && !isNamed {
			ids[f.Lines] = f.ID
		}
	}
	wrong := map[string]string{ // the requests that an example shows to be refused
		"assets.create.missing-title":      "assets.create.param-title",
		"assets.create.invalid-media-type": "assets.create.valid-media_type",
		"project.assign.asset-not-found":   "project.assign.param-to_project_id",
		"history.get.bad-cursor":           traffic.CursorFact,
	}
	judge := traffic.Judge{SeesAll: true}
	for _, e := range contract(t).Endpoints {
		for _, x := range e.Examples {
			got := judge.Judge(exchange(x.Method, x.Path, x.RequestBody, x.Status, x.ResponseBody))
			id := ids[x.Lines]
			assert.Equal(t, e.Method+" "+e.Path, got.Endpoint, id)
			if id == "project.assign.already-has-parent" { // what was before tells it from another
				judge.Judge(exchange(x.Method, x.Path, x.RequestBody, x.Status, x.ResponseBody))
				got = judge.Judge(exchange(x.Method, x.Path, x.RequestBody, x.Status, x.ResponseBody))
			}
			assert.Contains(t, got.Facts, id)
			assert.Empty(t, got.ByServer, id)
			if fact, isWrong := wrong[id]; isWrong {
				require.Len(t, got.ByClient, 1, id)
				assert.Equal(t, fact, got.ByClient[0].Fact)
				continue
			}
			assert.Empty(t, got.ByClient, id)
		}
	}
}
