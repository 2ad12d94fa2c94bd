package report_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ranAs gives the record of a run on a target, of an implementation, on a day.
func ranAs(t *testing.T, target pocketcheck.Target, name, version string, day int) *report.Record {
	t.Helper()
	result, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{
		Settle: -1, Facts: []string{"comments.*", "assets.get.*"},
	})
	require.NoError(t, err)
	result.Implementation, result.ImplementationVersion = name, version
	result.Started = time.Date(2024, 5, day, 12, 0, 0, 0, time.UTC)
	return record(t, result)
}

func sideBySide(t *testing.T, name string) *report.Matrix {
	t.Helper()
	m, err := report.NewMatrix(
		ranAs(t, referencetest.Target(), name, "1.1", 3), ranAs(t, referencetest.Faulty(), "other", "", 2), ranAs(t, referencetest.Target(), name, "1.0", 1),
	)
	require.NoError(t, err)
	return m
}

func written(t *testing.T, write func(*strings.Builder) error) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, write(&b))
	return b.String()
}

// TestMatrix: the releases of one implementation stand together, the oldest first.
func TestMatrix(t *testing.T) {
	t.Parallel()
	m := sideBySide(t, "dam")
	text := written(t, func(b *strings.Builder) error { return m.WriteText(b) })
	assert.Regexp(t, `^1  dam 1.0, 2024-05-01: partial, .*\n2  dam 1.1, 2024-05-03: partial, .*\n3  other, 2024-05-02: non-conformant, .*\n\nENDPOINT +1 +2 +3\n`, text)
	assert.Regexp(t, `(?m)^GET /api/v2/assets/:asset_id/comments +ok (\d+) of \d+ +ok (\d+) of \d+ +\S`, text)
	assert.Regexp(t, `(?m)^PUT /api/v2/assets/:asset_id$`, text, "of which nothing was asked")
	assert.NotContains(t, text, "comments.create.ok")

	differing := written(t, func(b *strings.Builder) error { return m.Differing().WriteText(b) })
	assert.Regexp(t, `(?m)^  comments\.create\.ok +passed +passed +failed$`, differing)
	assert.NotContains(t, differing, "PUT /api/v2/assets/:asset_id\n")

	markdown := written(t, func(b *strings.Builder) error { return m.WriteMarkdown(b) })
	assert.Contains(t, markdown, "\n| endpoint | `dam 1.0` | `dam 1.1` | `other` |\n| --- | --- | --- | --- |\n| `GET /api/v2/assets/:asset_id/comments` | ")
	assert.Contains(t, markdown, "\n| `comments.create.ok` | passed | passed | failed |\n")
	assert.Contains(t, markdown, "\n| `assets.update.ok` | deselected | deselected | deselected |\n")

	var read struct {
		Schema          string `json:"schema_version"`
		Implementations []struct{ Verdict string }
		Endpoints       []struct {
			Endpoint string
			Facts    []struct {
				ID       string
				Outcomes []string
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(written(t, func(b *strings.Builder) error { return m.WriteJSON(b) })), &read))
	assert.Equal(t, "1.0", read.Schema)
	assert.Len(t, read.Implementations, 3)
	assert.Len(t, read.Endpoints, 23)
	assert.Equal(t, "comments.list.hdr-x-api-key", read.Endpoints[0].Facts[0].ID)
	assert.Len(t, read.Endpoints[0].Facts[0].Outcomes, 3)
}

// TestMatrixNeedsVerifiedReports: one that was changed is none to compare with.
func TestMatrixNeedsVerifiedReports(t *testing.T) {
	t.Parallel()
	good, forged := ranAs(t, referencetest.Target(), "dam", "1.0", 1), ranAs(t, referencetest.Faulty(), "dam", "1.1", 2)
	forged.Verdict = report.Conformant
	_, err := report.NewMatrix(good, forged)
	unverified, ok := errors.AsType[*report.UnverifiedError](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, 1, unverified.Index)
	assert.ErrorContains(t, err, `it is "conformant", the facts come to "non-conformant"`)
}

// TestMatrixIsNotSteered: what implementations are called is anybody's.
func TestMatrixIsNotSteered(t *testing.T) {
	t.Parallel()
	m := sideBySide(t, "<b>|`x`"+hostile)
	for name, text := range map[string]string{
		"text":     written(t, func(b *strings.Builder) error { return m.WriteText(b) }),
		"markdown": written(t, func(b *strings.Builder) error { return m.WriteMarkdown(b) }),
		"html":     written(t, func(b *strings.Builder) error { return m.WriteHTML(b) }),
		"json":     written(t, func(b *strings.Builder) error { return m.WriteJSON(b) }),
	} {
		assert.NotContains(t, text, "\x1b", name)
		assert.NotContains(t, text, "\u202e", name)
		if name == "html" {
			assert.NotContains(t, text, "<script>", name)
			assert.NotContains(t, text, "<b>|", name)
		}
	}
	markdown := outlineOf(t, written(t, func(b *strings.Builder) error { return m.WriteMarkdown(b) }))
	assert.NotContains(t, strings.Join(markdown.nodes, " "), "HTML")
}
