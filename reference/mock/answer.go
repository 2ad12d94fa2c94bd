package mock

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"strconv"
	"time"

	"github.com/pocketcheck/pocketcheck/reference/control"
)

// answer is one that is made before it is sent.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// serveRule answers a request as a rule has it; next is the reference.
func serveRule(w http.ResponseWriter, r *http.Request, by answering, endpoint string, next http.Handler) {
	if !waited(r, by.wait) || by.Break == control.Drop {
		panic(http.ErrAbortHandler) // net/http ends the connection without an answer
	}
	a, ok := answerOf(by.Rule, endpoint)
	if ok { // the reference would read it: the journal wants it
		_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, longestBody))
	}
	switch {
	case !ok && by.Break == "":
		next.ServeHTTP(w, r)
		return
	case !ok:
		taken := &taking{answer: answer{header: http.Header{}}}
		next.ServeHTTP(taken, r)
		a = taken.answer
	}
	a.send(w, r, by.Break)
}

// longestBody is as much of a request as the reference reads.
const longestBody = 1 << 20

// waited waits, unless the client goes or the server ends.
func waited(r *http.Request, wait time.Duration) bool {
	if wait <= 0 {
		return true
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

func (a answer) send(w http.ResponseWriter, r *http.Request, broken string) {
	maps.Copy(w.Header(), a.header)
	body := a.body
	if broken == control.Malform {
		body = bytes.TrimRight(bytes.TrimSpace(body), "}]\"")
		if len(body) == len(bytes.TrimSpace(a.body)) {
			body = append(bytes.Clone(body), '{')
		}
	}
	if hasBody(a.status) {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(a.status)
	if broken == control.Truncate {
		body = body[:len(body)/2]
	}
	if r.Method != http.MethodHead && hasBody(a.status) {
		_, _ = w.Write(body) // the client is gone; there is nobody to tell
	}
	if broken == control.Truncate {
		_ = http.NewResponseController(w).Flush() // so that the beginning arrives
		panic(http.ErrAbortHandler)
	}
}

func hasBody(status int) bool {
	return status != http.StatusNoContent && status != http.StatusNotModified
}

// taking takes an answer in place of a client.
type taking struct {
	answer
}

func (t *taking) Header() http.Header { return t.header }

func (t *taking) WriteHeader(status int) {
	if t.status == 0 {
		t.status = status
	}
}

func (t *taking) Write(p []byte) (int, error) {
	t.WriteHeader(http.StatusOK)
	t.body = append(t.body, p...)
	return len(p), nil
}
