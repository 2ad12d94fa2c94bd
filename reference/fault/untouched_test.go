package fault_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/fault"
	"github.com/pocketcheck/pocketcheck/reference/memory"
)

// serving gives the address of a variant.
func serving(t *testing.T, v fault.Variant) string {
	t.Helper()
	handler, _, err := v.Server(memory.New(), reference.Options{Seed: seed(t)})
	require.NoError(t, err)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// named is a fault or a freedom.
func named(t *testing.T, name string) fault.Variant {
	t.Helper()
	for _, v := range slices.Concat(fault.Faults(), fault.Freedoms()) {
		if v.Name == name {
			return v
		}
	}
	require.Fail(t, "none is called "+name)
	return fault.Variant{}
}

// raw sends a request as it is written, and gives what comes back up to the answer
// that is the last, each as status, media type and body.
func raw(t *testing.T, address, request string) (answers []string) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	_, err = io.WriteString(conn, strings.ReplaceAll(request, "\n", "\r\n"))
	require.NoError(t, err)
	r := bufio.NewReader(conn)
	for {
		answer, err := http.ReadResponse(r, nil)
		require.NoError(t, err, "after %q", answers)
		body, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		answers = append(answers, strings.TrimSpace(fmt.Sprint(answer.StatusCode, " ", answer.Header.Get("Content-Type"), " ", string(body))))
		if answer.StatusCode >= 200 {
			return answers
		}
	}
}

// TestBodyIsReadOfWhoHasAKey: who has none is not asked to go on, and costs no more
// than the headers, whatever the server is told to do to bodies.
func TestBodyIsReadOfWhoHasAKey(t *testing.T) {
	t.Parallel()
	for _, v := range []fault.Variant{{}, named(t, "assets.create.valid-title/numbers-accepted"), named(t, "headers/further")} {
		address := serving(t, v)
		const head = "POST /api/v2/assets HTTP/1.1\nHost: localhost\n"
		const withKey = head + "X-API-KEY: " + seedKey + "\n"
		for name, tt := range map[string]struct {
			request string
			want    []string
		}{
			"goes on with a key":         {withKey + "Expect: 100-continue\nContent-Length: 2\n\n{}", []string{"100", `422 application/json {"error":"Missing parameter title"}`}},
			"does not go on without":     {head + "Expect: 100-continue\nContent-Length: 2\n\n", []string{"401"}},
			"nor with an unknown one":    {head + "X-API-KEY: unknown\nExpect: 100-continue\nContent-Length: 2\n\n", []string{"401"}},
			"nor for what is not there":  {"POST / HTTP/1.1\nHost: localhost\nExpect: 100-continue\nContent-Length: 2\n\n", []string{`404 application/json {"error":"not found"}`}},
			"broken chunk without a key": {head + "Transfer-Encoding: chunked\n\nno chunk\n", []string{"401"}},
			"broken chunk with a key":    {withKey + "Transfer-Encoding: chunked\n\nno chunk\n", []string{`400 application/json {"error":"Request body can't be read"}`}},
		} {
			t.Run(name+" "+v.Name, func(t *testing.T) {
				t.Parallel()
				assert.Equal(t, tt.want, raw(t, address, tt.request))
			})
		}
	}
}

// TestAnswersStayAsTheyAre: where a variant does nothing, keys have the document's
// order.
func TestAnswersStayAsTheyAre(t *testing.T) {
	t.Parallel()
	for _, v := range []fault.Variant{{}, named(t, "comments.update.not-owner/owner-not-checked"), named(t, "assets.create.valid-title/numbers-accepted")} {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			answers := raw(t, serving(t, v), "GET /api/v2/assets/rSkRlq2Aiw4wJvjvlqSm HTTP/1.1\nHost: localhost\nX-API-KEY: "+seedKey+"\n\n")
			assert.Contains(t, answers[0], `200 application/json {"asset":{"id":"rSkRlq2Aiw4wJvjvlqSm","external_id":`)
		})
	}
}
