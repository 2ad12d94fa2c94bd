package report_test

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHTMLReportIsSmall(t *testing.T) {
	t.Parallel()
	for name, target := range map[string]pocketcheck.Target{
		"conformant": referencetest.Target(), "broken": spoiled(), "longer": padded(6), "long": padded(4000),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{Settle: -1})
			require.NoError(t, err)
			text := rendered(t, result, "html")
			assert.Less(t, len(text), megabyte)
			assert.Greater(t, len(text), megabyte*19/20, "there is room for more")
			assert.Contains(t, text, "POST</b> <code>/api/v2/assets<", "the exchanges are there")
			assert.NotContains(t, text, "left out of this page", "all scenarios are there")
		})
	}
	t.Run("hopeless", func(t *testing.T) {
		t.Parallel()
		text := strings.Repeat("<\x00\u2028", 800) // as much as a run keeps
		result := everyOutcome()
		worst := attacked(text).Facts[3]
		worst.Deviation, result.Facts = nil, nil
		for _, f := range fixtures.Facts() {
			worst.Fact = f
			result.Facts = append(result.Facts, worst)
		}
		for i := range result.Facts { // nothing is told twice
			s := result.Facts[i].Scenarios[0]
			s.Name = fmt.Sprint(i)
			s.Steps = nil
			result.Facts[i].Scenarios = []report.Scenario{s}
		}
		assert.Less(t, len(rendered(t, result, "html")), megabyte)
	})
}

// TestHTMLReportOfManyFailures: what clients broke in thousands of ways fits in, too.
func TestHTMLReportOfManyFailures(t *testing.T) {
	t.Parallel()
	result := everyOutcome()
	broken := &result.Facts[3]
	one := broken.Scenarios[0]
	require.NotNil(t, one.Failure)
	broken.Scenarios = nil
	for i := range 5000 {
		another, failure := one, *one.Failure
		another.ID, another.Name = fmt.Sprint("request ", i), fmt.Sprintf("GET /api/v2/assets/<%d>", i)
		failure.Path, failure.Fails = "", fmt.Sprint(i, strings.Repeat(" <is wrong>", 20))
		another.Failure, another.Reason = &failure, failure.Fails
		broken.Scenarios = append(broken.Scenarios, another)
	}
	text := rendered(t, result, "html")
	assert.Less(t, len(text), megabyte)
	assert.Regexp(t, `45\d\d more scenarios left out of this page; the JSON report has all\.`, text)
	assert.Regexp(t, `45\d\d more causes left out of this page; the JSON report has all\.`, text)
}

// padded is a target whose answers have a further member, of n times as much markup.
func padded(n int) pocketcheck.Target {
	target := referencetest.Target()
	good := target.Handler
	target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { good.ServeHTTP(padder{w, n}, r) })
	return target
}

type padder struct {
	http.ResponseWriter
	n int
}

func (p padder) Write(b []byte) (int, error) {
	_, err := p.ResponseWriter.Write(bytes.Replace(b, []byte("{"), []byte(`{"further":"`+strings.Repeat("<&>", p.n)+`",`), 1))
	return len(b), err
}

// spoiled is a target whose every text is long markup.
func spoiled() pocketcheck.Target {
	target := referencetest.Target()
	good := target.Handler
	target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { good.ServeHTTP(spoiler{w}, r) })
	return target
}

type spoiler struct{ http.ResponseWriter }

var spoilt = regexp.MustCompile(`"(error|title|message|description)": ?"`)

func (s spoiler) Write(b []byte) (int, error) {
	_, err := s.ResponseWriter.Write(spoilt.ReplaceAll(b, []byte(`$0</script><script>`+strings.Repeat("<&", 1<<11))))
	return len(b), err
}
