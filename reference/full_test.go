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
	assert.Equal(t, full, s.request("PUT "+path, `{"description":"`+strings.Repeat("x", 100_000)+`"}`))
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
