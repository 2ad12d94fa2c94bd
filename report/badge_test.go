package report_test

import (
	"encoding/json"
	"encoding/xml"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type shields struct {
	Version int `json:"schemaVersion"`
	Label   string
	Message string
	Color   string
}

func shieldsOf(t *testing.T, r *report.Report) (s shields) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(rendered(t, r, "shields.json")))
	d.DisallowUnknownFields() // shields.io refuses them
	require.NoError(t, d.Decode(&s))
	assert.Equal(t, 1, s.Version)
	assert.Equal(t, "Media Pocket API v2", s.Label)
	return s
}

type svg struct {
	Label string   `xml:"aria-label,attr"`
	Role  string   `xml:"role,attr"`
	Title string   `xml:"title"`
	Text  []string `xml:"g>text"`
}

func svgOf(t *testing.T, r *report.Report) (s svg) {
	t.Helper()
	require.NoError(t, xml.Unmarshal([]byte(rendered(t, r, "svg")), &s))
	assert.Equal(t, "img", s.Role)
	return s
}

func TestBadgeSaysTheVerdict(t *testing.T) {
	t.Parallel()
	facts := everyOutcome().Facts
	for want, r := range map[string]*report.Report{
		"conformant 1/1":                     {Verdict: report.Conformant, Facts: facts[:2]},
		"partial 1/2":                        {Verdict: report.Partial, Facts: facts[:3]},
		"non-conformant 1/3":                 {Verdict: report.NonConformant, Facts: facts[:4]},
		"non-conformant 2/8 (1 known)":       {Verdict: report.NonConformant, Facts: facts},
		"conformant 1/1, embedded reference": {Verdict: report.Conformant, Facts: facts[:2], Embedded: true},
		"inconclusive 0/0":                   {Verdict: report.Inconclusive},
		`<a href="x">&'</a> 0/0`:             {Verdict: `<a href="x">&'</a>`},
	} {
		s, picture := shieldsOf(t, r), svgOf(t, r)
		assert.Equal(t, want, s.Message)
		assert.Equal(t, "Media Pocket API v2: "+want, picture.Title)
		assert.Equal(t, picture.Title, picture.Label)
		assert.Equal(t, []string{"Media Pocket API v2", want}, picture.Text)
		assert.Contains(t, rendered(t, r, "svg"), `fill="#`+s.Color+`"`)
		assert.Greater(t, contrastWithWhite(t, s.Color), 4.5, want)
	}
}

// contrastWithWhite is as WCAG 2 has it.
func contrastWithWhite(t *testing.T, colour string) float64 {
	t.Helper()
	require.Len(t, colour, 6)
	luminance := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(colour[2*i:2*i+2], 16, 8)
		require.NoError(t, err)
		c := float64(n) / 255
		if c <= 0.04045 {
			luminance += weight * c / 12.92
		} else {
			luminance += weight * math.Pow((c+0.055)/1.055, 2.4)
		}
	}
	return 1.05 / (luminance + 0.05)
}
