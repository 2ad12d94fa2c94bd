package report_test

import (
	"bytes"
	"io"
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestInsecureIsSaidEverywhere: a verdict on whoever answered is told as such, and by
// what reads a report, too.
func TestInsecureIsSaidEverywhere(t *testing.T) {
	t.Parallel()
	saidEverywhere(t, func(r *report.Report) { r.Insecure = true }, "certificate not checked", map[string]string{
		"html": "<li>certificate not checked</li>", "json": `"insecure": true`, "junit": `name="certificate" value="not checked"`, "markdown": "- certificate: not checked",
	})
}

// TestWordingIsSaidEverywhere: a verdict by fewer texts, or by more, is told as such.
func TestWordingIsSaidEverywhere(t *testing.T) {
	t.Parallel()
	saidEverywhere(t, func(r *report.Report) { r.Wording = "lenient" }, "wording lenient", map[string]string{
		"html": "<li>wording lenient</li>", "json": `"wording": "lenient"`, "junit": `name="wording" value="lenient"`, "markdown": "- wording: lenient",
	})
}

// TestUnofferedIsSaidWhereThereIsRoom: a badge has none, and Cucumber's report no head.
func TestUnofferedIsSaidWhereThereIsRoom(t *testing.T) {
	t.Parallel()
	const says = "he states URL offers none of the 9 states that were asked for: is its address right?"
	r := everyOutcome()
	r.Unoffered = 9
	writers := map[string]func(io.Writer) error{
		"text":    func(w io.Writer) error { return r.WriteText(w, report.TextOptions{Failures: report.AllFailures}) },
		"verdict": func(w io.Writer) error { return r.WriteVerdict(w, false) },
		"verify": func(w io.Writer) error {
			_, err := io.WriteString(w, read(t, r).Summary())
			return err
		},
		"html": r.WriteHTML, "junit": r.WriteJUnit, "markdown": r.WriteMarkdown,
	}
	for name, write := range writers {
		var b bytes.Buffer
		require.NoError(t, write(&b))
		assert.Contains(t, b.String(), says, name)
	}
	var b bytes.Buffer
	require.NoError(t, r.WriteJSON(&b))
	assert.Contains(t, b.String(), `"unoffered_states": 9`)
}

// saidEverywhere holds that all that is written of a report says what was changed of
// it, and nothing does without: text, where says has no other for it.
func saidEverywhere(t *testing.T, change func(*report.Report), text string, says map[string]string) {
	t.Helper()
	writers := map[string]func(*report.Report, io.Writer) error{
		"text": func(r *report.Report, w io.Writer) error {
			return r.WriteText(w, report.TextOptions{Failures: report.AllFailures})
		},
		"verdict": func(r *report.Report, w io.Writer) error { return r.WriteVerdict(w, false) },
		"diff": func(r *report.Report, w io.Writer) error {
			record := read(t, r)
			return record.Diff(record).WriteText(w)
		},
		"verify": func(r *report.Report, w io.Writer) error {
			_, err := io.WriteString(w, read(t, r).Summary())
			return err
		},
	}
	for name, write := range report.Formats {
		writers[name] = write
	}
	for name, write := range writers {
		want := says[name]
		if want == "" {
			want = text
		}
		for _, isChanged := range []bool{false, true} {
			r := everyOutcome()
			if isChanged {
				change(r)
			}
			var b bytes.Buffer
			require.NoError(t, write(r, &b))
			assert.Equal(t, isChanged, bytes.Contains(b.Bytes(), []byte(want)), "%s: %s", name, want)
		}
	}
}

func read(t *testing.T, r *report.Report) *report.Record {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, r.WriteJSON(&b))
	record, err := report.ReadJSON(&b)
	require.NoError(t, err)
	return record
}
