package report_test

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func record(t *testing.T, result *report.Report) *report.Record {
	t.Helper()
	r, err := report.ReadJSON(strings.NewReader(rendered(t, result, "json")))
	require.NoError(t, err)
	return r
}

func TestReadJSONGivesWhatWasWritten(t *testing.T) {
	t.Parallel()
	result := everyOutcome()
	text := rendered(t, result, "json")
	again, err := json.Marshal(record(t, result))
	require.NoError(t, err)
	assert.JSONEq(t, text, string(again))
	lines := strings.Split(strings.TrimSpace(rendered(t, result, "txt")), "\n")
	assert.Equal(t, lines[len(lines)-1], "verdict: "+record(t, result).Summary())
}

// endless is a text without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestReadJSONRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		text io.Reader
		want string
	}{
		{"nothing", strings.NewReader(""), "not a JSON report: unexpected end of JSON input"},
		{"text", strings.NewReader("verdict: conformant"), "not a JSON report: invalid character 'v' looking for beginning of value"},
		{"an array", strings.NewReader("[]"), "not a JSON report: json: cannot unmarshal array into Go value of type report.Record"},
		{"another object", strings.NewReader(`{"a": 1}`), "not a JSON report: it has no schema_version"},
		{"cut off", strings.NewReader(`{"schema_version": "1.0", "facts": [`), "not a JSON report: unexpected end of JSON input"},
		{"two reports", strings.NewReader(`{"schema_version": "1.0"}{}`), "not a JSON report: there is text behind it"},
		{"a later form", strings.NewReader(`{"schema_version": "2.0"}`), `its schema version is "2.0", and this pocketcheck reads 1.x`},
		{"two verdicts", strings.NewReader(`{"verdict": "non-conformant", "counts": {}, "verdict": "conformant"}`), `not a JSON report: the member "verdict" is there twice`},
		{"two spellings", strings.NewReader(`{"schema_version": "1.0", "facts": [{"id": "a", "outcome": "failed", "Outcome": "passed"}]}`), `not a JSON report: the member "Outcome" is there twice`},
		{"a long s", strings.NewReader(`{"suite_version": "1", "ſuite_version": "2"}`), `not a JSON report: the member "ſuite_version" is there twice`},
		{"deep", strings.NewReader(`{"facts": ` + strings.Repeat("[", 100_000)), "not a JSON report: values lie too deep in each other"},
		{"endless", endless{}, "it is longer than 64 MiB"},
		{"counts of another kind", strings.NewReader(`{"counts": {"passed": "all"}}`), "not a JSON report: json: cannot unmarshal string into Go struct field Record.jsonReport.counts of type int"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, err := report.ReadJSON(tt.text)
			require.EqualError(t, err, tt.want)
			assert.Nil(t, r)
		})
	}
	_, err := report.ReadJSON(strings.NewReader(`{"schema_version": "1.9", "later": {"a": [1, "a", {"a": null}], "b": "a"}, "facts": [{"id": "later"}, {"id": "later"}]}`))
	require.NoError(t, err, "a later version may say more")
}

// FuzzReadJSON: whatever a report holds, nothing panics, and no terminal is
// steered.
func FuzzReadJSON(f *testing.F) {
	var b strings.Builder
	if err := everyOutcome().WriteJSON(&b); err != nil {
		f.Fatal(err)
	}
	own, err := report.ReadJSON(strings.NewReader(b.String()))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b.String())
	f.Add(`{"schema_version": "1.0", "facts": [null, {"id": "\u001b", "outcome": "\u009b", "blocked_by": "\u001b"}], "counts": {"\u001b": 1}}`)
	f.Add(`{"schema_version": "1.0", "reason": "a\nb", "facts": [{"id": "a", "outcome": "blocked", "blocked_by": "b"}, {"id": "b", "outcome": "blocked", "blocked_by": "a"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		r, err := report.ReadJSON(strings.NewReader(text))
		if err != nil {
			return
		}
		var b strings.Builder
		for _, c := range r.Verify() {
			b.WriteString(c.Holds + "\n" + strings.Join(c.Problems, "\n"))
		}
		b.WriteString(r.Summary())
		require.NoError(t, own.Diff(r).WriteText(&b))
		require.NoError(t, r.Diff(own).WriteText(&b))
		assertPlain(t, b.String())
	})
}
