package traffic_test

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/report/traffic"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFindings has each kind of what is wrong with a request, and what is not.
func TestFindings(t *testing.T) {
	t.Parallel()
	const asset = "/api/v2/assets/a"
	long := strings.Repeat("x", 5000)
	for name, tt := range map[string]struct {
		method, target, body string
		header               http.Header // nil: as documented
		want                 []string
	}{
		"fine":                      {"GET", asset, "", nil, nil},
		"HEAD":                      {"HEAD", asset, "", nil, nil},
		"an escaped id":             {"GET", "/api/v2/assets/a%2Fb%20c", "", nil, nil},
		"an escaped letter":         {"GET", "/api/v2/%61ssets/a", "", nil, nil},
		"an escape that is none":    {"GET", "/api/v2/assets/%zz", "", nil, []string{"the path is GET /api/v2/assets/%zz, want that of an endpoint"}},
		"a slash at the end":        {"GET", asset + "/", "", nil, []string{"the path is GET /api/v2/assets/a/, want GET /api/v2/assets/a"}},
		"a misspelt path":           {"GET", asset + "/coments", "", nil, []string{"the path is GET /api/v2/assets/a/coments, want GET /api/v2/assets/a/comments"}},
		"no prefix":                 {"GET", "/assets/a", "", nil, []string{"the path is GET /assets/a, want GET /api/v2/assets/a"}},
		"capitals":                  {"GET", "/API/V2/Assets/aBc/", "", nil, []string{"the path is GET /API/V2/Assets/aBc/, want GET /api/v2/assets/aBc"}},
		"two misspelt words":        {"POST", "/api/v2/asset/aBc/comment", "", nil, []string{"the path is POST /api/v2/asset/aBc/comment, want POST /api/v2/assets/aBc/comments"}},
		"a word and the method":     {"GET", asset + "/restor", "", nil, []string{"the path is GET /api/v2/assets/a/restor, want POST /api/v2/assets/a/restore"}},
		"another version":           {"GET", "/api/v1/assets/aBc", "", nil, []string{"the path is GET /api/v1/assets/aBc, want GET /api/v2/assets/aBc"}},
		"no version":                {"GET", "/api/assets/aBc", "", nil, []string{"the path is GET /api/assets/aBc, want GET /api/v2/assets/aBc"}},
		"no cursor":                 {"GET", asset + "/history", "", nil, []string{"the path is GET /api/v2/assets/a/history, want GET /api/v2/assets/a/history/:cursor"}},
		"an empty cursor":           {"GET", asset + "/history/", "", nil, []string{"the path is GET /api/v2/assets/a/history/, want GET /api/v2/assets/a/history/:cursor"}},
		"no cursor, nor the method": {"POST", asset + "/history", "", nil, []string{"the path is POST /api/v2/assets/a/history, want that of an endpoint"}},
		"an empty id":               {"GET", "/api/v2/assets//comments", "", nil, []string{"the path is GET /api/v2/assets//comments, want GET /api/v2/assets/:asset_id/comments"}},
		"of no such thing":          {"GET", "/api/v2/users", "", nil, []string{"the path is GET /api/v2/users, want that of an endpoint"}},
		"of no such part":           {"POST", asset + "/project", "", nil, []string{"the path is POST /api/v2/assets/a/project, want that of an endpoint"}},
		"with a verb behind it":     {"POST", asset + "/comments/5/delete", "", nil, []string{"the path is POST /api/v2/assets/a/comments/5/delete, want that of an endpoint"}},
		"no path of the document":   {"GET", "/favicon.ico", "", nil, nil},
		"unlike any":                {"GET", "/api/v2/users/1/friends/2/of/3", "", nil, []string{"the path is GET /api/v2/users/1/friends/2/of/3, want that of an endpoint"}},
		"a huge path":               {"GET", "/api/v2/" + long, "", nil, []string{"the path is GET /api/v2/" + long[:48] + "…, want that of an endpoint"}},
		"a huge id":                 {"GET", "/api/v2/assets/" + long, "", nil, nil},
		"another method":            {"PATCH", asset, "{}", nil, []string{"the method of /api/v2/assets/a is PATCH, want DELETE or GET or PUT"}},
		"a preflight":               {"OPTIONS", asset, "", http.Header{"Access-Control-Request-Method": {"GET"}}, nil},
		"no key":                    {"GET", asset, "", http.Header{"Content-Type": {"application/json"}}, []string{"the header X-API-KEY is missing, want one: it is required"}},
		"no type":                   {"GET", asset, "", http.Header{"X-Api-Key": {"k"}}, []string{"the header Content-Type is missing, want application/json"}},
		"another type":              {"GET", asset, "", http.Header{"X-Api-Key": {"k"}, "Content-Type": {"text/plain"}}, []string{`the header Content-Type is "text/plain", want application/json`}},
		"a charset":                 {"GET", asset, "", http.Header{"X-Api-Key": {"k"}, "Content-Type": {"Application/JSON; charset=utf-8"}}, nil},
		"missing":                   {"POST", asset + "/comments", "{}", nil, []string{"the parameter comment is missing, want it in the JSON body: it is required"}},
		"missing without a body":    {"POST", asset + "/comments", "", nil, []string{"the parameter comment is missing, want it in the JSON body: it is required"}},
		"null where required":       {"POST", asset + "/comments", `{"comment": null}`, nil, []string{"the parameter comment is missing, want it in the JSON body: it is required"}},
		"null where optional":       {"POST", "/api/v2/assets", `{"title": "x", "tags": null, "description": null}`, nil, nil},
		"a number for a text":       {"POST", asset + "/comments", `{"comment": 12}`, nil, []string{`the parameter comment is 12, want "Must be a String"`}},
		"an object for a text":      {"POST", asset + "/comments", `{"comment": {"a": 1}}`, nil, []string{`the parameter comment is an object, want "Must be a String"`}},
		"a text for a list":         {"PUT", asset, `{"tags": "a"}`, nil, []string{`the parameter tags is "a", want "Must be an array of String"`}},
		"a number in a list":        {"PUT", asset, `{"tags": ["a", 1]}`, nil, []string{`the parameter tags is an array, want "Must be an array of String"`}},
		"a null in a list":          {"PUT", asset, `{"tags": ["a", null]}`, nil, nil},
		"none of those listed":      {"POST", "/api/v2/assets", `{"title": "x", "media_type": "image"}`, nil, []string{`the parameter media_type is "image", want "Must be one of: article."`}},
		"unknown":                   {"PUT", asset, `{"titel": "x"}`, nil, []string{`the parameter "titel" in the JSON body is unknown, want title`}},
		"unknown and like none":     {"POST", asset + "/comments", `{"comment": "x", "zzzzzzzz": 1}`, nil, []string{`the parameter "zzzzzzzz" in the JSON body is unknown, want one of comment`}},
		"unknown where none is":     {"DELETE", asset + "?force=1", "", nil, []string{`the parameter "force" in the query is unknown, want none: the endpoint has no parameters there`}},
		"in the query":              {"PUT", asset + "?title=x", "", nil, []string{`the parameter "title" in the query is misplaced, want it in the JSON body`}},
		"in the body":               {"GET", asset + "/media", `{"include_locations": "true"}`, nil, []string{`the parameter "include_locations" in the JSON body is misplaced, want it in the query`}},
		"of the path in the body":   {"POST", asset + "/restore", `{"asset_id": "a"}`, nil, []string{`the parameter "asset_id" in the JSON body is misplaced, want it in the path`}},
		"twice in the query":        {"GET", asset + "/media/1/download_url?filename=a&filename=b", "", nil, nil},
		"empty in the query":        {"GET", asset + "/media/1/download_url?filename=", "", nil, nil},
		"a query that is none":      {"GET", asset + "/media?a=%zz", "", nil, []string{`the query is not to be read (invalid URL escape "%zz"), want names and values`}},
		"no JSON":                   {"PUT", asset, `title=x`, nil, []string{"the body is no JSON (invalid character 'i' in literal true (expecting 'r')), want a JSON object"}},
		"an array":                  {"PUT", asset, `["x"]`, nil, []string{"the body is an array, want a JSON object"}},
		"null":                      {"PUT", asset, `null`, nil, []string{"the body is null, want a JSON object"}},
		"blanks for a body":         {"GET", asset, " \n", nil, nil},
		"a cursor that nobody had":  {"GET", asset + "/history/77", "", nil, []string{`the cursor is "77", which was never given, want 0, or the next_cursor of an answer`}},
		"the first cursor":          {"GET", asset + "/history/0", "", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := exchange(tt.method, tt.target, tt.body, 0, "")
			if tt.header != nil {
				x.Header = tt.header
			}
			judge := traffic.Judge{SeesAll: true}
			var got []string
			for _, f := range judge.Judge(x).ByClient {
				got = append(got, f.String())
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

// TestFindingsOfAnswers has each kind of what is wrong with an answer, and what is not.
func TestFindingsOfAnswers(t *testing.T) {
	t.Parallel()
	const comments, ok = "/api/v2/assets/a/comments", `{"comments": []}`
	for name, tt := range map[string]struct {
		method string
		status int
		answer string
		want   []string
	}{
		"fine":                {"GET", 200, ok, nil},
		"none":                {"GET", 0, "", nil},
		"another success":     {"GET", 201, ok, []string{"the status is 201 Created, want one of 200, 401, 404, 422, 500"}},
		"a redirect":          {"GET", 302, "", []string{"the status is 302 Found, want one of 200, 401, 404, 422, 500"}},
		"another refusal":     {"GET", 409, "{}", []string{"the status is 409 Conflict, want one of 200, 401, 404, 422, 500"}},
		"not modified":        {"GET", 304, "", []string{"the status is 304 Not Modified, want one of 200, 401, 404, 422, 500"}},
		"too many":            {"GET", 429, "slow down", nil},
		"a gateway":           {"GET", 502, "<html>", nil},
		"too large":           {"POST", 413, "", nil},
		"any 401":             {"GET", 401, "", nil},
		"any 500":             {"GET", 500, "<html>", nil},
		"HEAD":                {"HEAD", 200, "", nil},
		"no JSON":             {"GET", 200, "<html>", []string{"the answer is no JSON in UTF-8, want it as the document shows it"}},
		"an empty body":       {"GET", 200, "", []string{"the answer is no JSON in UTF-8, want it as the document shows it"}},
		"no UTF-8":            {"GET", 200, `{"comments": [], "x": "` + "\xff" + `"}`, []string{"the answer is no JSON in UTF-8, want it as the document shows it"}},
		"without a member":    {"GET", 200, `{}`, []string{"the answer's $ is without comments, want it"}},
		"of another type":     {"GET", 200, `{"comments": {}}`, []string{"the answer's $.comments is object, want array"}},
		"a further member":    {"GET", 200, `{"comments": [], "total": 0}`, nil},
		"no error":            {"GET", 404, `{}`, []string{"the answer's $ is without error, want it"}},
		"an error of objects": {"GET", 404, `{"error": {}}`, []string{"the answer's $.error is object, want string"}},
		"within a list":       {"GET", 200, `{"comments": [{"id": "1", "message": "x", "updated_at": "2023-11-27T09:42:40.792Z", "user": {"id": 3, "email": "x", "first_name": null, "last_name": null, "avatar_url": null}, "mentioned_users": []}]}`, []string{"the answer's $.comments[0].id is string, want integer"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := ""
			if tt.method == http.MethodPost {
				body = `{"comment": "x"}`
			}
			var judge traffic.Judge
			var got []string
			for _, f := range judge.Judge(exchange(tt.method, comments, body, tt.status, tt.answer)).ByServer {
				got = append(got, f.String())
			}
			assert.Equal(t, tt.want, got)
		})
	}
	x := exchange("GET", comments, "", 304, "")
	x.Header["If-None-Match"] = []string{`"a"`}
	var judge traffic.Judge
	assert.Empty(t, judge.Judge(x).ByServer, "it was asked for")
	x = exchange("GET", comments, "", 200, `{"comm`)
	x.AnswerIsCut = true
	assert.Empty(t, judge.Judge(x).ByServer, "the rest of it is not known")
	x = exchange("POST", comments, `{}`, 400, "what?")
	assert.Empty(t, judge.Judge(x).ByServer, "of the refusal of a wrong request the document shows little")
}

// TestNoSecrets: a key is shown nowhere, wherever it was put.
func TestNoSecrets(t *testing.T) {
	t.Parallel()
	const key = "canary/key+of=somebody"
	encoded := base64.StdEncoding.EncodeToString([]byte(key))
	x := exchange("POST", "/api/v2/assets/"+key+"/nowhere?api_key=canary%2Fkey%2Bof%3Dsomebody&canary/key+of=somebody=1", `{"titel": "`+key+`", "`+key+`": "`+encoded+`"}`, 418, `{"error": "no `+key+`", "as": "`+encoded+`"}`)
	x.Header.Set("X-API-KEY", key)
	x.Header.Set("Authorization", "Bearer "+key)
	x.AnswerHead = http.Header{"X-Echo": {key}, "Set-Cookie": {"session=" + key}, "Location": {"http://a/?k=" + key}}
	x.Failure = "no " + key
	y := x
	y.Target = "/api/v2/assets?canary/key+of%3Dsomebody=1"
	z := x
	z.Method, z.Target, z.Body, z.Status, z.Answer = "GET", "/api/v2/assets/"+encoded, nil, 200, []byte(`{"asset": "`+key+`", "`+key+`": 1}`)
	far := strings.Repeat("x", 50)
	y.Body = []byte(`{"` + far + key + `": 1}`)
	j := traffic.NewJournal(&traffic.Judge{})
	j.Add(x)
	j.Add(y)
	j.Add(z)
	entries := j.Entries(traffic.Filter{})
	require.NotEmpty(t, entries[1].ByClient)
	require.NotEmpty(t, entries[2].ByServer)
	var texts bytes.Buffer
	require.NoError(t, traffic.WriteHAR(&texts, entries))
	for _, r := range []*report.Report{j.Client("", "http://mock"), j.Server("http://mock")} {
		for _, write := range report.Formats {
			require.NoError(t, write(r, &texts))
		}
		require.NoError(t, r.WriteText(&texts, report.TextOptions{Failures: report.AllFailures}))
	}
	for _, hidden := range []string{"canary", encoded[:len(encoded)-4]} {
		at := strings.Index(texts.String(), hidden)
		assert.Equal(t, -1, at, "%s in %s", hidden, texts.String()[max(at-200, 0):max(at, 0)+40])
	}
}
