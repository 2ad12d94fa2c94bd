package traffic_test

import (
	"bytes"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck/report/traffic"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// journalOf judges exchanges.
func journalOf(all ...*traffic.Exchange) []traffic.Entry {
	j := traffic.NewJournal(&traffic.Judge{})
	for _, x := range all {
		j.Add(x)
	}
	return j.Entries(traffic.Filter{})
}

// harSchema is what har-schema 2.0.0 (ISC license) has, a file a definition.
func harSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	files, err := filepath.Glob("testdata/har-schema/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	c := jsonschema.NewCompiler()
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		require.NoError(t, err)
		require.NoError(t, c.AddResource("https://pocketcheck.invalid/"+filepath.Base(file), schema))
	}
	schema, err := c.Compile("https://pocketcheck.invalid/har.json")
	require.NoError(t, err)
	return schema
}

// TestHARAgain: what is written is HAR by its schema, and is read and judged as it was.
func TestHARAgain(t *testing.T) {
	t.Parallel()
	wrong := exchange("POST", "/api/v2/assets?x=%20a", `{"titel": "x"}`, 422, `{"error": "Missing parameter title"}`)
	wrong.At, wrong.Took = time.Date(2026, 1, 2, 3, 4, 5, 6e6, time.UTC), 12*time.Millisecond
	wrong.AnswerHead = http.Header{"Content-Type": {"application/json"}, "Location": {"/elsewhere"}}
	cut := exchange("GET", "/api/v2/assets/a", "", 200, `{"asset": `)
	cut.AnswerIsCut = true
	none := exchange("GET", "/api/v2/assets/a/media", "", 0, "")
	none.Failure = "it closes the connection without an answer"
	for _, entries := range [][]traffic.Entry{nil, journalOf(wrong, cut, none)} {
		var har bytes.Buffer
		require.NoError(t, traffic.WriteHAR(&har, entries))
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(har.Bytes()))
		require.NoError(t, err)
		require.NoError(t, harSchema(t).Validate(value))

		read, skipped, err := traffic.ReadHAR(&har, nil)
		require.NoError(t, err)
		assert.Zero(t, skipped)
		again := journalOf(read...)
		require.Len(t, again, len(entries))
		for i, e := range entries {
			assert.Equal(t, e.Judgement, again[i].Judgement)
			assert.Equal(t, e.Target, again[i].Target)
			assert.Equal(t, string(e.Body), string(again[i].Body))
			assert.Equal(t, e.Status, again[i].Status)
			assert.Equal(t, e.AnswerIsCut, again[i].AnswerIsCut)
			assert.Equal(t, e.Took, again[i].Took)
		}
	}
}

// har is a recording of entries.
func har(entries ...string) string {
	return `{"log": {"version": "1.2", "entries": [` + strings.Join(entries, ",") + `]}}`
}

// TestHAROfOthers reads what recorders write, each in its way.
func TestHAROfOthers(t *testing.T) {
	t.Parallel()
	const headers = `"headers": [{"name": ":authority", "value": "x"}, {"name": "content-type", "value": "application/json"}, {"name": "x-api-key", "value": "k"}]`
	request := func(method, url, more string) string {
		return `"request": {"method": "` + method + `", "url": "` + url + `", ` + headers + more + `}`
	}
	base, err := url.Parse("https://API.example.com:443/pocket/")
	require.NoError(t, err)
	const there = "https://api.example.com/pocket/api/v2/assets/a"
	text := "\xef\xbb\xbf" + har(
		`{`+request("GET", there, "")+`, "time": 12.7, "response": {"status": 404, "content": {"size": 28, "encoding": "base64", "text": "eyJlcnJvciI6ICJhc3NldCBub3QgZm91bmQifQ=="}}}`,
		`{`+request("POST", there+"/comments", `, "postData": {"mimeType": "application/json", "text": "{\"comment\": \"é\"}"}`)+`, "response": {"status": 0}}`,
		`{`+request("POST", there+"/comments", `, "postData": {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "a b", "value": "c%20d"}]}`)+`, "response": {"status": -1, "headers": null}}`,
		`{`+request("OPTIONS", there, "")+`, "response": {"status": 204}}`,
		`{`+request("GET", "https://cdn.example.com/pocket/api/v2/assets/a", "")+`, "response": {"status": 200}}`,
		`{`+request("GET", "https://api.example.com/pocketed/api/v2/assets/a", "")+`, "response": {"status": 200}}`,
		`{`+request("GET", "wss://api.example.com/pocket/socket", "")+`, "response": {"status": 101}}`,
		`{`+request("GET", there+"?q=1#part", "")+`, "startedDateTime": "2026-01-02T03:04:05.678+01:00", "response": {"status": 200, "content": {"size": 900}}}`,
	)
	all, skipped, err := traffic.ReadHAR(strings.NewReader(text), base)
	require.NoError(t, err)
	assert.Equal(t, 4, skipped)
	require.Len(t, all, 4)
	assert.Equal(t, "/api/v2/assets/a", all[0].Target)
	assert.JSONEq(t, `{"error": "asset not found"}`, string(all[0].Answer))
	assert.Equal(t, 12700*time.Microsecond, all[0].Took)
	assert.Equal(t, "k", all[0].Header.Get("X-API-KEY"))
	assert.Equal(t, "key 1", all[0].Caller)
	assert.NotContains(t, all[0].Header, ":authority")
	assert.JSONEq(t, `{"comment": "é"}`, string(all[1].Body))
	assert.Zero(t, all[1].Status)
	assert.Equal(t, "a+b=c+d", string(all[2].Body))
	assert.Zero(t, all[2].Status)
	assert.Equal(t, "/api/v2/assets/a?q=1", all[3].Target)
	assert.True(t, all[3].AnswerIsCut, "a body that was not recorded is not an empty one")
	assert.Equal(t, "2026-01-02T02:04:05.678Z", all[3].At.UTC().Format(time.RFC3339Nano))

	all, skipped, err = traffic.ReadHAR(strings.NewReader(text), nil)
	require.NoError(t, err)
	assert.Equal(t, 2, skipped, "all with /api/v2/, wherever, but for the OPTIONS and the socket")
	require.Len(t, all, 6)
}

// TestNoHAR says what is wrong, where, and nothing of what stands there.
func TestNoHAR(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                            "it ends in the middle, at byte 0",
		"canary":                      "it is no JSON from byte 0 on",
		"[]":                          `it is no HAR: want an object with the member "log"`,
		`{"logs": {}}`:                `it is no HAR: there is no member "log"`,
		`{"log": {"pages": []}}`:      `it is no HAR: there is no member "entries"`,
		`{"log": {"entries": {}}}`:    "log.entries is no list",
		`{"log": {"entries": [{}`:     "log.entries[0]: request.method or request.url is missing or can't be read",
		har(`{"request": "canary"}`):  "log.entries[0]: request is no object",
		har(`{"time": "canary"}`):     "log.entries[0]: time is no number",
		har(`{"request": {"canary"}`): "log.entries[0]: it is no JSON from byte 39 on",
		har(`{"request": {"method": "GET", "url": "http://a/api/v2/assets"}, "response": {"content": {"encoding": "base64", "text": "canary"}}}`): "log.entries[0]: response.content.text is no base64",
	} {
		_, _, err := traffic.ReadHAR(strings.NewReader(text), nil)
		require.Error(t, err, text)
		assert.Contains(t, err.Error(), want, text)
		assert.NotContains(t, err.Error(), "canary")
	}
}
