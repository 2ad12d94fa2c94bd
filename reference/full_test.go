package reference_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
)

// TestFullStoreIs507: with an error, and with nothing in the log; who is due for the
// purge makes room.
func TestFullStoreIs507(t *testing.T) {
	t.Parallel()
	capacity := reference.CapacityOf(len(defaultSeed(t).Assets) + 1)
	capacity.Each, capacity.Bytes = 2, 50_000
	s := serveOver(t, memory.Within(capacity))
	full := refused(507, "Insufficient storage")
	path := s.asset(`{"title":"x"}`)
	assert.Equal(t, full, s.request("POST /api/v2/assets", `{"title":"x"}`))
	for request, body := range map[string]string{
		"POST " + path + "/comments":      `{"comment":"x"}`,
		"POST " + path + "/media":         `{"file_url":"http://x/y","filename":"y"}`,
		"POST " + path + "/dag_actions/1": ``,
	} {
		for range capacity.Each {
			assert.Equal(t, 200, s.request(request, body).status, request)
		}
		assert.Equal(t, full, s.request(request, body), request)
	}
	assert.Equal(t, full, s.request("PUT "+path, `{"description":"`+strings.Repeat("x", 60_000)+`"}`))
	assert.Equal(t, 200, s.request("PUT "+path, `{"description":"`+strings.Repeat("x", 1000)+`"}`).status)

	many := `["` + strings.Repeat(`x","`, 1000) + `x"]`
	tooMany := refused(507, "Insufficient storage: more than 1000 tags")
	assert.Equal(t, tooMany, s.request("POST /api/v2/assets", `{"title":"x","tags":`+many+`}`))
	assert.Equal(t, tooMany, s.request("PUT "+path, `{"tags":`+many+`}`))

	assert.Equal(t, ok, s.request("POST "+path+"/trash_bin", ""))
	assert.Equal(t, full, s.request("POST /api/v2/assets", `{"title":"x"}`))
	s.wait(14 * 24 * time.Hour)
	s.asset(`{"title":"x"}`)
	assert.Empty(t, s.log.String())
}

// TestLongTextIs422: but for a title, of which the document says 400.
func TestLongTextIs422(t *testing.T) {
	t.Parallel()
	s := serve(t)
	path := s.asset(`{"title":"x"}`)
	most := strings.Repeat("é", 32<<10) // of two bytes each
	for _, tt := range []struct{ request, parameter, body string }{
		{"POST " + path + "/comments", "comment", `{"comment":"LONG"}`},
		{"POST " + path + "/media", "filename", `{"file_url":"http://x/y","filename":"LONG"}`},
		{"POST " + path + "/media", "file_url", `{"file_url":"http://x/LONG","filename":"x"}`},
		{"POST /api/v2/assets", "description", `{"title":"x","description":"LONG"}`},
		{"POST /api/v2/assets", "category", `{"title":"x","category":"LONG"}`},
		{"POST /api/v2/assets", "external_id", `{"title":"x","external_id":"LONG"}`},
		{"POST /api/v2/assets", "tags", `{"title":"x","tags":["x","LONG"]}`},
		{"PUT " + path, "description", `{"description":"LONG"}`},
		{"PUT " + path, "category", `{"category":"LONG"}`},
		{"PUT " + path, "external_id", `{"external_id":"LONG."}`},
		{"PUT " + path, "tags", `{"tags":["LONG","x"]}`},
	} {
		long := strings.Replace(tt.body, "LONG", most+"x", 1)
		tooLong := refused(422, "Parameter "+tt.parameter+" is too long (maximum is 65536 bytes)")
		assert.Equal(t, tooLong, s.request(tt.request, long), tt)
		fits := strings.NewReplacer("LONG", most[len("http://x/é"):]).Replace(tt.body)
		assert.Equal(t, 200, s.request(tt.request, fits).status, tt)
	}
	long := `{"title":"` + most + `x"}`
	assert.Equal(t, refused(400, "Title is too long (maximum is 255 characters)"), s.request("PUT "+path, long))
}

// TestNoListIsLong: as many comments as an asset may have, as long as they may be, of
// what is longest in JSON, are less than 16 MB; media files likewise.
func TestNoListIsLong(t *testing.T) {
	t.Parallel()
	capacity := reference.DefaultCapacity
	s := serveOver(t, memory.Within(capacity))
	path := s.asset(`{"title":"x"}`)
	long := strings.Repeat(`\u0001`, 64<<10-9)
	full := refused(507, "Insufficient storage")
	for kind, bodies := range map[string][2]string{
		"comments": {`{"comment":"` + long + `"}`, `{"comment":""}`},
		"media":    {`{"filename":"` + long + `","file_url":"http://x/"}`, `{"filename":"","file_url":"http://x/"}`},
	} {
		n := 0
		for ; s.request("POST "+path+"/"+kind, bodies[0]) != full; n++ {
			assert.Less(t, n, 100)
		}
		for ; n < capacity.Each && s.request("POST "+path+"/"+kind, bodies[1]) != full; n++ {
		}
		list := s.request("GET "+path+"/"+kind+"?include_locations=true", "").body
		assert.Greater(t, len(list), 10_000_000, kind)
		assert.Less(t, len(list), 16_000_000, kind)
	}
}
