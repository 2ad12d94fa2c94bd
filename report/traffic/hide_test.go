package traffic_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/report/traffic"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// told is all that a journal tells.
func told(t *testing.T, j *traffic.Journal) string {
	t.Helper()
	var all bytes.Buffer
	entries := j.Entries(traffic.Filter{})
	require.NoError(t, traffic.WriteHAR(&all, entries))
	for _, shown := range traffic.Show(entries...) {
		fmt.Fprintf(&all, "%+v\n", shown)
	}
	for _, e := range entries {
		fmt.Fprintln(&all, e.Line())
	}
	for _, write := range report.Formats {
		require.NoError(t, write(j.Client("", "mock"), &all))
	}
	require.NoError(t, j.Client("", "mock").WriteText(&all, report.TextOptions{Failures: report.AllFailures}))
	return all.String()
}

// TestKeysOfOthers: a key that the journal knows of is told nowhere, whoever sends it,
// wherever, and however it is written there.
func TestKeysOfOthers(t *testing.T) {
	t.Parallel()
	const key, asMethod = "S3CRET+KEY/TWO==", "S3CRET-KEY"
	j := traffic.NewJournal(&traffic.Judge{})
	j.Hide(key)
	j.Hide(asMethod)
	j.Add(exchange(asMethod, "/api/v2/assets", "", 405, ""))
	for _, written := range []string{key, "S3CRET%2BKEY%2FTWO%3D%3D", "S3CRET%2bKEY%2fTWO%3d%3d", "S3CRET%252BKEY%252FTWO%253D%253D"} {
		j.Add(exchange("POST", "/api/v2/"+written+"/x", "", 404, ""))
		j.Add(exchange("POST", "/api/v2/assets?"+written+"&note="+written, `{"`+key+`": 1, "title": "`+key+`", "description": 5}`, 422, key))
	}
	text := told(t, j)
	for _, part := range []string{"S3CRET", "TWO=", "TWO%3"} {
		at := strings.Index(text, part)
		assert.Negative(t, at, "%.200s", text[max(0, at-100):])
	}
}

// TestKeysOfNobody: a key that nobody knows is told nowhere of the request that has it.
func TestKeysOfNobody(t *testing.T) {
	t.Parallel()
	const key = "S3CRET-UNKNOWN-KEY"
	j := traffic.NewJournal(&traffic.Judge{})
	for _, header := range []string{"X-Api-Key", "Authorization"} {
		for _, path := range []string{"/other", "/api/v2/assets", "/api/v2/assets/" + key} {
			x := exchange(key, path, "", 404, "")
			x.Header = http.Header{header: {key}, traffic.IDHeader: {key}}
			x.AnswerHead = http.Header{traffic.IDHeader: {key}}
			j.Add(x)
			x = exchange("GET", path, "", 404, "")
			x.Header = http.Header{header: {key}, traffic.IDHeader: {base64.StdEncoding.EncodeToString([]byte(key))}}
			x.AnswerHead = x.Header.Clone()
			j.Add(x)
		}
	}
	text := told(t, j)
	for _, part := range []string{"S3CRET", "UzNDUkVU"} {
		at := strings.Index(text, part)
		assert.Negative(t, at, "%.200s", text[max(0, at-100):])
	}
}

// TestSecretsInAddresses: passwords and signatures of addresses, in paths, headers and bodies.
func TestSecretsInAddresses(t *testing.T) {
	t.Parallel()
	j := traffic.NewJournal(&traffic.Judge{})
	x := exchange("GET", "/api/v2/assets/x?u=http://user:PASSWD77@host/&t=http%3A%2F%2Fu%3APASSWD77%40h", "", 404, "")
	x.Header.Set("Referer", "http://u:PASSWD88@h/")
	j.Add(x)
	j.Add(exchange("POST", "/api/v2/assets/x/media", `{"file_url": "http://u:PASSWD99@h/f?X-Amz-Signature=SIGNED77", "filename": 3}`, 422, ""))
	text := told(t, j)
	for _, secret := range []string{"PASSWD77", "PASSWD88", "PASSWD99", "SIGNED77"} {
		assert.NotContains(t, text, secret)
	}
}

// TestCutSecrets: where a body is kept in part, no half of a key stays at its end.
func TestCutSecrets(t *testing.T) {
	t.Parallel()
	const key = "a-key-of-somebody-who-calls"
	for at := range len(key) {
		j := traffic.NewJournal(&traffic.Judge{})
		x := exchange("POST", "/api/v2/assets", strings.Repeat("~", 40)+key[:at], 400, "")
		x.Header[traffic.KeyHeader], x.IsCut = []string{key}, true
		j.Add(x)
		assert.NotContains(t, told(t, j), "~a", at)
	}
}
