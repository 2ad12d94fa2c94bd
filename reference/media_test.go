package reference_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMedia(t *testing.T) {
	t.Parallel()
	s := serve(t)
	path := s.asset(sample + `}`)
	assert.Equal(t, answer{200, `{"media":[]}`}, s.request("GET "+path+"/media", ""))
	assert.Equal(t, answer{200, `{"media":[]}`}, s.request("GET "+path+"/media?include_locations=true", ""))

	added := s.request("POST "+path+"/media", `{"file_url":"http://www.example.com/jpgfile.jpg","filename":"jpgfile.jpg"}`)
	assert.Equal(t, answer{200, `{"ok":"ok"}`}, added)
	assert.Equal(t, "jpgfile.jpg", s.request("GET "+path, "").get("asset.original_filename"))

	listed := s.request("GET "+path+"/media", "")
	n := listed.raw("media.0.id")
	entry := `{"id":` + n + `,"filename":"jpgfile.jpg","media_type":"image","created_date":"2023-11-27T09:42:48.538Z"`
	assert.Equal(t, answer{200, `{"media":[` + entry + `}]}`}, listed)
	assert.Equal(t, listed, s.request("GET "+path+"/media?include_locations=false", ""))
	assert.Equal(t, answer{200, `{"media":[` + entry + `,"locations":["http://www.example.com/jpgfile.jpg"]}]}`},
		s.request("GET "+path+"/media?include_locations=true", ""))
	assert.Equal(t, answer{200, `{"url":"http://www.example.com/jpgfile.jpg"}`},
		s.request("GET "+path+"/media/"+n+"/download_url?filename=test.png", ""))
	assert.Equal(t, answer{200, `{"file_metadata":{}}`}, s.request("GET "+path+"/file_metadata", ""))
}

func TestMediaTypes(t *testing.T) {
	t.Parallel()
	s := serve(t)
	path := s.asset(sample + `}`)
	for _, name := range []string{"A.PNG", "a.mov", "a.mp3", "a.pdf", "a"} {
		require.Equal(t, 200, s.request("POST "+path+"/media", `{"file_url":"https://x/y","filename":"`+name+`"}`).status)
	}
	assert.Equal(t, `["image","video","audio","document","document"]`, s.request("GET "+path+"/media", "").raw("media.#.media_type"))
}

func TestFileURLs(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for _, location := range []string{"http://www.example.com/jpgfile.jpg", "https://www.example.com", "HTTPS://x", "http://[::1]:80/ä b"} {
		assert.Equal(t, answer{200, `{"ok":"ok"}`}, s.request("POST "+seeded+"/media", `{"file_url":"`+location+`","filename":"x"}`), location)
	}
	before := s.request("GET "+seeded, "")
	for _, location := range []string{
		"/local/downloads/myfile.jpg", "", "www.example.com/x.jpg", "ftp://www.example.com/x", "file:///etc/passwd", "http:", "http://",
		"http:///x", "https://:443/x", "http:x", " http://x/y", "http://x y/z", "http://x/%zz", "http://x:port/", "javascript:alert(1)//http://x",
	} {
		assert.Equal(t, refused(400, "not a valid HTTP URL"), s.request("POST "+seeded+"/media", `{"file_url":"`+location+`","filename":"y"}`), location)
	}
	assert.Equal(t, before, s.request("GET "+seeded, ""))
}

func TestDownloadURL(t *testing.T) {
	t.Parallel()
	s := serve(t)
	media := seeded + "/media/"
	n := s.state("a media file on the asset", map[string]string{"asset_id": id(seeded)})["media_id"]
	assert.Equal(t, answer{200, `{"url":null}`}, s.request("GET "+media+n+"/download_url?filename=test.png", ""))
	assert.Equal(t, refused(422, "Missing parameter filename"), s.request("GET "+media+n+"/download_url", `{"filename":"test.png"}`))
	assert.Equal(t, `[]`, s.request("GET "+seeded+"/media?include_locations=true", "").raw("media.0.locations"))

	other := s.asset(sample+`}`) + "/media/"
	for _, odd := range append(oddIDs, n, "not_found_id") {
		request := "GET " + other + url.PathEscape(odd) + "/download_url?filename=test.png"
		assert.Equal(t, refused(404, "Couldn't find Media with 'id'="+odd+` [WHERE "media"."asset_id" = $1]`), s.request(request, ""))
	}
}

func TestRemoveMedia(t *testing.T) {
	t.Parallel()
	s := serve(t)
	path := s.asset(sample + `}`)
	none := strings.TrimSuffix(recorded("", ""), "}") + `,"errors":{"error":"No media found on this asset.","status":400}}`
	assert.Equal(t, answer{200, none}, s.request("DELETE "+path+"/media", "").masked())

	s.state("a media file on the asset", map[string]string{"asset_id": id(path)})
	s.wait(time.Second)
	removed := s.request("DELETE "+path+"/media", "")
	want := strings.NewReplacer(`"original_filename":null`, `"original_filename":"test_filename.jpg"`,
		`"modification_date":"2023-11-27T09:42:48`, `"modification_date":"2023-11-27T09:42:49`).Replace(recorded("", ""))
	assert.Equal(t, answer{200, want}, removed.masked())
	assert.Equal(t, removed, s.request("GET "+path, ""))
	assert.Equal(t, answer{200, `{"media":[]}`}, s.request("GET "+path+"/media", ""))
	assert.Equal(t, "400", s.request("DELETE "+path+"/media", "").raw("errors.status"))
}
