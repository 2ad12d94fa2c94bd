package fieldtest_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/fault"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/report/traffic"
	"github.com/pocketcheck/pocketcheck/report/traffic/proxy"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// judged are the exchanges of a run, with what the document says of each.
type judged struct {
	mu      sync.Mutex
	entries []traffic.Entry
}

// judgedRun has the suite ask a variant of the reference all that it asks, or what some
// facts take.
func judgedRun(t *testing.T, v fault.Variant, settle time.Duration, facts ...string) ([]traffic.Entry, *report.Report) {
	t.Helper()
	var all judged
	judge := &traffic.Judge{SeesAll: true}
	target := varied(t, v)
	target.Handler = proxy.Watch(target.Handler, func(_ *http.Request, x *traffic.Exchange) {
		e := traffic.Entry{Exchange: x, Judgement: judge.Judge(x)}
		all.mu.Lock()
		defer all.mu.Unlock()
		all.entries = append(all.entries, e)
	})
	r, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{Facts: facts, Settle: settle})
	require.NoError(t, err)
	all.mu.Lock()
	defer all.mu.Unlock()
	return all.entries, r
}

// TestJudgeOfConformantServers: no answer of a server that conforms is called wrong,
// whatever of the document's freedoms it takes.
func TestJudgeOfConformantServers(t *testing.T) {
	referencetest.Again(t)
	t.Parallel()
	for _, v := range append(fault.Freedoms(), fault.Variant{Name: "none"}) {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			entries, _ := judgedRun(t, v, 0)
			require.Greater(t, len(entries), 1000, "the run has ended early")
			for _, e := range entries {
				assert.Empty(t, e.ByServer, "%s %s %s: %d %s", e.Method, e.Target, e.Body, e.Status, e.Answer)
			}
		})
	}
}

// misshaping are names of faults that change the status of an answer to a request that is
// right, or its shape.
var misshaping = regexp.MustCompile(`/(without-|status-|answered-\d|unknown-asset-\d|error-as-message|asset-instead)|-left-out$|-as-string$|-null$`)

// TestJudgeFindsFaults: of the faults that show in the status or the shape of a single
// answer, the judge sees most. What it can't see is a status that the document has for
// another request.
func TestJudgeFindsFaults(t *testing.T) {
	referencetest.Again(t)
	var found, shown atomic.Int64
	t.Run("faults", func(t *testing.T) {
		for _, v := range fault.Faults() {
			if !misshaping.MatchString(v.Name) {
				continue
			}
			t.Run(v.Name, func(t *testing.T) {
				t.Parallel()
				shown.Add(1)
				entries, _ := judgedRun(t, v, -1, v.Fact)
				if slices.ContainsFunc(entries, func(e traffic.Entry) bool { return len(e.ByServer) > 0 }) {
					found.Add(1)
				} else {
					t.Log("missed", v.Name)
				}
			})
		}
	})
	t.Logf("the judge found %d of %d faults", found.Load(), shown.Load())
	assert.Greater(t, shown.Load(), int64(300))
	assert.Greater(t, found.Load()*100, shown.Load()*80)
}

// onPurpose are the facts whose scenarios send what the document wants nobody to send.
var onPurpose = regexp.MustCompile(`\.(hdr-|param-|valid-|err-401|err-422|missing-title$|invalid-media-type$|bad-cursor$)|^project\.assign\.(asset-not-found$|deleted-asset\.)`)

// TestJudgeOfTheSuite: of all that the suite sends, the judge finds wrong what is so on
// purpose, and no more.
func TestJudgeOfTheSuite(t *testing.T) {
	t.Parallel()
	entries, r := judgedRun(t, fault.Variant{}, -1)
	facts := map[string][]string{} // of requests
	for _, f := range r.Facts {
		for _, s := range f.Scenarios {
			for _, x := range s.Exchanges {
				at := x.Method + " " + x.URL[strings.Index(x.URL, "/api/v2"):] + " "
				facts[at+x.Body] = append(facts[at+x.Body], s.Facts...)
				if x.Key == "" { // nobody reads the body
					facts[at] = append(facts[at], s.Facts...)
				}
			}
		}
	}
	wrong := 0
	for _, e := range entries {
		if len(e.ByClient) == 0 {
			continue
		}
		wrong++
		of := facts[e.Method+" "+e.Target+" "+string(e.Body)]
		assert.True(t, slices.ContainsFunc(of, onPurpose.MatchString), "%s %s %s: %v, of %v", e.Method, e.Target, e.Body, e.ByClient, of)
	}
	assert.Greater(t, wrong, 80)
	t.Logf("%d of %d requests", wrong, len(entries))
}
