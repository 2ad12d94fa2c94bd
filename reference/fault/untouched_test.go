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

// TestTooLongToChange: who takes an answer apart that has no end fills the memory.
func TestTooLongToChange(t *testing.T) {
	t.Parallel()
	for _, v := range []fault.Variant{
		named(t, "comments.list.ok/without-id"), named(t, "comments.list.err-401/kept-for-everybody"),
		fault.Together(named(t, "comments.list.ok/without-id"), named(t, "comments.list.ok/without-user")),
	} {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			address := serving(t, v)
			const each = 50_000
			comment := fmt.Sprintf(`{"comment":"%s"}`, strings.Repeat("x", each))
			had := 0
			for _, length := range []int{400_000, 600_000} {
				for ; had < length; had += each {
					raw(t, address, fmt.Sprintf("POST /api/v2/assets/rSkRlq2Aiw4wJvjvlqSm/comments HTTP/1.1\nHost: localhost\nX-API-KEY: %s\nContent-Length: %d\n\n%s", seedKey, len(comment), comment))
				}
				answer := raw(t, address, "GET /api/v2/assets/rSkRlq2Aiw4wJvjvlqSm/comments HTTP/1.1\nHost: localhost\nX-API-KEY: "+seedKey+"\n\n")[0]
				assert.Equal(t, length > 512<<10 || strings.HasSuffix(v.Name, "everybody"), strings.HasPrefix(answer, `200 application/json {"comments":[{"id":`), "%.100s", answer)
				assert.Greater(t, len(answer), length)
				assert.True(t, strings.HasSuffix(answer, "}]}"), "it is whole")
			}
		})
	}
}

// TestOnlySoMuchIsKept: a variant that keeps what it has answered lets go of it, before
// that fills the memory, too.
func TestOnlySoMuchIsKept(t *testing.T) {
	t.Parallel()
	handler, _, err := named(t, "assets.get.err-401/kept-for-everybody").Server(memory.New(), reference.Options{Seed: seed(t)})
	require.NoError(t, err)
	ask := func(query int, key string) int {
		r := httptest.NewRequest(http.MethodGet, fmt.Sprintf("/api/v2/assets/rSkRlq2Aiw4wJvjvlqSm?n=%d", query), nil)
		r.Header.Set("X-API-KEY", key)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Code
	}
	for n := range 1_001 {
		require.Equal(t, http.StatusOK, ask(n, seedKey))
	}
	assert.Equal(t, http.StatusOK, ask(1_000, ""), "it keeps answers")
	assert.Equal(t, http.StatusUnauthorized, ask(0, ""), "but not all")
}
