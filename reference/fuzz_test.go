package reference_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
)

// shapes are the members of the objects that answers have, by what they are called.
var shapes = map[string]string{
	"asset": "ai_tags category created_date deleted description drop_folder_id external_id id md5_sum media_type modification_date " +
		"original_filename owner parent_id project_id status tags title",
	"comment": "id mentioned_users message updated_at user", "comments": "id mentioned_users message updated_at user",
	"user":        "avatar_url email first_name id last_name",
	"dag_actions": "category description id name", "dag_action": "category description id name",
	"dag_action_run":          "created_at dag_action dag_action_run_messages id status",
	"dag_action_runs":         "created_at dag_action dag_action_run_messages id status",
	"dag_action_run_messages": "created_at id message",
	"history":                 "next_cursor results", "results": "created_at event_targets event_type id updated_at user_id",
	"event_targets": "target target_type", "target": "elasticsearch_id id title",
	"collections": "category created_date description id isPublic media_type modification_date original_title owner tags title",
	"errors":      "error status", "file_metadata": "",
}

// tops are the members of whole answers.
var tops = []string{
	"error", "ok", "asset", "asset errors", "comment", "comments", "dag_actions", "dag_action_run", "dag_action_runs", "history",
	"collections", "media", "url", "file_metadata",
}

// documented is an answer that the document has: an empty 401, or JSON of its shapes.
func documented(t *testing.T, a answer, request string) {
	t.Helper()
	if a.status == http.StatusUnauthorized && a.body == "" {
		return
	}
	var v map[string]any
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("%s: %d %s: %v", request, a.status, a.body, err)
	}
	text, isError := v["error"].(string)
	if a.status == http.StatusOK && (strings.HasSuffix(text, " does not have a parent project") || text == "Project not found.") {
		return // each a 200, as documented
	}
	isRefused := slices.Contains([]int{400, 403, 404, 405, 413, 422}, a.status)
	if !slices.Contains(tops, members(v)) || isRefused != isError || isError && text == "" || !isRefused && a.status != http.StatusOK || !inShape(v) {
		t.Fatalf("%s: %d %s", request, a.status, a.body)
	}
}

func members(v map[string]any) string { return strings.Join(slices.Sorted(maps.Keys(v)), " ") }

// inShape tells whether what the members of v hold has their shapes.
func inShape(v map[string]any) bool {
	for name, child := range v {
		children, isList := child.([]any)
		if !isList {
			children = []any{child}
		}
		for _, c := range children {
			object, isObject := c.(map[string]any)
			want, isKnown := shapes[name]
			if isObject && (isKnown && members(object) != want || !inShape(object)) {
				return false
			}
		}
	}
	return true
}

// filled is a server with something of everything, and the paths of an asset and of
// its comment.
func filled(t *testing.T) (s *service, asset, comment string) {
	t.Helper()
	s = serve(t)
	asset = s.asset(`{"title":"x"}`)
	comment = asset + "/comments/" + s.request("POST "+asset+"/comments", `{"comment":"x"}`).get("comment.id")
	s.request("POST "+asset+"/media", `{"file_url":"http://x/y","filename":"y"}`)
	s.request("POST "+asset+"/dag_actions/1", "")
	return s, asset, comment
}

// sendAs sends a request that is made by hand.
func sendAs(h http.Handler, method string, at *url.URL, body string, change func(http.Header)) answer {
	r := httptest.NewRequest(method, "/", strings.NewReader(body))
	r.URL, r.RequestURI = at, at.RequestURI()
	r.Header.Set("X-API-KEY", admin)
	r.Header.Set("Content-Type", "application/json")
	change(r.Header)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return answer{w.Code, strings.TrimSuffix(w.Body.String(), "\n")}
}

func asIs(http.Header) {}

func FuzzBodies(f *testing.F) {
	for _, body := range []string{
		"", "{}", "null", "[", `{"title":"\ud800"}`, "\xff", `{"title":"x","tags":[[[]]]}`, `{"title":"a\u0000"}`, `{"x":{"a":1,"a":2}}`,
		`{"title":"x","description":"y","category":"Z","tags":["A",null],"media_type":"article","external_id":"e"}`,
		`{"comment":"x","file_url":"http://x/y","filename":"y.jpg","to_project_id":"a7rYTJIBVOpM1qBIdlO6"}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		s, path, comment := filled(t)
		judge(t, s, writes(path, id(comment)), body)
	})
}

func FuzzPaths(f *testing.F) {
	for _, endpoint := range append(slices.Clone(endpoints), "GET /", "PATCH /api/v2/assets", "GET /api//v2/../x", "GET /%2e%2e/%00", "OPTIONS *", "GET *", "CONNECT /") {
		method, path, _ := strings.Cut(endpoint, " ")
		f.Add(method, path)
	}
	f.Fuzz(func(t *testing.T, method, path string) {
		u, err := url.ParseRequestURI(path)
		if err != nil || strings.ContainsAny(method, " \r\n") || method == "" {
			t.Skip("no request")
		}
		if _, err := http.NewRequest(method, "http://localhost/", nil); err != nil {
			t.Skip("no method")
		}
		documented(t, sendAs(serve(t), method, u, "{}", asIs), method+" "+path)
	})
}

func FuzzIDs(f *testing.F) {
	for _, id := range []string{"", ".", "..", "-1", "0", "1", "3abc", "9223372036854775808", "a\x00b", "\xff", "日本", "a/b", "%2e", strings.Repeat("x", 3000), "#?&;", "\u202e"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, odd string) {
		s, asset, _ := filled(t)
		for _, endpoint := range endpoints {
			method, path, _ := strings.Cut(endpoint, " ")
			for _, part := range []string{id(seeded), "1"} {
				at := strings.Split(strings.Replace(path, id(seeded), id(asset), 1), "/")
				for i := range at {
					if at[i] == part || part == id(seeded) && at[i] == id(asset) {
						at[i] = odd
					}
				}
				u := &url.URL{Path: strings.Join(at, "/")}
				for i := range at {
					at[i] = url.PathEscape(at[i])
				}
				u.RawPath = strings.Join(at, "/")
				documented(t, sendAs(s, method, u, `{"title":"x","comment":"x"}`, asIs), method+" "+u.RawPath)
			}
		}
	})
}

func FuzzCursors(f *testing.F) {
	for _, cursor := range []string{"0", "1", "test", "-1", "18446744073709551616", "1e3", "٣", "0x1", "\x00", "#{x}"} {
		f.Add(cursor)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		s, asset, _ := filled(t)
		u := &url.URL{Path: asset + "/history/" + cursor, RawPath: asset + "/history/" + url.PathEscape(cursor)}
		documented(t, sendAs(s, http.MethodGet, u, "", asIs), "cursor "+cursor)
	})
}

func FuzzHeaders(f *testing.F) {
	for _, header := range [][2]string{
		{"X-Api-Key", ""}, {"X-Api-Key", admin + " "}, {"X-Api-Key", "\x00"}, {"Content-Type", "text/plain"}, {"Content-Length", "-1"},
		{"Transfer-Encoding", "gzip"}, {"Accept", "text/html"}, {"Accept-Encoding", "br"}, {"Range", "bytes=0-"}, {"If-None-Match", "*"}, {"Host", "x"},
	} {
		f.Add(header[0], header[1])
	}
	f.Fuzz(func(t *testing.T, name, value string) {
		s, asset, comment := filled(t)
		for _, request := range append(writes(asset, id(comment)), "GET "+asset, "GET "+asset+"/comments") {
			method, path, _ := strings.Cut(request, " ")
			documented(t, sendAs(s, method, &url.URL{Path: path}, "{}", func(h http.Header) { h[http.CanonicalHeaderKey(name)] = []string{value} }), request)
		}
	})
}

func FuzzQuery(f *testing.F) {
	for _, query := range []string{"", "include_locations=true", "filename=x", "filename", "filename=%", "filename=a;b", "%00=%ff", "include_locations[]=true&include_locations=true"} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		s, asset, _ := filled(t)
		media := s.request("GET "+asset+"/media", "").raw("media.0.id")
		for _, path := range []string{asset, asset + "/media", asset + "/media/" + media + "/download_url"} {
			documented(t, sendAs(s, http.MethodGet, &url.URL{Path: path, RawQuery: query}, "", asIs), path+"?"+query)
		}
	})
}

func FuzzStates(f *testing.F) {
	for _, state := range []string{
		`{"state":"a project"}`, `{"state":"another user","action":"setup"}`, `{"state":"a caller without ACTIONS_VIEW","action":"teardown"}`,
		`{"state":"days have passed","params":{"asset_id":"rSkRlq2Aiw4wJvjvlqSm","days":14}}`, `{"state":"an internal failure","params":null}`,
		`{"state":"a collection with the asset","params":{"asset_id":"rSkRlq2Aiw4wJvjvlqSm"}}`, `{"state":"a media file on the asset","params":{"asset_id":1e9}}`,
		`{"state":"another user's comment","params":{"asset_id":"\u0000"}}`, `[]`, ``, `{"params":{"x":[]}}`,
	} {
		f.Add(state)
	}
	f.Fuzz(func(t *testing.T, body string) {
		a := send(serve(t).Control(), "", "POST /states", body)
		var values map[string]string
		if err := json.Unmarshal([]byte(a.body), &values); err != nil || !slices.Contains([]int{200, 400, 404, 413}, a.status) {
			t.Fatalf("%s: %d %s", body, a.status, a.body)
		}
		if _, isError := values["error"]; isError != (a.status != http.StatusOK) {
			t.Fatalf("%s: %d %s", body, a.status, a.body)
		}
	})
}

func FuzzSeeds(f *testing.F) {
	f.Add([]byte(`{"users": [{"id": 1, "email": "a@example.com", "keys": ["k"]}]}`))
	f.Add([]byte(`{"users": [{"id": 1, "email": "a@example.com", "keys": ["k"], "permissions": ["ACTIONS_VIEW"]}],
		"assets": [{"id": "x", "owner": "a@example.com", "title": "y", "tags": ["a"]}], "collections": [{"id": "c", "title": "t", "owner": "a@example.com", "asset_ids": ["x"]}]}`))
	f.Add([]byte(`{"dag_actions": [{"id": 9223372036854775807}], "projects": [{"id": "p", "title": ""}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		seed, err := reference.ReadSeed(bytes.NewReader(text))
		if err != nil {
			return
		}
		seed.Users = append(seed.Users, reference.User{ID: 1 << 60, Email: "fuzz@example.com", Permissions: []string{reference.ActionsView}})
		seed.Keys = append(seed.Keys, reference.UserKey{Hash: reference.HashKey(admin), UserID: 1 << 60})
		s, err := reference.New(memory.New(), reference.Options{Seed: seed})
		if err != nil {
			return
		}
		for _, a := range seed.Assets {
			for _, list := range []string{"", "/collections", "/dag_actions", "/history/0", "/comments"} {
				got := send(s, admin, "GET /api/v2/assets/"+a.ID+list, "")
				if documented(t, got, a.ID+list); got.status != http.StatusOK {
					t.Fatalf("%s%s: %d %s", a.ID, list, got.status, got.body)
				}
			}
		}
	})
}
