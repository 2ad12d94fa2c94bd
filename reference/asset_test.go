package reference_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// recorded is the document's asset with its keys in the order recorded there.
func recorded(member string, instead string) string {
	body := `{"asset":{"id":"ID","external_id":null,"parent_id":null,"project_id":null,"owner":"admin@example.com",` +
		`"title":"Sample Asset","description":"Sample asset from API V2","category":"sample","tags":["sample","test"],` +
		`"ai_tags":[],"status":"open","media_type":"placeholder","original_filename":null,"drop_folder_id":null,` +
		`"md5_sum":null,"created_date":"2023-11-27T09:42:48.538Z","modification_date":"2023-11-27T09:42:48.538Z","deleted":null}}`
	return strings.Replace(body, member, instead, 1)
}

const sample = `{"title":"Sample Asset","description":"Sample asset from API V2","category":"Sample","tags":["sample","test"]`

func TestCreateAsset(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", 255)
	tests := []struct {
		name string
		body string
		want answer
	}{
		{"documented", sample + `}`, answer{200, recorded("", "")}},
		{"article", sample + `,"media_type":"article"}`, answer{200, recorded("placeholder", "article")}},
		{"article, escaped", sample + `,"media_type":"\u0061rticle"}`, answer{200, recorded("placeholder", "article")}},
		{"external id", sample + `,"external_id":"mine"}`, answer{200, recorded(`"external_id":null`, `"external_id":"mine"`)}},
		{"further parameters", sample + `,"id":"mine","status":"closed","x":[1]}`, answer{200, recorded("", "")}},
		{"null is not given", sample + `,"external_id":null,"media_type":null}`, answer{200, recorded("", "")}},
		{"nulls in tags", strings.Replace(sample, `"sample",`, `null,"sample",null,`, 1) + `}`, answer{200, recorded("", "")}},
		{"no tags", strings.Replace(sample, `"sample","test"`, ``, 1) + `}`, answer{200, recorded(`"sample","test"`, ``)}},
		{"tags as sent", strings.Replace(sample, `"sample","test"`, `"A","a"`, 1) + `}`, answer{200, recorded(`"sample","test"`, `"A","a"`)}},
		{"any script", strings.Replace(sample, "Sample Asset", "Ünï <b>&\u2028 日本 \\ud83d\\ude00", 1) + `}`, answer{200, recorded("Sample Asset", `Ünï <b>&\u2028 日本 😀`)}},
		{"category by unicode", strings.Replace(sample, `"Sample",`, `"ÄÖÜ ΑΒΓ",`, 1) + `}`, answer{200, recorded(`"sample",`, `"äöü αβγ",`)}},
		{"title of 255 characters", strings.Replace(sample, "Sample Asset", long, 1) + `}`, answer{200, recorded("Sample Asset", long)}},
		{"title of 256 characters", `{"title":"ä` + long + `"}`, refused(400, "Title is too long (maximum is 255 characters)")},
		{"no title", `{"description":"x","category":"Sample","tags":["sample","test"]}`, refused(422, "Missing parameter title")},
		{"missing before invalid", `{"description":1}`, refused(422, "Missing parameter title")},
		{"null title", `{"title":null}`, refused(422, "Missing parameter title")},
		{"empty title", `{"title":""}`, refused(422, `Invalid parameter 'title' value "": Must not be empty`)},
		{"no body", ` `, refused(422, "Missing parameter title")},
		{"image", sample + `,"media_type":"image"}`, refused(422, `Invalid parameter 'media_type' value "image": Must be one of: <code>article</code>.`)},
		{"malformed", `{"title":"x"`, refused(400, "Request body is not valid JSON")},
		{"two values", `{"title":"x"} {}`, refused(400, "Request body is not valid JSON")},
		{"array", `[]`, refused(400, "Request body is not a JSON object")},
		{"null", `null`, refused(400, "Request body is not a JSON object")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t)
			got := s.request("POST /api/v2/assets", tt.body)
			require.Equal(t, tt.want, got.masked())
			if got.status == 200 {
				assert.Equal(t, got, s.request("GET /api/v2/assets/"+got.get("asset.id"), ""), "reads as answered")
			}
		})
	}
}

func TestOnlyTitle(t *testing.T) {
	t.Parallel()
	s := serve(t)
	a := s.request("GET "+s.asset(`{"title":"x"}`), "")
	assert.Equal(t, "null null []", a.raw("asset.description")+" "+a.raw("asset.category")+" "+a.raw("asset.tags"))
}

func TestUpdateAsset(t *testing.T) {
	t.Parallel()
	modified := strings.NewReplacer("Sample Asset", "Modified Sample Asset", "Sample asset from API V2", "Modified Description",
		`"sample",`, `"modified category",`, `["sample","test"]`, `["test","tags","here"]`, `"external_id":null`, `"external_id":"modified_external_id"`)
	tests := []struct {
		name string
		body string
		want answer
	}{
		{"documented", `{"title":"Modified Sample Asset","description":"Modified Description","category":"Modified Category","tags":["Test","Tags","Here"],"external_id":"modified_external_id"}`,
			answer{200, modified.Replace(recorded("", ""))}},
		{"nothing", ``, answer{200, recorded("", "")}},
		{"tags in lower case, without nulls", `{"tags":["ÄB",null]}`, answer{200, recorded(`"sample","test"`, `"äb"`)}},
		{"no tags", `{"tags":[]}`, answer{200, recorded(`"sample","test"`, ``)}},
		{"null title", `{"title":null}`, answer{200, recorded("", "")}},
		{"empty description", `{"description":""}`, answer{200, recorded("Sample asset from API V2", "")}},
		{"media type is no parameter", `{"media_type":"article"}`, answer{200, recorded("", "")}},
		{"empty title", `{"title":""}`, refused(422, `Invalid parameter 'title' value "": Must not be empty`)},
		{"title too long", `{"title":"` + strings.Repeat("X", 256) + `"}`, refused(400, "Title is too long (maximum is 255 characters)")},
		{"tags", `{"tags":"x"}`, refused(422, `Invalid parameter 'tags' value "x": Must be an array of String`)},
		{"taken", `{"external_id":"taken"}`, refused(400, "External id has already been taken")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t)
			s.asset(`{"title":"another","external_id":"taken"}`)
			path := s.asset(sample + `}`)
			before := s.request("GET "+path, "")
			s.wait(2 * time.Second)
			got := s.request("PUT "+path, tt.body)
			want := tt.want
			if want.status == 200 {
				want.body = strings.Replace(want.body, `"modification_date":"2023-11-27T09:42:48`, `"modification_date":"2023-11-27T09:42:50`, 1)
				before = got
			}
			assert.Equal(t, want, got.masked())
			assert.Equal(t, before, s.request("GET "+path, ""), "reads as answered, or as before")
		})
	}
}

func TestExternalID(t *testing.T) {
	t.Parallel()
	s := serve(t)
	mine := `{"title":"x","external_id":"mine"}`
	taken := refused(400, "External id has already been taken")
	path := s.asset(mine)
	assert.Equal(t, taken, s.request("POST /api/v2/assets", mine))
	assert.Equal(t, 200, s.request("PUT "+path, mine).status, "its own")

	require.Equal(t, 200, s.request("POST "+path+"/trash_bin", "").status)
	assert.Equal(t, taken, s.request("POST /api/v2/assets", mine), "in the trash")
	require.Equal(t, 200, s.request("DELETE "+path, "").status)
	path = s.asset(mine)

	require.Equal(t, 200, s.request("PUT "+path, `{"external_id":"other"}`).status)
	s.asset(mine)
	assert.Equal(t, taken, s.request("PUT "+path, mine))
}

func TestDeleteAsset(t *testing.T) {
	t.Parallel()
	s := serve(t)
	path := s.asset(sample + `}`)
	comment := s.request("POST "+path+"/comments", `{"comment":"x"}`).get("comment.id")
	assert.Equal(t, answer{200, `{"ok":"ok"}`}, s.request("DELETE "+path, ""))
	for _, gone := range []string{"GET " + path, "DELETE " + path, "GET " + path + "/comments/" + comment, "POST " + path + "/trash_bin"} {
		assert.Equal(t, refused(404, "asset not found"), s.request(gone, ""), gone)
	}
}

// Every parameter that is a String refuses what is none, printed as Ruby does.
func TestInvalidParameters(t *testing.T) {
	t.Parallel()
	s := serve(t)
	path := s.asset(sample + `}`)
	comment := s.request("POST "+path+"/comments", `{"comment":"x"}`).get("comment.id")
	printed := []struct{ value, ruby string }{
		{`123`, `123`}, {`1.50`, `1.50`}, {`-1e400`, `-1e400`}, {`98765432109876543210`, `98765432109876543210`},
		{`true`, `true`}, {`false`, `false`}, {`[]`, `[]`}, {`{}`, `{}`},
		{`["x", 1,null, [true]]`, `["x", 1, nil, [true]]`},
		{`{"b":1, "a":{"c":[]}}`, `{"b"=>1, "a"=>{"c"=>[]}}`},
		{`["\u0022\\\n\r\t\f\b\u0007\u000b\u001b\u007f\u0001\u200b"]`, `["\"\\\n\r\t\f\b\a\v\e\x7F\u0001\u200B"]`},
		{`["#{a} #$b #@c # #d é日😀\u00a0\udb40\udc01"]`, "[\"\\#{a} \\#$b \\#@c # #d é日😀\u00a0\\u{E0001}\"]"},
	}
	strings := []struct{ request, name, others string }{
		{"POST /api/v2/assets", "title", ``},
		{"POST /api/v2/assets", "description", `"title":"x",`},
		{"POST /api/v2/assets", "category", `"title":"x",`},
		{"POST /api/v2/assets", "external_id", `"title":"x",`},
		{"PUT " + path, "title", ``},
		{"PUT " + path, "description", ``},
		{"PUT " + path, "category", ``},
		{"PUT " + path, "external_id", ``},
		{"POST " + path + "/media", "file_url", `"filename":"x",`},
		{"POST " + path + "/media", "filename", `"file_url":"http://x/y",`},
		{"POST " + path + "/comments", "comment", ``},
		{"POST " + path + "/comments/" + comment, "comment", ``},
		{"POST " + path + "/assign", "to_project_id", ``},
	}
	for _, p := range strings {
		for _, v := range printed {
			want := refused(422, fmt.Sprintf("Invalid parameter '%s' value %s: Must be a String", p.name, v.ruby))
			got := s.request(p.request, fmt.Sprintf(`{%s%q:%s}`, p.others, p.name, v.value))
			assert.Equal(t, want, got, "%s %s", p.request, p.name)
		}
		null := s.request(p.request, fmt.Sprintf(`{%s%q:"a\u0000"}`, p.others, p.name))
		assert.Equal(t, refused(422, "Invalid parameter '"+p.name+`' value "a\u0000": Must not contain a null character`), null)
	}
	for _, v := range printed {
		if v.value == "[]" || v.value[:2] == `["` && v.value[2] != 'x' {
			continue // arrays of String
		}
		want := refused(422, "Invalid parameter 'tags' value "+v.ruby+": Must be an array of String")
		assert.Equal(t, want, s.request("PUT "+path, `{"tags":`+v.value+`}`))
	}
}

func TestMissingParameters(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for request, name := range map[string]string{
		"POST /comments": "comment", "POST /comments/1": "comment", "POST /media": "file_url", "POST /assign": "to_project_id",
		"GET /media/1/download_url": "filename", "GET /media/x/download_url?file=x": "filename",
	} {
		method, path, _ := strings.Cut(request, " ")
		assert.Equal(t, refused(422, "Missing parameter "+name), s.request(method+" "+seeded+path, `{"filename":null}`), request)
	}
	assert.Equal(t, refused(422, "Missing parameter filename"), s.request("POST "+seeded+"/media", `{"file_url":1}`))
}
